# SPDX-License-Identifier: MIT
"""Executor and Future: concurrent.futures; ThreadPool: multiprocessing.pool.ThreadPool."""

import os
import signal
import threading
import time
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Semaphore, current_process
from multiprocessing.pool import ThreadPool

from pairs import line

KINDS = (futures.ProcessPoolExecutor, futures.ThreadPoolExecutor)


def _square(n):
    return n * n


def _no_threes(n):
    if n % 10 == 3:
        raise ValueError('%d is a three' % n)
    return n


def _nap(milliseconds):
    time.sleep(milliseconds / 1000)
    return milliseconds


def _killed(milliseconds):
    time.sleep(milliseconds / 1000)
    os.kill(os.getpid(), signal.SIGKILL)


def _process_name(_):
    return current_process().name


def _thread_name(_):
    return threading.current_thread().name


def _own_pid(_):
    return os.getpid()


def submit_and_result():
    for kind in KINDS:
        with kind(2) as executor:
            line([executor.submit(_square, n).result() for n in range(5)])


def map_in_order_of_input():
    for kind in KINDS:
        with kind(2) as executor:
            line(list(executor.map(_nap, [200, 1, 2, 3])))
            line(list(executor.map(_square, range(10), chunksize=4)))
            line(list(executor.map(_square, [])))


def map_ends_with_an_error():
    for kind in KINDS:
        with kind(2) as executor:
            results = executor.map(_no_threes, range(6))
            try:
                for result in results:
                    line(result)
            except ValueError as error:
                line('raised', error)
            line('then', next(results, 'nothing'))


def completed_in_order_of_completion():
    for kind in KINDS:
        with kind(3) as executor:
            todo = [executor.submit(_nap, n) for n in (900, 10, 450)]
            line([future.result() for future in futures.as_completed(todo)])


def _when_allowed(which):
    _allowed[which].acquire()
    return which


def completed_of_two_executors():
    global _allowed
    _allowed = [Semaphore(0) for _ in range(3)]
    with KINDS[0](2) as processes, KINDS[1](1) as threads:
        todo = [(processes, threads)[i % 2].submit(_when_allowed, i) for i in range(3)]
        done = futures.as_completed(todo)
        for which in (2, 0, 1):
            _allowed[which].release()
            line(next(done).result())
        line(len(futures.wait(todo).done))


def as_completed_in_time():
    with futures.ThreadPoolExecutor(2) as executor:
        todo = [executor.submit(_nap, n) for n in (1, 800)]
        try:
            for future in futures.as_completed(todo, timeout=0.3):
                line(future.result())
        except futures.TimeoutError:
            line('timeout')


def first_completed():
    for kind in KINDS:
        with kind(2) as executor:
            todo = [executor.submit(_nap, n) for n in (800, 10)]
            done, not_done = futures.wait(todo, return_when=futures.FIRST_COMPLETED)
            line(len(done), len(not_done), done.pop().result())


def first_exception():
    for kind in KINDS:
        with kind(2) as executor:
            todo = [executor.submit(_nap, 800), executor.submit(_no_threes, 2), executor.submit(_no_threes, 3)]
            done, not_done = futures.wait(todo, return_when=futures.FIRST_EXCEPTION)
            line(len(done), len(not_done))


def all_completed():
    for kind in KINDS:
        with kind(2) as executor:
            todo = [executor.submit(_no_threes, n) for n in range(6)]
            done, not_done = futures.wait(todo)
            line(len(done), len(not_done))


def wait_in_time():
    with futures.ThreadPoolExecutor(2) as executor:
        todo = [executor.submit(_nap, n) for n in (1, 800)]
        done, not_done = futures.wait(todo, timeout=0.3)
        line(len(done), len(not_done))


def result_in_time():
    for kind in KINDS:
        with kind(1) as executor:
            future = executor.submit(_nap, 600)
            try:
                future.result(timeout=0.05)
            except futures.TimeoutError:
                line('timeout')
            line(future.result(timeout=20), future.exception(), future.done())


def exception_of_a_call():
    for kind in KINDS:
        with kind(1) as executor:
            future = executor.submit(_no_threes, 13)
            line('exception', future.exception())
            try:
                future.result()
            except ValueError as error:
                line('raised', error)
            line(executor.submit(_no_threes, 4).result())


def cancel_what_waits():
    global _allowed
    _allowed = [Semaphore(0)]
    with futures.ThreadPoolExecutor(1) as executor:
        first = executor.submit(_when_allowed, 0)
        while not first.running():
            time.sleep(0.001)
        second = executor.submit(_nap, 1)
        line(second.running(), second.cancel(), second.cancel(), second.cancelled(), second.done())
        line(first.cancel(), first.cancelled(), first.done())
        try:
            second.result()
        except futures.CancelledError:
            line('cancelled')
        _allowed[0].release()
    line(first.cancel(), first.done())


def few_are_given_in_advance():
    """One or two that wait in the call queue can be cancelled no more, besides the one that runs."""
    global _allowed
    _allowed = [Semaphore(0)]
    with futures.ProcessPoolExecutor(1) as executor:
        todo = [executor.submit(_when_allowed, 0) for _ in range(8)]
        while not todo[1].running():
            time.sleep(0.001)
        cancelled = [future.cancel() for future in todo]
        line(cancelled[:2], cancelled[3:])
        for _ in todo:
            _allowed[0].release()


