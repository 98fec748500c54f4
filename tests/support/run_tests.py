#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs test programs, each as a process of its own, and counts.

    run_tests.py --build build/release [--jobs 2] [--limit 120] [--patience 1] [--argument WORD] TEST…

A test is a cmocka program, which counts as its cases, or a script, which counts as one (status 0
passed, 77 skipped, else failed). Each has a session of its own, no terminal, an empty TMPDIR, and a
wall limit: --limit, or what a line "Wall limit: N s" in the first 30 lines of its source says.

    runner ─┬─ keeper of a test ── the test ── what it starts …
            └─ keeper of another

A keeper is the subreaper of its test: whatever the test leaves behind becomes the keeper's child,
even out of its session, is shown with its state, killed, and fails the test. So does what runs past
the limit. Nothing is printed of a test that passes but its line. The last line is
`N passed, N failed`, and that line is kept in BUILD/tests/result.
"""

import argparse
import ctypes
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SKIPPED = 77
GRACE = 1.0          # seconds that what a test started has to be gone after it; see R1 of the supervisor
OUTPUT_LINES = 400   # shown of a failure

libc = ctypes.CDLL(None, use_errno=True)


# ---- processes, from /proc ----

def processes():
    """pid → (parent, fields of stat after the name) of all that can be read."""
    table = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open(f'/proc/{entry}/stat', errors='replace') as stat:
                    fields = stat.read().rpartition(')')[2].split()
            except OSError:
                continue
            table[int(entry)] = (int(fields[1]), fields)
    return table


def descendants(ancestor):
    table = processes()
    found, level = [], [ancestor]
    while level:
        level = [pid for pid, (parent, _) in table.items() if parent in level]
        found += level
    return [(pid, table[pid][1]) for pid in found]


def read_of(pid, name):
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as file:
            return file.read().replace(b'\0', b' ').decode(errors='replace').strip()
    except OSError:
        return '?'


def states(found):
    """A line a thread: what it is and what it waits in."""
    lines = []
    for pid, fields in found:
        command = read_of(pid, 'cmdline') or f'[{read_of(pid, "comm")}]'
        lines.append(f'pid {pid} parent {fields[1]} group {fields[2]} session {fields[3]}  {command}')
        try:
            threads = sorted(os.listdir(f'/proc/{pid}/task'), key=int)
        except OSError:
            continue
        for thread in threads:
            task = f'{pid}/task/{thread}'
            state = read_of(task, 'stat').rpartition(')')[2].split()[:1]
            lines.append(f'    thread {thread} {read_of(task, "comm")}: state {"".join(state)}'
                         f' in {read_of(task, "wchan")}, system call {read_of(task, "syscall").split()[0:1]}')
    return lines


# ---- the keeper ----

def reap(main):
    """Reaps all that has ended; main's wait status if it is among them."""
    status = None
    while True:
        try:
            pid, ended = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        if pid == 0:
            return status
        if pid == main:
            status = ended


def kill_all():
    while True:
        reap(None)
        found = descendants(os.getpid())
        if not found:
            return
        for pid, _ in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.005)


def start(command, output):
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.closerange(3, 256)
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f'{command[0]}: {error}\n'.encode())
    os._exit(126)


def keep(command, limit, output, report):
    """Runs one test to its end, in a process of its own; writes a line of JSON to `report`."""
    os.setpgid(0, 0)  # what kills the runner's whole group leaves the keeper to tidy up
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    watched = [signal.SIGCHLD, signal.SIGTERM]
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    began = time.monotonic()
    main = start(command, output)
    status, trouble = None, []
    while status is None:
        left = began + limit - time.monotonic()
        told = signal.sigtimedwait(watched, left) if left > 0 else None
        if told and told.si_signo == signal.SIGTERM:
            kill_all()
            os._exit(1)
        status = reap(main)
        if status is None and told is None and time.monotonic() >= began + limit:
            trouble = [f'not finished after {limit:g} s; its processes were:'] + states(descendants(os.getpid()))
            break
    seconds = time.monotonic() - began
    if not trouble:
        waited = time.monotonic() + GRACE
        while (left := descendants(os.getpid())) and time.monotonic() < waited:
            time.sleep(0.01)
            reap(None)
        if left:
            trouble = [f'left behind, {GRACE:g} s after it ended:'] + states(left)
    kill_all()
    os.write(report, json.dumps({'status': status, 'seconds': seconds, 'trouble': trouble}).encode())
    os._exit(0)


# ---- counting ----

def told_by_cmocka(output):
    """Cases (passed, failed, skipped) and trouble, from what cmocka printed; None: not a cmocka program."""
    declared = sum(int(count) for count in re.findall(r'\[==========\] Running (\d+) test\(s\)', output))
    if '[==========] Running' not in output:
        return None
    passed = len(re.findall(r'\[       OK \] ', output))
    # A case's name is any text; at the end the failed ones are listed once more, below how many they are.
    skipped = len(set(re.findall(r'\[  SKIPPED \] (?!\d+ test\(s\))(.+)$', output, re.M)))
    failed = len(set(re.findall(r'\[  FAILED  \] (?!\d+ test\(s\))(.+)$', output, re.M)))
    trouble = []
    if passed + failed + skipped != declared:
        ran = re.findall(r'\[ RUN      \] (.+)', output)
        trouble = [f'{declared} cases were to run, {passed + failed + skipped} told how they ended; the last that '
                   f'began was {ran[-1] if ran else "none"}']
    return passed, failed, skipped, trouble


