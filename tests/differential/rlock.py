# SPDX-License-Identifier: MIT
import threading
from multiprocessing import Process, RLock

from pairs import line


def _said(function):
    try:
        function()
    except (ValueError, AssertionError):
        return 'refused'
    return 'ok'


def _run(target, *args):
    process = Process(target=target, args=args)
    process.start()
    process.join()


def _try(lock):
    line('in the child', lock.acquire(block=False))


def _try_release(lock):
    line('release in the child', _said(lock.release))


def taken_twice_by_its_owner():
    lock = RLock()
    line(lock.acquire(), lock.acquire(block=False), lock.acquire(timeout=0.01))
    _run(_try, lock)


def free_when_released_as_often():
    lock = RLock()
    lock.acquire()
    lock.acquire()
    line(_said(lock.release))
    _run(_try, lock)
    line(_said(lock.release))
    _run(_try, lock)


def released_once_more():
    lock = RLock()
    line(_said(lock.release))
    lock.acquire()
    line(_said(lock.release), _said(lock.release))


def released_by_another_process():
    lock = RLock()
    lock.acquire()
    _run(_try_release, lock)
    line(_said(lock.release))


def _in_thread(lock):
    line('thread', lock.acquire(block=False), _said(lock.release))


def released_by_another_thread():
    lock = RLock()
    lock.acquire()
    thread = threading.Thread(target=_in_thread, args=(lock,))
    thread.start()
    thread.join()
    line(_said(lock.release))


def child_does_not_own_what_it_inherits():
    lock = RLock()
    lock.acquire()
    _run(_try, lock)
    line(lock.acquire(block=False))


def _hold(lock):
    lock.acquire()


def kept_by_an_owner_that_ended():
    lock = RLock()
    _run(_hold, lock)
    line(lock.acquire(timeout=0.05), _said(lock.release))


def _deep(lock):
    for _ in range(1000):
        lock.acquire()
    for _ in range(999):
        lock.release()


def a_thousand_deep():
    lock = RLock()
    _deep(lock)
    _run(_try, lock)
    lock.release()
    _run(_try, lock)
