# SPDX-License-Identifier: MIT
from multiprocessing import JoinableQueue, Process, Value
from queue import Full

from pairs import line


def _tried(call, *args):
    try:
        line(repr(call(*args)))
    except (ValueError, Full) as error:
        line(type(error).__name__)


def _start(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _end(process):
    process.join()
    line('exit code', process.exitcode)


def _join(q):
    q.join()


def _work(q, done):
    while q.get() is not None:
        with done.get_lock():
            done.value += 1
        q.task_done()
    q.task_done()


def done_once_too_often():
    q = JoinableQueue()
    q.put(1)
    q.get()
    _tried(q.task_done)
    _tried(q.task_done)


def nothing_put():
    q = JoinableQueue()
    _tried(q.join)
    _tried(q.task_done)


def released_by_the_last():
    q, done = JoinableQueue(), Value('i', 0)
    workers = [_start(_work, q, done) for _ in range(3)]
    for i in range(30):
        q.put(i)
    for _ in workers:
        q.put(None)
    q.join()
    line(done.value)
    for worker in workers:
        _end(worker)


def join_waits_for_done_not_for_get():
    q = JoinableQueue()
    q.put(1)
    q.put(2)
    q.get(), q.get()
    q.task_done()
    child = _start(_join, q)
    child.join(0.3)
    line('alive', child.is_alive())
    q.task_done()
    _end(child)


def done_before_get():
    q = JoinableQueue()
    q.put(1)
    _tried(q.task_done)
    _tried(q.join)
    line(q.get())


def all_who_join_are_released():
    q = JoinableQueue()
    q.put(1)
    children = [_start(_join, q) for _ in range(3)]
    q.get()
    q.task_done()
    for child in children:
        _end(child)


def has_a_size_too():
    q = JoinableQueue(1)
    q.put(1)
    _tried(q.put, 2, False)
    line(q.full(), q.qsize())
    line(q.get())
    _tried(q.task_done)
    _tried(q.task_done)
