# SPDX-License-Identifier: MIT
import time
from multiprocessing import Event, Process

from pairs import line


def unset_then_set():
    event = Event()
    line(event.is_set(), event.wait(0))
    event.set()
    line(event.is_set(), event.wait(0), event.wait())
    event.set()
    line(event.is_set())
    event.clear()
    event.clear()
    line(event.is_set(), event.wait(0.02))


def timeout_never_early():
    event = Event()
    before = time.monotonic()
    line(event.wait(0.1), time.monotonic() - before >= 0.1)


def _wait(event):
    line('set: passed', event.wait())


def set_wakes_all():
    event = Event()
    children = [Process(target=_wait, args=(event,)) for _ in range(4)]
    for child in children:
        child.start()
    event.set()
    for child in children:
        child.join()
    line(event.is_set())


def set_by_a_child():
    event = Event()
    child = Process(target=event.set)
    child.start()
    line(event.wait(20))
    child.join()
