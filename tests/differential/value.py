# SPDX-License-Identifier: MIT
import os
from multiprocessing import Array, Barrier, Process, Value
from threading import BrokenBarrierError

from pairs import line

UPDATES = 2000


def _run(target, *args):
    process = Process(target=target, args=args)
    process.start()
    process.join()
    line('exit code', process.exitcode)


# ---- types ----

def _stored(typecode, number):
    value = Value(typecode, 0)
    value.value = number
    line(typecode, value.value)


def integers():
    for typecode in 'bBhHiIlq':
        for number in 0, 42, 127:
            _stored(typecode, number)
    _stored('q', -2**63)
    _stored('q', 2**63 - 1)


def integers_are_cut():
    for typecode in 'bBhHiIlq':
        for number in -1, 200, 40000, 3000000000, -2**63 + 5:
            _stored(typecode, number)


def initial_is_cut():
    line(Value('i', 4294967297).value)
    line(Value('B', -2).value)


def bytes():
    value = Value('c', b'x')
    line(value.value.decode())
    value.value = b'\xff'
    line(value.value[0])


def reals():
    value = Value('d', 0.1)
    line(f'{value.value:.17g}')
    for number in 1e300 * 1e10, -2.5:
        value.value = number
        line(value.value)


def unknown_type():
    for make in lambda: Value('x', 0), lambda: Array('x', 1):
        try:
            make()
            line('ok')
        except (AttributeError, TypeError):
            line('refused')


# ---- sharing ----

def _add_one(value):
    value.value += 1


def child_and_parent_see_it():
    value = Value('q', 7)
    _run(_add_one, value)
    line(value.value)
    value.value = 100
    _run(_add_one, value)
    line(value.value)


def _start_all(target, count, *args):
    processes = [Process(target=target, args=args) for _ in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def _add_locked(value):
    for _ in range(UPDATES):
        with value.get_lock():
            seen = value.value
            os.sched_yield()
            value.value = seen + 1


def exact_with_its_lock():
    value = Value('q', 0)
    _start_all(_add_locked, 4, value)
    line(value.value)


def _read_meet_write(value, barrier):
    number = value.value
    barrier.wait()
    value.value = number + 1


def update_is_not_atomic():
    value = Value('q', 0)
    _start_all(_read_meet_write, 2, value, Barrier(2))
    line(value.value)


def _take_and_end(value):
    value.get_lock().acquire()


def lock_of_an_ended_holder():
    value = Value('q', 3)
    _run(_take_and_end, value)
    line('free', value.get_lock().acquire(block=False))


def two_locks():
    one, other = Value('q', 0), Value('q', 0)
    one.get_lock().acquire()
    line(other.get_lock().acquire(block=False))


def lock_twice():
    value = Value('q', 0)
    value.get_lock().acquire()
    line(value.get_lock().acquire(block=False))


def _get_with_timeout(value, barrier):
    line(value.value)
    try:
        barrier.wait(0.2)
    except BrokenBarrierError:
        pass


def get_while_locked():
    value, barrier = Value('q', 0), Barrier(2)
    value.get_lock().acquire()
    process = Process(target=_get_with_timeout, args=(value, barrier))
    process.start()
    try:
        barrier.wait(0.2)
        line('does not wait')
    except BrokenBarrierError:
        line('waits')
    value.get_lock().release()
    process.join()


# ---- arrays ----

def array_is_zeroed():
    integers_of_it, real = Array('q', 1000), Array('d', 3)
    line(len(integers_of_it), sum(integers_of_it))
    line(len(real), real[2])
    line(len(Array('q', 0)))


def _square_all(array):
    for i in range(len(array)):
        array[i] *= array[i]


def array_is_shared():
    array = Array('i', range(10))
    _run(_square_all, array)
    for number in array:
        line(number)


def array_is_cut():
    array = Array('h', 2)
    array[0] = 40000
    array[1] = -1
    line(*array)


def array_of_reals():
    array = Array('d', 3)
    array[1] = 0.1
    line(f'{array[1] + array[0]:.17g}')


def _read_behind(array):
    array[len(array)]


def _write_behind(array):
    array[len(array)] = 1


def array_bounds():
    array = Array('q', 4)
    _run(_read_behind, array)
    _run(_write_behind, array)
    line(array[3])


def lock_of_array():
    lock = Array('q', 1).get_lock()
    line(lock.acquire(block=False))
    for _ in range(2):
        try:
            lock.release()
            line('ok')
        except (AssertionError, ValueError):
            line('refused')
