# SPDX-License-Identifier: MIT
import sys
import threading
import time
from multiprocessing import Event, Process
from os import getpid
from threading import Thread, active_count, current_thread, get_native_id

from pairs import line


def _start(target, *args):
    thread = Thread(target=target, args=args)
    thread.start()
    return thread


def _said(function, *args):
    try:
        function(*args)
    except RuntimeError:
        return 'refused'
    return 'ok'


def _nothing():
    pass


def without_target():
    line('join', _said(_start(None).join))


# ---- names ----

def default_name():
    line(Thread(target=_nothing).name)


def _tell_name():
    line(current_thread().name)


def names():
    thread = Thread(target=_tell_name, name='reader')
    line(thread.name)
    _tell_name()
    thread.start()
    thread.join()


def number_in_name():
    Thread(target=_nothing)
    Thread(target=_nothing, name='named')
    line(Thread(target=_nothing).name[:8])


def number_goes_on_in_child():
    Thread(target=_nothing)
    process = Process(target=number_in_name)
    process.start()
    process.join()
    number_in_name()


# ---- states ----

def _joined(thread, seconds):
    line('join', f'{_said(thread.join, seconds)},', 'alive', thread.is_alive())


def _alive_and_count(thread):
    line('alive', f'{thread.is_alive()},', 'count', active_count())


def life():
    event = Event()
    thread = Thread(target=event.wait)
    _alive_and_count(thread)
    thread.start()
    _alive_and_count(thread)
    began = time.monotonic()
    _joined(thread, 0)
    _joined(thread, 0.1)
    line('early', time.monotonic() - began < 0.1)
    event.set()
    _joined(thread, None)
    _joined(thread, None)
    line('count', active_count())


def refused():
    thread = Thread(target=_nothing)
    line('join', _said(thread.join))
    line('start', _said(thread.start))
    line('start', _said(thread.start))
    thread.join()
    line('start', _said(thread.start))
    event = Event()
    thread = _start(event.wait)
    line('daemon', _said(setattr, thread, 'daemon', True))
    event.set()
    thread.join()
    _start(lambda: line('join', _said(current_thread().join))).join()


def _tell_ids():
    line('pid of its process', get_native_id() == getpid())


def native_ids():
    _tell_ids()
    thread = Thread(target=_tell_ids)
    line('id', 'None' if thread.native_id is None else 'a number')
    thread.start()
    thread.join()
    line('id', 'None' if thread.native_id is None else 'a number')


# ---- how they end ----

def _fail():
    raise ValueError('it is wrong')


def exit_ends_only_the_thread():
    _start(sys.exit, 5).join()
    line('main goes on')


def failure_ends_only_the_thread():
    _start(_fail).join()
    line('main goes on')


def _tell_later(text, go):
    go.wait()
    time.sleep(0.1)
    line(text)


def main_waits_at_exit():
    go = Event()
    _start(_tell_later, 'thread', go)
    line('main')
    go.set()
    sys.exit(3)


def daemon_is_not_waited_for():
    thread = Thread(target=threading.Event().wait, daemon=True)
    thread.start()
    line('daemon', f'{thread.daemon},', 'count', active_count())


def _tell_inherited():
    line(Thread(target=_nothing).daemon)


def daemon_is_inherited():
    for daemon in False, True:
        thread = Thread(target=_tell_inherited, daemon=daemon)
        thread.start()
        thread.join()


# ---- memory and processes ----

_number = 1


def _change():
    global _number
    _number = 5


def memory_is_one():
    _start(_change).join()
    line(_number)


def _in_child_with_thread():
    go = Event()
    _start(_tell_later, 'thread of the child', go)
    line('child,', 'count', active_count())
    go.set()


def child_waits_for_its_threads():
    process = Process(target=_in_child_with_thread)
    process.start()
    process.join()
    line('main')


def _ask_in_child(thread):
    _alive_and_count(thread)
    _joined(thread, None)


def fork_takes_one_thread():
    event = Event()
    thread = _start(event.wait)
    process = Process(target=_ask_in_child, args=(thread,))
    process.start()
    process.join()
    _alive_and_count(thread)
    event.set()
    thread.join()


def _start_process():
    go = Event()
    process = Process(target=_tell_later, args=('process', go))
    process.start()
    go.set()
    process.join()
    line(process.name, process.exitcode)


def process_from_a_thread():
    _start(_start_process).join()
