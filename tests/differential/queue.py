# SPDX-License-Identifier: MIT
import time
from multiprocessing import Event, Process, Queue
from queue import Empty, Full

from pairs import line


def _tried(call, *args):
    try:
        line(repr(call(*args)))
    except (Empty, Full, ValueError, AssertionError) as error:
        line(type(error).__name__)


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
    q = Queue()
    child = _start(_put_numbers, q, 0, 50)
    for _ in range(50):
        line(q.get())
    _end(child)


def full():
    q = Queue(1)
    q.put(1)
    _tried(q.put, 2, False)
    _tried(q.put, 2, True, 0)
    line(q.full(), q.qsize())
    line(q.get())
    line(q.full(), q.qsize())


def empty():
    q = Queue()
    line(q.empty(), q.qsize())
    _tried(q.get, False)
    _tried(q.get, True, 0)


def get_is_not_early():
    q = Queue()
    began = time.monotonic()
    _tried(q.get, True, 0.15)
    line(time.monotonic() - began >= 0.15)


def put_is_not_early():
    q = Queue(1)
    q.put(1)
    began = time.monotonic()
    _tried(q.put, 2, True, 0.15)
    line(time.monotonic() - began >= 0.15)
    q.get()


def sizes():
    q = Queue(3)
    for i in range(3):
        line(q.qsize(), q.full())
        q.put(i)
    line(q.qsize(), q.full())
    for i in range(3):
        line(q.get(), q.qsize(), q.full())


def no_bound_is_never_full():
    q = Queue(0)
    for i in range(100):
        q.put(i)
    line(q.full(), q.qsize())
    for i in range(100):
        q.get()


def put_before_fork():
    q = Queue()
    q.put('early')
    _end(_start(_get_one, q))
    line(q.qsize())


def closed_refuses_put():
    q = Queue()
    q.close()
    _tried(q.put, 1)


def closed_refuses_get():
    q = Queue()
    q.close()
    _tried(q.get)


def join_thread_before_close():
    _tried(Queue().join_thread)


def close_and_join_thread():
    q = Queue()
    child = _start(_get_one, q)
    q.put(1)
    q.close()
    _tried(q.join_thread)
    _end(child)


def joining_before_draining():
    q = Queue()
    child = _start(_put_text, q, 1000000)
    child.join(0.4)
    line('alive', child.is_alive())
    line(len(q.get()))
    _end(child)


def all_written_at_the_end():
    q = Queue()
    child = _start(_put_numbers, q, 0, 500)
    _end(child)
    line(sum(q.get() for _ in range(500)), q.empty())


def buffer_given_up():
    q = Queue()
    child = _start(_give_up, q)
    _end(child)


def _give_up(q):
    q.cancel_join_thread()
    q.put('x' * 1000000)


def empty_right_after_put():
    for _ in range(300):
        q = Queue()
        q.put(1)
        seen = q.qsize() == 1 and q.empty()
        q.get()
        if seen:
            break
    line('qsize 1 and empty', seen)


def reader_killed_inside_get():
    q = Queue()
    ready = Event()
    child = _start(_get_one, q, ready)
    ready.wait()
    time.sleep(0.3)  # nothing shows that it waits inside
    child.kill()
    _end(child)
    q.put(1)
    _tried(q.get, True, 0.2)
    line(q.qsize())
    q.cancel_join_thread()


def kinds_of_items():
    q = Queue()
    for item in (None, True, False, 0, -1, 2**62, 1.5, '', 'äö€', [1, [2, {'a': None}]], {}):
        q.put(item)
        got = q.get()
        line(type(got).__name__, got == item)


def many_producers():
    q = Queue()
    children = [_start(_put_numbers, q, 100 * i, 20) for i in range(3)]
    for _ in range(60):
        line('set:', q.get())
    for child in children:
        _end(child)


def order_within_each_producer():
    q = Queue()
    children = [_start(_put_numbers, q, 1000 * i, 100) for i in range(2)]
    last, right = [-1, -1], True
    for _ in range(200):
        number = q.get()
        right = right and number % 1000 > last[number // 1000]
        last[number // 1000] = number % 1000
    line(right)
    for child in children:
        _end(child)


def big_item():
    q = Queue()
    q.put('x' * 16000000)
    line(len(q.get()))


def _move(q, results, count):
    for _ in range(count):
        results.put(q.get())


def each_item_once():
    q, results = Queue(), Queue()
    workers = [_start(_move, q, results, 10) for _ in range(3)]
    for i in range(30):
        q.put(i)
    for _ in range(30):
        line('set:', results.get())
    for worker in workers:
        _end(worker)


def put_waits_for_a_slot():
    q = Queue(1)
    child = _start(_put_numbers, q, 0, 2)
    child.join(0.3)
    line('alive', child.is_alive(), q.qsize())
    line(q.get(), q.get())
    _end(child)