def outcome(result, output):
    """(passed, failed, skipped) cases and what to say of a failure."""
    status, trouble = result['status'], list(result['trouble'])
    code = None if status is None else os.waitstatus_to_exitcode(status)
    if code is not None and code < 0:
        trouble.append(f'killed by {signal.Signals(-code).name}')
    cases = told_by_cmocka(output)
    if cases is None:
        if code == SKIPPED and not trouble:
            return (0, 0, 1), trouble
        if code and code > 0:
            trouble.append(f'status {code}')
        return (0, 1, 0) if trouble else (1, 0, 0), trouble
    passed, failed, skipped, said = cases
    trouble += said
    if code and code > 0 and failed == 0:
        trouble.append(f'status {code} although no case failed')
    if trouble and failed == 0:
        failed = 1
    return (passed, failed, skipped), trouble


def printable(text):
    return re.sub(r'[\x00-\x08\x0b-\x1f\x7f-\x9f]', lambda c: f'\\x{ord(c[0]):02x}', text)


# ---- the runner ----

class Running:
    def __init__(self, test, options):
        self.test = test
        self.name = re.sub(r'^.*?tests/', '', test)
        self.directory = tempfile.mkdtemp(prefix='lockstep-test-')
        self.output = tempfile.TemporaryFile()
        limit = wall_limit(test, options) * options.patience
        self.report, report = os.pipe()
        sys.stdout.flush()
        self.keeper = os.fork()
        if self.keeper == 0:
            os.environ['TMPDIR'] = self.directory
            os.environ['XDG_STATE_HOME'] = os.path.join(self.directory, 'state')  # not the tester's own progress
            os.environ['XDG_DATA_HOME'] = os.path.join(self.directory, 'data')  # nor the tester's own lessons
            if not test.startswith(options.build):
                # A script runs lessons: what one has not freed at its end is no fault, and one crashes on purpose.
                os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0:handle_segv=0'
            try:
                keep([os.path.abspath(test), *options.argument], limit, self.output.fileno(), report)
            finally:
                os._exit(1)
        os.close(report)

    def finish(self):
        """Its result and its output, after the keeper has ended."""
        with os.fdopen(self.report, 'rb') as report:
            told = report.read()
        self.output.seek(0)
        output = self.output.read().decode(errors='replace')
        self.output.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        if not told:
            told = b'{"status": null, "seconds": 0, "trouble": ["its keeper died"]}'
        return json.loads(told), output


def wall_limit(test, options):
    source = re.sub(r'^.*?tests/', 'tests/', test) + '.c'
    with open(source if os.path.exists(source) else test, errors='replace') as file:
        head = ''.join(line for line, _ in zip(file, range(30)))
    said = re.search(r'Wall limit: (\d+) s', head)
    return float(said[1]) if said else options.limit


def show(running, counts, result, trouble, output):
    passed, failed, skipped = counts
    word = 'FAILED' if failed else 'skipped' if skipped and not passed else 'ok'
    cases = f'{passed}/{sum(counts)}'
    print(f'{word:7} {running.name:36} {cases:>7}  {result["seconds"]:6.2f} s', flush=True)
    if failed:
        lines = printable(output).splitlines()
        if len(lines) > OUTPUT_LINES:
            lines = [f'({len(lines) - OUTPUT_LINES} lines left out)'] + lines[-OUTPUT_LINES:]
        for line in lines + [f'--- {line}' for line in trouble]:
            print(f'        | {line}', flush=True)


def run(options):
    totals = [0, 0, 0]
    waiting, running = list(options.tests), {}
    try:
        while waiting or running:
            while waiting and len(running) < options.jobs:
                begun = Running(waiting.pop(0), options)
                running[begun.keeper] = begun
            keeper, _ = os.wait()
            ended = running.pop(keeper)
            result, output = ended.finish()
            counts, trouble = outcome(result, output)
            totals = [total + count for total, count in zip(totals, counts)]
            show(ended, counts, result, trouble, output)
    finally:
        for keeper, begun in running.items():
            os.kill(keeper, signal.SIGTERM)
            os.waitpid(keeper, 0)
            shutil.rmtree(begun.directory, ignore_errors=True)
    passed, failed, skipped = totals
    if skipped:
        print(f'{skipped} skipped')
    result = f'{passed} passed, {failed} failed'
    with open(os.path.join(options.build, 'tests/result'), 'w') as file:
        file.write(result + '\n')
    print(result, flush=True)
    return 1 if failed or passed == 0 else 0


def environment(build):
    """The same for everybody: what the learner's terminal and shell happen to say changes no test."""
    for name in ('NO_COLOR', 'COLUMNS', 'LINES', 'LOCKSTEP_LESSONS', 'MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'TMUX'):
        os.environ.pop(name, None)
    os.environ.update(LOCKSTEP=os.path.join(build, 'lockstep'), LOCKSTEP_BUILD=build, LC_ALL='C.UTF-8',
                      TERM='xterm-256color', PYTHONDONTWRITEBYTECODE='1')
    # The distribution's python3 is the one that has the distribution's numpy.
    os.environ['PATH'] = '/usr/bin:' + os.environ.get('PATH', '/bin')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--build', required=True, help='folder of the build, build/release')
    parser.add_argument('--jobs', type=int, default=2, help='tests at once (2)')
    parser.add_argument('--limit', type=float, default=120, help='wall seconds a test (120)')
    parser.add_argument('--patience', type=float, default=1, help='factor on every limit (1); sanitizers are slow')
    parser.add_argument('--argument', action='append', default=[], help='a word that every test is given')
    parser.add_argument('tests', nargs='*')
    options = parser.parse_args()
    environment(options.build)
    os.makedirs(os.path.join(options.build, 'tests'), exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return run(options)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


sys.exit(main())
