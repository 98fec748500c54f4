# SPDX-License-Identifier: MIT
import time
from multiprocessing import BoundedSemaphore, Process, Semaphore, Value

from pairs import line


def _said(function):
    try:
        function()
    except (ValueError, AssertionError, OSError):
        return 'refused'
    return 'ok'


def _run(target, *args):
    process = Process(target=target, args=args)
    process.start()
    process.join()
    return process.exitcode


def two_one_none_and_back():
    semaphore = Semaphore(2)
    line(semaphore.get_value())
    semaphore.acquire()
    line(semaphore.get_value())
    semaphore.acquire()
    line(semaphore.get_value(), semaphore.acquire(block=False))
    semaphore.release()
    line(semaphore.get_value())
    semaphore.release()
    line(semaphore.get_value())


def goes_above_its_start():
    semaphore = Semaphore(1)
    semaphore.release()
    semaphore.release()
    line(semaphore.get_value())
    line([semaphore.acquire(block=False) for _ in range(4)])


def bounded_refuses_to():
    semaphore = BoundedSemaphore(2)
    line(_said(semaphore.release), semaphore.get_value())
    semaphore.acquire()
    line(_said(semaphore.release), _said(semaphore.release), semaphore.get_value())


def bounded_by_none():
    semaphore = BoundedSemaphore(0)
    line(_said(semaphore.release), semaphore.acquire(block=False))


def bounded_does_not_see_an_extra_one_below():
    semaphore = BoundedSemaphore(2)
    semaphore.acquire()
    semaphore.acquire()
    line(_run(semaphore.release), _run(semaphore.release), semaphore.get_value())
    line(_said(semaphore.release))


def starts_below_none():
    line(_run(Semaphore, -1))


def of_none_is_a_sign():
    semaphore = Semaphore(0)
    child = Process(target=semaphore.release)
    child.start()
    line(semaphore.acquire(timeout=20))
    child.join()
    line(semaphore.acquire(block=False))


def timeout_never_early():
    semaphore = Semaphore(0)
    before = time.monotonic()
    line(semaphore.acquire(timeout=0.1), time.monotonic() - before >= 0.1)
    line(semaphore.acquire(timeout=0), semaphore.acquire(timeout=-3))


def _inside(places, lock, inside, most):
    with places:
        with lock:
            inside.value += 1
            most.value = max(most.value, inside.value)
        time.sleep(0.02)
        with lock:
            inside.value -= 1


def never_three_inside():
    places, lock = BoundedSemaphore(2), Semaphore(1)
    inside, most = Value('q', 0), Value('q', 0)
    children = [Process(target=_inside, args=(places, lock, inside, most)) for _ in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    line(most.value, places.get_value())
