# SPDX-License-Identifier: MIT
"""Pool: multiprocessing.Pool."""

import multiprocessing
import os
import signal
import time

from pairs import line


def _say(form, *values):
    line(form % values)


def _square(n):
    return n * n


def _add(a, b):
    return a + b


def _same(value):
    return value


def _own_pid(_):
    return os.getpid()


def _own_name(_):
    return multiprocessing.current_process().name


def _no_threes(n):
    if n % 10 == 3:
        raise ValueError("%d is a three" % n)
    return n


def _nap(n):
    time.sleep(n / 1000)
    return n


def _sleep_long(_):
    time.sleep(1000)


def _killed_at_three(n):
    if n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def _end(pool):
    pool.close()
    pool.join()


def map_in_order_of_input():
    pool = multiprocessing.Pool(3)
    for chunk in (None, 1, 7, 1000):
        _say("%s", pool.map(_square, range(20), chunk))
    _end(pool)


def map_of_later_first():
    pool = multiprocessing.Pool(2)
    _say("%s", pool.map(_nap, [300, 1, 2, 3], 1))
    _end(pool)


def map_of_nothing():
    pool = multiprocessing.Pool(2)
    _say("%s", pool.map(_square, []))
    _say("%s", list(pool.imap(_square, [])))
    _say("%s", pool.map_async(_square, []).get())
    _end(pool)


def chunks_by_pid():
    """The golden table: how many tasks there were shows in how often the worker changes."""
    for items, workers in ((16, 4), (17, 4), (100, 4), (100, 3), (9, 2), (1000, 4)):
        pool = multiprocessing.Pool(workers, maxtasksperchild=1)
        pids = pool.map(_own_pid, range(items))
        runs = [1]
        for before, now in zip(pids, pids[1:]):
            if before == now:
                runs[-1] += 1
            else:
                runs.append(1)
        _say("%d items, %d workers: %d chunks of %d, last %d", items, workers, len(runs), runs[0], runs[-1])
        _end(pool)


def starmap_of_pairs():
    pool = multiprocessing.Pool(2)
    _say("%s", pool.starmap(_add, [(1, 2), (3, 4), (5, 6)]))
    _say("%s", pool.starmap_async(_add, [(1, 2), (3, 4)]).get())
    _end(pool)


def none_is_not_callable():
    pool = multiprocessing.Pool(2)
    try:
        pool.apply(None, (1,))
    except TypeError as error:
        _say("%s", error)
    _say("%s", pool.starmap(_add, [(1, 2)]))
    _end(pool)


def starmap_of_no_pairs():
    pool = multiprocessing.Pool(2)
    try:
        pool.starmap(_add, [1, 2])
    except TypeError:
        _say("raised")
    _say("%s", pool.starmap(_add, [(1, 2)]))
    _end(pool)


def imap_in_order_of_input():
    pool = multiprocessing.Pool(2)
    for chunk in (1, 3):
        _say("%s", list(pool.imap(_nap, [100, 1, 50, 2, 3], chunk)))
    _end(pool)


def imap_unordered_in_order_of_arrival():
    pool = multiprocessing.Pool(2)
    _say("%s", list(pool.imap_unordered(_nap, [600, 1, 2, 3])))
    _end(pool)


def imap_goes_on_after_an_error():
    pool = multiprocessing.Pool(2)
    results = pool.imap(_no_threes, range(6))
    while True:
        try:
            _say("%d", next(results))
        except ValueError as error:
            _say("raised %s", error)
        except StopIteration:
            break
    _end(pool)


def imap_in_chunks_ends_with_an_error():
    pool = multiprocessing.Pool(2)
    results = pool.imap(_no_threes, range(8), 2)
    while True:
        try:
            _say("%d", next(results))
        except ValueError as error:
            _say("raised %s", error)
        except StopIteration:
            break
    _end(pool)


def next_in_time():
    pool = multiprocessing.Pool(1)
    results = pool.imap(_nap, [700])
    try:
        results.next(timeout=0.05)
    except multiprocessing.TimeoutError:
        _say("not yet")
    _say("%d", results.next(timeout=20))
    _end(pool)


def error_of_map_comes_last():
    """Every chunk is worked on, and the pool goes on."""
    pool = multiprocessing.Pool(2)
    try:
        pool.map(_no_threes, range(10), 1)
    except ValueError as error:
        _say("raised %s", error)
    _say("%s", pool.map(_no_threes, [1, 2]))
    _end(pool)


def first_error_to_arrive():
    pool = multiprocessing.Pool(2)
    try:
        pool.map(_raise_after, [500, 1], 1)
    except ValueError as error:
        _say("raised %s", error)
    _end(pool)


def _raise_after(milliseconds):
    time.sleep(milliseconds / 1000)
    raise ValueError("after %d" % milliseconds)


def apply_waits():
    pool = multiprocessing.Pool(2)
    _say("%s", pool.apply(_square, (5,)))
    try:
        pool.apply(_no_threes, (3,))
    except ValueError as error:
        _say("raised %s", error)
    _end(pool)


