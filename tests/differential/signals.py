# SPDX-License-Identifier: MIT
import os
import queue
import signal
import sys
import time
from multiprocessing import Barrier, Condition, Event, Lock, Pipe, Pool, Process, Queue, Value
from threading import Thread

from pairs import line

LARGE = 16 << 20
ENOUGH = 20
WHILE = 0.25

# ---- signals ----

_arrived = 0


def _note(*_):
    global _arrived
    _arrived += 1


def _ping():
    while True:
        os.kill(os.getppid(), signal.SIGUSR1)
        time.sleep(0.001)


class _Signals:
    """A signal every millisecond inside the block; tells whether it ended early."""

    def __enter__(self):
        signal.signal(signal.SIGUSR1, _note)
        self.pinger = Process(target=_ping, daemon=True)
        self.pinger.start()
        self.began = time.monotonic()
        return self

    def __exit__(self, *_):
        line('early', time.monotonic() - self.began < WHILE)
        line('interrupted', _arrived >= ENOUGH)
        self.pinger.kill()
        self.pinger.join()


def _start(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _later(function, *args):
    time.sleep(WHILE + 0.05)
    function(*args)


# ---- messages ----

def blocked_recv():
    receiver, sender = Pipe(duplex=False)
    with _Signals():
        process = _start(_later, sender.send, 'hello')
        line(receiver.recv())
    process.join()


def poll_times_out():
    receiver, _sender = Pipe(duplex=False)
    with _Signals():
        line(receiver.poll(WHILE))


def _large():
    return (b'some words of 16' * (LARGE // 16))


def _recv_large(receiver):
    expected = _large()
    for _ in range(2):
        message = receiver.recv_bytes()
        line(f'{len(message)},', 'equal', message == expected)


def blocked_large_send():
    receiver, sender = Pipe(duplex=False)
    message = _large()
    with _Signals():
        process = _start(_later, _recv_large, receiver)
        for _ in range(2):
            sender.send_bytes(message)
            line('sent')
    process.join()


def _put_all(items):
    for i in range(1000):
        items.put(i)


def blocked_get():
    items = Queue()
    with _Signals():
        process = _start(_later, _put_all, items)
        in_order = 0
        while in_order < 1000 and items.get() == in_order:
            in_order += 1
        line(in_order, 'in order')
    process.join()


def get_times_out():
    items = Queue()
    with _Signals():
        try:
            items.get(timeout=WHILE)
        except queue.Empty:
            line('Empty')


def put_times_out():
    items = Queue(1)
    items.put(1)
    with _Signals():
        try:
            items.put(2, timeout=WHILE)
        except queue.Full:
            line('Full')
    items.get()


def _get_all(items):
    line('sum', sum(items.get() for _ in range(500)))


def blocked_put():
    items = Queue(2)
    with _Signals():
        process = _start(_later, _get_all, items)
        for i in range(500):
            items.put(i)
        process.join()


# ---- locks ----

def _hold(lock, taken):
    with lock:
        taken.set()
        time.sleep(WHILE + 0.05)


def blocked_acquire():
    lock, taken = Lock(), Event()
    process = _start(_hold, lock, taken)
    taken.wait()
    before = time.monotonic()
    with _Signals() as signals:
        signals.began = before
        lock.acquire()
        line('free', lock.acquire(block=False))
    process.join()


def acquire_times_out():
    lock = Lock()
    lock.acquire()
    with _Signals():
        line(lock.acquire(timeout=WHILE))


def _take_turns(value):
    for _ in range(3000):
        with value.get_lock():
            value.value += 1


def contended_lock():
    value = Value('q', 0)
    with _Signals():
        processes = [_start(_take_turns, value) for _ in range(2)]
        _take_turns(value)
        for process in processes:
            process.join()
        time.sleep(WHILE)
        line(value.value)


# ---- events, barriers, conditions ----

def event_times_out():
    event = Event()
    with _Signals():
        line(event.wait(WHILE))


def blocked_event():
    event = Event()
    with _Signals():
        process = _start(_later, event.set)
        event.wait()
        line(event.is_set())
    process.join()


def blocked_barrier():
    barrier = Barrier(2)
    with _Signals():
        process = _start(_later, barrier.wait)
        line('index', barrier.wait())
        process.join()
        line('broken', f'{barrier.broken},', 'waiting', barrier.n_waiting)


def condition_times_out():
    condition = Condition()
    condition.acquire()
    with _Signals():
        line(condition.wait(WHILE))
        condition.release()
        line('held')


def _notify(condition):
    with condition:
        condition.notify_all()


def blocked_condition():
    condition = Condition()
    with _Signals():
        with condition:
            process = _start(_later, _notify, condition)
            line(condition.wait())
        process.join()


# ---- processes, threads, clock, pool ----

def blocked_join():
    with _Signals():
        process = _start(_later, sys.exit, 6)
        process.join()
        line('exit code', process.exitcode)


def join_times_out():
    with _Signals():
        process = _start(_later, sys.exit, 6)
        began = time.monotonic()
        process.join(WHILE)
        line('early', time.monotonic() - began < WHILE)
        process.join()
        line('exit code', process.exitcode)


def blocked_thread_join():
    with _Signals():
        thread = Thread(target=_later, args=(int,))
        thread.start()
        thread.join()
        line('alive', thread.is_alive())


def sleep_is_whole():
    with _Signals():
        time.sleep(WHILE)


def _square(number):
    time.sleep(0.01)
    return number * number


def pool_map_is_whole():
    with _Signals():
        pool = Pool(2)
        results = pool.map(_square, range(60), 1)
        line(len(results), 'results,', 'sum', sum(results))
        pool.close()
        pool.join()
