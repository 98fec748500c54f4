# SPDX-License-Identifier: MIT
import multiprocessing
import os
import re
import signal
import sys
import time
from multiprocessing import Array, Event, Pipe, Process, Value, active_children, current_process, parent_process

from pairs import line

MANY = 100


def _start(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _said(function, *args):
    try:
        function(*args)
    except (AssertionError, AttributeError, ValueError):
        return 'refused'
    return 'ok'


def _exitcode(process):
    line('exit code', process.exitcode)


def _run(target, *args):
    process = _start(target, *args)
    process.join()
    _exitcode(process)


def _nothing():
    pass


def _stay():
    while True:
        signal.pause()


# ---- names ----

def names():
    line(Process(target=_nothing).name)
    line(Process(target=_nothing, name='worker').name)
    line(Process(target=_nothing).name)


def _tell_names(depth):
    parent = parent_process()
    line(current_process().name, 'of', parent.name if parent else None)
    if depth:
        for _ in range(2):
            _start(_tell_names, depth - 1).join()


def nested_names():
    _tell_names(2)


def custom_name_of_child():
    process = Process(target=_tell_names, args=(1,), name='smith')
    process.start()
    process.join()


def _tell_order(out, path):
    out.send(path)
    for i in range(2 if len(path) < 2 else 0):
        _start(_tell_order, out, path + [i]).join()


def recursion_order():
    receiver, sender = Pipe(duplex=False)
    _start(_tell_order, sender, []).join()
    while receiver.poll(0):
        line(receiver.recv())


# ---- how they end ----

def hundred_children():
    processes = [_start(_nothing) for _ in range(MANY)]
    for process in processes:
        process.join()
    line(sum(process.exitcode == 0 for process in processes), 'ended with 0, last name', processes[-1].name)


def hundred_terminated():
    processes = [_start(_stay) for _ in range(MANY)]
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
    line(sum(process.exitcode == -15 for process in processes), 'ended with -15')


def killed():
    process = _start(_stay)
    process.kill()
    line('join', _said(process.join))
    _exitcode(process)


def ended_by_signals():
    _run(signal.raise_signal, signal.SIGUSR2)
    _run(signal.raise_signal, signal.SIGKILL)
    _run(signal.raise_signal, signal.SIGALRM)


def _fail():
    raise ValueError('it is wrong')


def exit_statuses():
    _run(_nothing)
    _run(sys.exit, 0)
    _run(sys.exit, 8)
    _run(sys.exit, 255)
    _run(sys.exit, 256)
    _run(sys.exit, -1)
    _run(_fail)


def uncaught_says_who():
    errors, before = os.memfd_create('errors'), os.dup(2)
    os.dup2(errors, 2)
    _start(_fail).join()
    os.dup2(before, 2)
    text = os.pread(errors, 4096, 0).decode().splitlines()
    line(text[0])
    line(text[-1])


def main_exits_with_status():
    sys.exit(7)


def main_fails():
    _fail()


def _tell_later(text, go, parent):
    go.wait()
    time.sleep(0.1)
    line(text + ', its parent is there', os.getppid() == parent)


def main_joins_at_exit():
    go = Event()
    _start(_tell_later, 'child', go, os.getpid())
    line('main')
    go.set()
    sys.exit(3)


def main_fails_but_joins():
    go = Event()
    _start(_tell_later, 'child', go, os.getpid())
    go.set()
    _fail()


def _start_and_return(text):
    go = Event()
    _start(_tell_later, text, go, os.getpid())
    line('child')
    go.set()


def child_joins_at_exit():
    _run(_start_and_return, 'grandchild')


# ---- daemons ----

def _start_daemon(pid):
    process = Process(target=_stay, daemon=True)
    process.start()
    pid.value = process.pid


def daemon_dies_with_parent():
    pid = Value('q', 0)
    _run(_start_daemon, pid)
    line('told', pid.value > 0)
    try:
        os.kill(pid.value, 0)
        line('lives', True)
    except ProcessLookupError:
        line('lives', False)


def daemon_ends_with_main():
    line('start', _said(Process(target=_stay, daemon=True).start))


def _try_child():
    line('daemon', current_process().daemon)
    line('start', _said(Process(target=_nothing).start))


def daemon_has_no_children():
    process = Process(target=_try_child, daemon=True)
    process.start()
    process.join()
    _exitcode(process)


def daemon_flag():
    process = Process(target=_nothing)
    line(process.daemon)
    line('set', _said(setattr, process, 'daemon', True))
    line(process.daemon)
    process.start()
    line('set', _said(setattr, process, 'daemon', False))
    process.join()
    line(current_process().daemon)


# ---- what is refused ----

def start_twice():
    process = _start(_nothing)
    line('again', _said(process.start))
    process.join()
    line('after the end', _said(process.start))


def join_before_start():
    process = Process(target=_nothing)
    line('join', _said(process.join))
    line('with a timeout', _said(process.join, 0))


def terminate_before_start():
    process = Process(target=_nothing)
    line('terminate', _said(process.terminate))
    line('kill', _said(process.kill))


def _try_join(sibling):
    line('join', _said(sibling.join))


def join_by_sibling():
    event = Event()
    process = _start(event.wait)
    _run(_try_join, process)
    event.set()
    process.join()
    _exitcode(process)


def _try_start(process):
    line('start', _said(process.start))


def start_by_another():
    process = Process(target=_nothing)
    _run(_try_start, process)
    line('here', _said(process.start))
    process.join()


def close_while_running():
    event = Event()
    process = _start(event.wait)
    line('close', _said(process.close))
    event.set()
    process.join()
    line('close', _said(process.close))
    line('close', _said(process.close))
    line('join', _said(process.join))
    line('terminate', _said(process.terminate))
    line('start', _said(process.start))


def close_before_start():
    process = Process(target=_nothing)
    line('close', _said(process.close))
    line('start', _said(process.start))


def asking_a_closed_one():
    process = _start(_nothing)
    process.join()
    process.close()
    for name, ask in ('alive', process.is_alive), ('exit code', lambda: process.exitcode):
        try:
            line(name, ask())
        except ValueError as error:
            line(name, error)


def terminate_ended():
    process = _start(_nothing)
    process.join()
    line('terminate', _said(process.terminate))
    line('kill', _said(process.kill))
    _exitcode(process)


# ---- states ----

def _described(process):
    line(re.sub(r'(pid|parent)=\d+', r'\1=', repr(process)))


def described():
    event = Event()
    process = Process(target=event.wait)
    _described(process)
    process.start()
    _described(process)
    _start(_described, process).join()
    event.set()
    process.join()
    _described(process)
    process.close()
    _described(process)


def described_after_failure():
    process = _start(_fail)
    process.join()
    _described(process)
    process = Process(target=_stay, daemon=True)
    process.start()
    process.terminate()
    process.join()
    _described(process)
    _described(Process(name="it's"))


def _exitcode_and_pid(process):
    _exitcode(process)
    line('pid', f'{"None" if process.pid is None else "a number"},', 'alive', process.is_alive())


def exitcode_and_pid():
    event = Event()
    process = Process(target=event.wait)
    _exitcode_and_pid(process)
    process.start()
    _exitcode_and_pid(process)
    event.set()
    process.join()
    _exitcode_and_pid(process)


def _tell_pids(pids):
    pids[0] = os.getpid()
    pids[1] = parent_process().pid


def pids_agree():
    pids = Array('q', 2)
    process = _start(_tell_pids, pids)
    process.join()
    line('child', f'{pids[0] == process.pid},', 'parent', pids[1] == os.getpid())


# ---- waiting and reaping ----

def join_with_timeouts():
    event = Event()
    process = _start(event.wait)
    began = time.monotonic()
    line('join(0)', f'{_said(process.join, 0)},', 'alive', process.is_alive())
    line('at once', time.monotonic() - began < 1)
    began = time.monotonic()
    line('join(0.1)', f'{_said(process.join, 0.1)},', 'alive', process.is_alive())
    line('early', time.monotonic() - began < 0.1)
    event.set()
    line('join(30)', f'{_said(process.join, 30)},', 'alive', process.is_alive())
    line('join()', _said(process.join))


def _state(process):
    try:
        with open(f'/proc/{process.pid}/stat', encoding='utf-8') as stat:
            return stat.read().rpartition(')')[2].split()[0]
    except OSError:
        return '-'


def _await_zombie(process):
    while _state(process) != 'Z':
        time.sleep(0.001)


def zombie_until_joined():
    process = _start(_nothing)
    _await_zombie(process)
    line(_state(process))
    process.join()
    line(_state(process))


def active_children_reaps():
    event = Event()
    line(len(active_children()))
    goes_on, ended = _start(event.wait), _start(_nothing)  # a start would reap what has ended
    _await_zombie(ended)
    line(len(active_children()))
    line(_state(ended))
    _exitcode(ended)
    event.set()
    goes_on.join()
    line(len(active_children()))


def is_alive_reaps():
    process = _start(_nothing)
    _await_zombie(process)
    line('alive', process.is_alive())
    line(_state(process))


def start_reaps():
    process = _start(_nothing)
    _await_zombie(process)
    following = _start(_nothing)
    line(_state(process))
    following.join()


def join_any_order():
    processes = [_start(sys.exit, i) for i in range(5)]
    for process in reversed(processes):
        process.join()
        _exitcode(process)


# ---- what a child has ----

_number = 1


def _change():
    global _number
    line('child found', _number)
    _number = 5


def memory_is_copied():
    global _number
    _number = 2
    _start(_change).join()
    line('parent has', _number)


def _print_twice():
    print('hello')
    print('again')


def without_stdout():
    sys.stdout.close()
    sys.stdout = None  # what Python has of a standard output that was closed before it began
    _run(_print_twice)


def _close_and_print():
    sys.stdout.close()
    sys.stdout = None
    _print_twice()


def child_closes_stdout():
    _run(_close_and_print)
    print('main')


def buffered_once():
    print('once')
    _start(_nothing).join()
    sys.stdout.flush()
    _start(_nothing).join()


def _read_stdin():
    line('end of file', sys.stdin.read() == '')


def stdin_is_empty():
    reader, writer = os.pipe()
    os.write(writer, b'x')
    os.dup2(reader, 0)
    _start(_read_stdin).join()


def cpu_count():
    line(multiprocessing.cpu_count())


def without_target():
    _run(None)