def get_in_time():
    pool = multiprocessing.Pool(1)
    result = pool.apply_async(_nap, (600,))
    _say("ready %s", result.ready())
    try:
        result.successful()
    except ValueError:
        _say("not ready")
    try:
        result.get(timeout=0.05)
    except multiprocessing.TimeoutError:
        _say("timeout")
    _say("%d", result.get(timeout=20))
    _say("ready %s, successful %s", result.ready(), result.successful())
    _end(pool)


def unsuccessful():
    pool = multiprocessing.Pool(1)
    result = pool.apply_async(_no_threes, (13,))
    result.wait(20)
    _say("ready %s, successful %s", result.ready(), result.successful())
    _end(pool)


def callbacks_in_the_parent():
    pool = multiprocessing.Pool(2)
    me = os.getpid()

    def done(value):
        _say("callback %s, in the parent %s", value, os.getpid() == me)

    def failed(error):
        _say("error callback %s, in the parent %s", error, os.getpid() == me)

    pool.apply_async(_square, (4,), callback=done, error_callback=failed).wait()
    pool.apply_async(_no_threes, (3,), callback=done, error_callback=failed).wait()
    pool.map_async(_square, range(5), callback=done, error_callback=failed).wait()
    pool.map_async(_no_threes, range(5), callback=done, error_callback=failed).wait()
    pool.starmap_async(_add, [(1, 2)], callback=done, error_callback=failed).wait()
    _end(pool)


def callback_of_many():
    pool = multiprocessing.Pool(3)
    seen = []
    results = [pool.apply_async(_square, (i,), callback=seen.append) for i in range(100)]
    _end(pool)
    _say("%d results, sum %d, all ready %s", len(seen), sum(seen), all(r.ready() for r in results))


def no_callback_of_an_empty_map():
    pool = multiprocessing.Pool(1)
    result = pool.map_async(_square, [], callback=lambda value: _say("called"))
    _say("%s", result.get())
    _end(pool)


def initializer_in_each_worker():
    count = multiprocessing.Value("i", 0)

    def begin(by):
        with count.get_lock():
            count.value += by

    pool = multiprocessing.Pool(3, initializer=begin, initargs=(10,))
    _end(pool)
    _say("%d", count.value)


def tasks_per_child():
    pool = multiprocessing.Pool(2, maxtasksperchild=3)
    pids = pool.map(_own_pid, range(24), 1)
    _say("%d results, more than two workers %s", len(pids), len(set(pids)) > 2)
    _say("at most three each %s", max(pids.count(pid) for pid in pids) <= 3)
    _end(pool)


def no_workers():
    for workers in (0, -1):
        try:
            multiprocessing.Pool(workers)
        except ValueError:
            _say("refused %d", workers)


def worker_names():
    pool = multiprocessing.Pool(1)
    _say("%s", pool.map(_own_name, range(2)))
    _end(pool)
    process = multiprocessing.Process()
    _say("%s", process.name)


def closed_pool_takes_nothing():
    pool = multiprocessing.Pool(1)
    pool.close()
    for submit in (pool.map, pool.map_async, pool.imap, pool.imap_unordered):
        try:
            submit(_square, [1])
        except ValueError as error:
            _say("%s", error)
    pool.join()
    try:
        pool.apply(_square, (1,))
    except ValueError as error:
        _say("%s", error)


def join_of_a_running_pool():
    pool = multiprocessing.Pool(1)
    try:
        pool.join()
    except ValueError as error:
        _say("%s", error)
    _end(pool)
    pool.join()
    _say("joined twice")


def close_finishes_the_work():
    pool = multiprocessing.Pool(2)
    result = pool.map_async(_nap, [50] * 8, 1)
    _end(pool)
    _say("ready %s: %s", result.ready(), result.get(0))


def terminate_loses_the_work():
    """What leaving a `with` block does."""
    with multiprocessing.Pool(2) as pool:
        result = pool.map_async(_sleep_long, range(4), 1)
    _say("ready %s", result.ready())
    try:
        pool.map(_square, [1])
    except ValueError as error:
        _say("%s", error)
    pool.join()
    _say("joined")


def terminate_with_ten_thousand_pending():
    pool = multiprocessing.Pool(3)
    result = pool.map_async(_sleep_long, range(10000), 1)
    began = time.monotonic()
    pool.terminate()
    pool.join()
    _say("at once %s, ready %s", time.monotonic() - began < 10, result.ready())


def killed_worker_loses_its_task():
    pool = multiprocessing.Pool(2)
    result = pool.map_async(_killed_at_three, range(6), 1)
    _say("%s", pool.apply(_square, (3,)))
    try:
        result.get(timeout=1)
    except multiprocessing.TimeoutError:
        _say("never comes")
    _say("%s", pool.map(_square, range(4)))
    pool.terminate()


def values_go_there_and_back():
    pool = multiprocessing.Pool(2)
    values = [1, -1.5, "x", True, [1, [2, []]], "y" * 100000]
    _say("%s", pool.map(_same, values) == values)
    _end(pool)