def callbacks_in_order():
    for kind in KINDS:
        called = []
        with kind(1) as executor:
            future = executor.submit(_nap, 300)
            for number in range(3):
                future.add_done_callback(lambda future, number=number: called.append(
                    (number, future.done(), future.result(), os.getpid() == me)))
            me = os.getpid()
        for number, done, result, here in called:
            line(number, done, result, here)
        future.add_done_callback(lambda future: line('late', future.result()))


def callback_of_a_cancelled_one():
    with futures.ThreadPoolExecutor(1) as executor:
        executor.submit(_nap, 300)
        future = executor.submit(_nap, 1)
        future.add_done_callback(lambda future: line('called', future.cancelled()))
        future.cancel()
        line('cancelled')


def nothing_after_shutdown():
    for kind in KINDS:
        executor = kind(1)
        future = executor.submit(_nap, 200)
        executor.shutdown(wait=False)
        try:
            executor.submit(_square, 1)
        except RuntimeError as error:
            line(error)
        line(future.result())
        executor.shutdown()
        executor.shutdown()
        line('twice')


def shutdown_waits():
    for kind in KINDS:
        executor = kind(2)
        todo = [executor.submit(_nap, 50) for _ in range(6)]
        executor.shutdown()
        line([future.done() for future in todo])


def shutdown_cancels():
    executor = futures.ThreadPoolExecutor(1)
    first = executor.submit(_nap, 400)
    while not first.running():
        time.sleep(0.001)
    rest = [executor.submit(_nap, 1) for _ in range(5)]
    executor.shutdown(cancel_futures=True)
    line(first.cancelled(), [future.cancelled() for future in rest])


def broken_by_a_kill():
    executor = futures.ProcessPoolExecutor(2)
    todo = [executor.submit(_nap, 20000), executor.submit(_killed, 200)] + [executor.submit(_nap, 1) for _ in range(8)]
    broken = 0
    for future in todo:
        try:
            future.result(timeout=20)
        except BrokenProcessPool as error:
            broken += 1
            last = error
    line(broken > 0, isinstance(todo[0].exception(), BrokenProcessPool))
    line(last)
    try:
        executor.submit(_square, 1)
    except BrokenProcessPool as error:
        line(error)
    executor.shutdown()


def names_of_workers():
    with futures.ProcessPoolExecutor(1) as executor:
        line(executor.submit(_process_name, 0).result())
    with futures.ThreadPoolExecutor(1) as executor:
        line(executor.submit(_thread_name, 0).result())
    with futures.ThreadPoolExecutor(1) as executor:
        line(executor.submit(_thread_name, 0).result())


def threads_only_when_needed():
    with futures.ThreadPoolExecutor(4) as executor:
        names = set()
        for _ in range(10):
            names.add(executor.submit(_thread_name, 0).result())
            time.sleep(0.02)  # until it says that it is idle
        line(len(names))


def work_is_in_other_processes():
    with futures.ProcessPoolExecutor(1) as executor:
        line(executor.submit(_own_pid, 0).result() == os.getpid())
    with futures.ThreadPoolExecutor(1) as executor:
        line(executor.submit(_own_pid, 0).result() == os.getpid())


def no_workers():
    for kind in KINDS:
        for workers in (0, -1):
            try:
                kind(workers)
            except ValueError:
                line('refused', workers)


def left_to_itself():
    """The work is finished before the process ends."""
    executor = futures.ThreadPoolExecutor(1)
    executor.submit(_nap, 100).add_done_callback(lambda future: line('done', future.result()))


# ---- ThreadPool ----

def thread_pool_maps():
    pool = ThreadPool(3)
    line(pool.map(_nap, [200, 1, 2, 3], 1))
    line(pool.starmap(max, [(1, 2), (4, 3)]))
    line(list(pool.imap(_square, range(7), 3)))
    line(sorted(pool.imap_unordered(_square, range(7))))
    pool.close()
    pool.join()


def thread_pool_is_here():
    pool = ThreadPool(2)
    line(pool.apply(_own_pid, (0,)) == os.getpid())
    line(set(pool.map(_own_pid, range(10))) == {os.getpid()})
    pool.terminate()
    pool.join()


def thread_pool_errors():
    pool = ThreadPool(2)
    try:
        pool.map(_no_threes, range(5))
    except ValueError as error:
        line('raised', error)
    result = pool.apply_async(_nap, (400,), callback=lambda value: line('callback', value))
    try:
        result.get(timeout=0.05)
    except TimeoutError as error:
        line('timeout')
    except Exception:
        line('timeout')
    line(result.get())
    try:
        pool.join()
    except ValueError as error:
        line(error)
    pool.close()
    try:
        pool.apply(_square, (1,))
    except ValueError as error:
        line(error)
    pool.join()


def thread_pool_terminated():
    pool = ThreadPool(2)
    result = pool.map_async(_nap, [100] * 10000, 1)
    pool.terminate()
    pool.join()
    line(result.ready())
