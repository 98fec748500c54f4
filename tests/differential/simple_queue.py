# SPDX-License-Identifier: MIT
import time
from multiprocessing import Event, Process, SimpleQueue

from pairs import line


def _tried(call, *args):
    try:
        line(repr(call(*args)))
    except OSError:
        line('OSError')


def _start(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _end(process):
    process.join()
    line('exit code', process.exitcode)


def _put_numbers(q, first, count):
    for i in range(first, first + count):
        q.put(i)


def _put_text(q, length):
    q.put('x' * length)


def _get_one(q, ready=None):
    if ready:
        ready.set()
    q.get()


def order_of_one_producer():
    q = SimpleQueue()
    child = _start(_put_numbers, q, 0, 50)
    for _ in range(50):
        line(q.get())
    _end(child)


def empty_is_exact():
    q = SimpleQueue()
    line(q.empty())
    q.put(1)
    line(q.empty())
    q.get()
    line(q.empty())


def put_before_fork():
    q = SimpleQueue()
    q.put('early')
    _end(_start(_get_one, q))
    line(q.empty())


def put_waits_when_full():
    q = SimpleQueue()
    child = _start(_put_text, q, 1000000)
    child.join(0.3)
    line('alive', child.is_alive())
    line(len(q.get()))
    _end(child)


def closed_refuses():
    q = SimpleQueue()
    q.close()
    _tried(q.get)
    _tried(q.put, 1)


def many_producers():
    q = SimpleQueue()
    children = [_start(_put_numbers, q, 100 * i, 20) for i in range(3)]
    for _ in range(60):
        line('set:', q.get())
    for child in children:
        _end(child)


def reader_killed_inside_get():
    q = SimpleQueue()
    ready = Event()
    first = _start(_get_one, q, ready)
    ready.wait()
    time.sleep(0.3)  # nothing shows that it waits inside
    first.kill()
    _end(first)
    q.put(1)
    second = _start(_get_one, q)
    second.join(0.3)
    line('alive', second.is_alive(), 'empty', q.empty())
    second.terminate()
    _end(second)


def big_item():
    q = SimpleQueue()
    child = _start(_put_text, q, 16000000)
    line(len(q.get()))
    _end(child)
