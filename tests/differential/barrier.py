# SPDX-License-Identifier: MIT
import threading
from multiprocessing import Barrier, Process, Value

from pairs import line


def _run(count, target, *args):
    children = [Process(target=target, args=args) for _ in range(count)]
    for child in children:
        child.start()
    for child in children:
        child.join()


def _pass(barrier, times, firsts):
    for _ in range(times):
        if barrier.wait() == 0:
            with firsts.get_lock():
                firsts.value += 1


def _passes(parties, times):
    barrier, firsts = Barrier(parties), Value('q', 0)
    _run(parties, _pass, barrier, times, firsts)
    line(firsts.value, barrier.n_waiting, barrier.broken, barrier.parties)


def ten_passes_of_five():
    _passes(5, 10)


def a_thousand_passes():
    _passes(2, 1000)


def one_party_never_waits():
    barrier = Barrier(1)
    line(barrier.wait(), barrier.wait(), barrier.n_waiting)


def _meet(barrier, done):
    barrier.wait()
    line('set: the action has run', done.value)


def action_runs_once_before():
    done = Value('q', 0)

    def action():
        done.value += 1
    barrier = Barrier(4, action)
    _run(4, _meet, barrier, done)
    line(done.value)


def _said(function, *args):
    try:
        return function(*args)
    except threading.BrokenBarrierError:
        return 'broken'


def late_party_breaks_it():
    barrier = Barrier(2)
    line(_said(barrier.wait, 0.05), barrier.broken, _said(barrier.wait))
    barrier.reset()
    line(barrier.broken, barrier.n_waiting)


def aborted():
    barrier = Barrier(2)
    barrier.abort()
    line(barrier.broken, _said(barrier.wait))
    barrier.reset()
    line(barrier.broken)


def _wait(barrier):
    line('waiter', _said(barrier.wait))


def abort_breaks_the_waiting():
    barrier = Barrier(2)
    child = Process(target=_wait, args=(barrier,))
    child.start()
    while barrier.n_waiting == 0:
        pass
    barrier.abort()
    child.join()
    line(barrier.broken)


def reset_frees_with_an_error():
    barrier = Barrier(2)
    child = Process(target=_wait, args=(barrier,))
    child.start()
    while barrier.n_waiting == 0:
        pass
    barrier.reset()
    child.join()
    line(barrier.broken, barrier.n_waiting)
