# SPDX-License-Identifier: MIT
import signal
import time
from multiprocessing import Condition, Lock, Process, Semaphore, Value

from pairs import line


def _said(function, *args):
    try:
        function(*args)
    except (AssertionError, ValueError):
        return 'refused'
    return 'ok'


def _sleep(condition, asleep, awake):
    with condition:
        asleep.release()
        condition.wait()
        awake.release()


class _Bed:
    """Sleepers on one condition; when it is made all of them sleep."""

    def __init__(self, count):
        self.condition, self.asleep, self.awake = Condition(), Semaphore(0), Semaphore(0)
        args = (self.condition, self.asleep, self.awake)
        self.sleepers = [Process(target=_sleep, args=args, daemon=True) for _ in range(count)]
        for sleeper in self.sleepers:
            sleeper.start()
        for _ in self.sleepers:
            self.asleep.acquire()
        with self.condition:  # the last of them has given it up, so it sleeps
            pass

    def woken(self, most):
        """How many woke up, of `most`."""
        count = 0
        while count < most and self.awake.acquire(timeout=20):
            count += 1
        return count, self.awake.acquire(timeout=0.1)


def _notify(count, number):
    bed = _Bed(count)
    with bed.condition:
        bed.condition.notify(number)
    line('woken', *bed.woken(min(count, number)))
    with bed.condition:
        bed.condition.notify_all()
    line('the rest', *bed.woken(max(count - number, 0)))
    for sleeper in bed.sleepers:
        sleeper.join()
        line(sleeper.exitcode)


def notify_one():
    _notify(3, 1)


def notify_two():
    _notify(3, 2)


def notify_more_than_there_are():
    _notify(2, 5)


def notify_none():
    _notify(1, 0)


def notify_all():
    bed = _Bed(4)
    with bed.condition:
        bed.condition.notify_all()
    line('woken', *bed.woken(4))


def notification_that_nobody_hears_is_lost():
    condition = Condition()
    with condition:
        condition.notify()
        line(condition.wait(0.05))


def without_the_lock():
    condition = Condition()
    line(_said(condition.wait), _said(condition.wait, 0), _said(condition.notify), _said(condition.notify_all))
    line(_said(condition.release))


def wait_times_out():
    condition = Condition()
    with condition:
        before = time.monotonic()
        line(condition.wait(0.1), time.monotonic() - before >= 0.1)
        line(condition.wait(0), condition.wait(-1))
    line(_said(condition.release))



def depth_is_given_up_and_taken_back():
    condition = Condition()
    condition.acquire()
    condition.acquire()
    line(condition.wait(0.02))
    line(_said(condition.release), _said(condition.release), _said(condition.release))


def with_a_lock():
    lock = Lock()
    condition = Condition(lock)
    condition.acquire()
    line(lock.acquire(block=False), condition.wait(0.02), lock.acquire(block=False))
    line(_said(condition.release), _said(lock.release))


def _become(condition, value, number):
    with condition:
        value.value = number
        condition.notify_all()


def wait_for_a_predicate():
    condition, value = Condition(), Value('q', 0)
    child = Process(target=_become, args=(condition, value, 4))
    with condition:
        child.start()
        line(condition.wait_for(lambda: value.value == 4))
        line(condition.wait_for(lambda: value.value == 4, 0))
    child.join()


def wait_for_times_out():
    condition = Condition()
    with condition:
        before = time.monotonic()
        line(condition.wait_for(lambda: False, 0.1), time.monotonic() - before >= 0.1)
        line(condition.wait_for(lambda: False, 0))


def wait_for_is_not_content_with_a_wrong_wake():
    condition, value = Condition(), Value('q', 0)
    child = Process(target=_become, args=(condition, value, 3))
    with condition:
        child.start()
        line(condition.wait_for(lambda: value.value == 4, 0.3), value.value)
    child.join()


def _notify_all(condition):
    with condition:
        condition.notify_all()


def dead_sleeper_hangs_notify_all():
    bed = _Bed(2)
    bed.sleepers[0].kill()
    bed.sleepers[0].join()
    child = Process(target=_notify_all, args=(bed.condition,))
    child.start()
    line('woken', *bed.woken(0))
    child.join(0.3)
    line(child.is_alive())
    child.kill()
    child.join()
    line(child.exitcode == -signal.SIGKILL)


def one_that_gave_up_is_not_waited_for():
    bed = _Bed(1)
    with bed.condition:
        line(bed.condition.wait(0.02))
        bed.condition.notify_all()
    line('woken', *bed.woken(1))
