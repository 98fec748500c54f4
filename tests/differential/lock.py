# SPDX-License-Identifier: MIT
import os
import signal
import time
from multiprocessing import Barrier, Event, Lock, Process, Value

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
    return process.exitcode


def taken_once():
    lock = Lock()
    line('taken', lock.acquire(block=False))
    line('again', lock.acquire(block=False))
    line('with no time', lock.acquire(timeout=0))
    line('with less than none', lock.acquire(timeout=-1))
    lock.release()
    line('free again', lock.acquire(block=False))


def released_too_often():
    lock = Lock()
    line('free one', _said(lock.release))
    lock.acquire()
    line('held one', _said(lock.release))
    line('once more', _said(lock.release))
    line('still a lock of one', lock.acquire(block=False), lock.acquire(block=False))


def released_by_another():
    lock = Lock()
    lock.acquire()
    line('child', _run(lock.release))
    line('free', lock.acquire(block=False))


def timeout_never_early():
    lock = Lock()
    lock.acquire()
    before = time.monotonic()
    line('got', lock.acquire(timeout=0.1))
    line('waited', time.monotonic() - before >= 0.1)


def timeout_in_time():
    lock = Lock()
    lock.acquire()
    child = Process(target=_release_later, args=(lock,))
    child.start()
    line('got', lock.acquire(timeout=20))
    child.join()


def _release_later(lock):
    time.sleep(0.05)
    lock.release()


def _hold(lock, held):
    lock.acquire()
    held.set()
    signal.pause()


def killed_holder_keeps_it():
    lock, held = Lock(), Event()
    child = Process(target=_hold, args=(lock, held))
    child.start()
    held.wait()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    line('exit code', child.exitcode)
    line('got', lock.acquire(timeout=0.05))
    line('released for it', _said(lock.release))
    line('got', lock.acquire(timeout=0.05))


def _count(lock, value, start):
    start.wait()
    for _ in range(500):
        with lock:
            seen = value.value
            os.sched_yield()
            value.value = seen + 1


def one_at_a_time():
    lock, value, start = Lock(), Value('q', 0, lock=False), Barrier(4)
    children = [Process(target=_count, args=(lock, value, start)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    line('counted', value.value)


def _try(lock):
    line('in the child', lock.acquire(block=False))


def held_across_a_fork():
    lock = Lock()
    lock.acquire()
    _run(_try, lock)
    lock.release()
    _run(_try, lock)
    line('kept by the child that ended', lock.acquire(block=False))
