# SPDX-License-Identifier: MIT
"""What every test of the lessons shares: finding them, running them, comparing runs.

Nothing here knows a lesson by name. A test prints what is wrong, one line a fault, by
`fault()`, and leaves with `finish()`. Its arguments, if any, are the lessons to look at:

    tests/lessons/test_stepped.py bank-race
"""

import glob
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

BUILD = os.environ.get('LOCKSTEP_BUILD', 'build/release')
LOCKSTEP = os.environ.get('LOCKSTEP', os.path.join(BUILD, 'lockstep'))
LIMIT = 60       # seconds that any one run may take
JOBS = 2

faults = []
checks = 0

# The lessons' own leaks at exit are the end of the program; children leave by _exit anyway.
# A lesson that crashes on purpose is to end by its signal.
os.environ['ASAN_OPTIONS'] = 'detect_leaks=0:handle_segv=0:' + os.environ.get('ASAN_OPTIONS', '')


def fault(what):
    faults.append(what)
    print(what, flush=True)


def check(good, what):
    """`what`: the text, or a function that gives it."""
    global checks
    checks += 1
    if not good:
        fault(what() if callable(what) else what)
    return good


def finish():
    if checks == 0:
        fault('nothing was checked')
    print(f'{checks} checks, {len(faults)} faults')
    sys.exit(1 if faults else 0)


def each(jobs, work, at_once=JOBS):
    """work(*job) for each job, some at once; an exception is a fault."""
    def guarded(job):
        try:
            work(*job)
        except Exception as error:  # noqa: BLE001 - the fault is told, the other jobs go on
            fault(f'{work.__name__}{job!r}: {type(error).__name__}: {error}')
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(guarded, jobs))


class Lesson:
    def __init__(self, source):
        self.source = source
        self.folder = os.path.dirname(source)
        self.name = os.path.basename(self.folder)
        self.text = os.path.join(self.folder, 'lesson.md')
        self.program = os.path.join(BUILD, self.folder, 'lesson')

    def __repr__(self):
        return self.name

    def describe(self):
        out = subprocess.run([self.program, '--describe'], stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=LIMIT, check=True)
        return json.loads(out.stdout)


def wanted(name):
    return len(sys.argv) == 1 or name in sys.argv[1:]


def lessons():
    found = [Lesson(source) for source in sorted(glob.glob('lessons/*/*/lesson.c'))]
    found = [lesson for lesson in found if wanted(lesson.name)]
    if not found:
        fault('no lesson was found: run from the top of the tree')
    return found


def sets(settings):
    """"lock=on rounds=3" as arguments of `lockstep run`."""
    return [word for setting in settings.split() for word in ('--set', setting)]


class Run:
    """A `lockstep run … --json` that has ended."""

    def __init__(self, lesson, *arguments):
        self.command = [LOCKSTEP, 'run', lesson, '--json', *arguments]
        done = subprocess.run(self.command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
        self.status = done.returncode
        self.error = done.stderr.decode(errors='replace').strip()
        self.lines = done.stdout.splitlines()
        self.head = self._line(0, 'run')
        self.result = self._line(-1, 'result')
        self.outcome = self.result.get('outcome') or {}
        self.schedule = self.result.get('schedule')

    def _line(self, index, kind):
        line = json.loads(self.lines[index]) if self.lines else {}
        return line if line.get('type') == kind else {}

    def __str__(self):
        return (f'{" ".join(self.command)}: status {self.status}, {len(self.lines)} lines, '
                f'result {json.dumps(self.result)[:400]} {self.error[:300]}')

    @property
    def events(self):
        return [json.loads(line) for line in self.lines if line.startswith(b'{"type":"event"')]

    @property
    def good(self):
        return self.status == 0 and self.result.get('ok') is True

    @property
    def lost(self):
        told = sum(b'"op":"lost"' in line for line in self.lines)
        return self.result.get('lost', told) or told


# ---- equal but for PIDs ----

PIDS = ('pid', 'tid', 'child_pid', 'parent_pid')
PID_IN_TEXT = re.compile(r'(?<=[PT]ID )\d+|(?<="pid": )\d+|(?<="pid":)\d+|(?<= pid=)\d+|(?<= parent=)\d+')


class Nameless:
    """What a run printed, with each PID and TID replaced by its place in order of first appearance."""

    def __init__(self, run):
        self.order = {}
        self.pids = {event['pid'] for event in run.events}  # what goes through a manager may be one of them
        self.lines = [self._plain(json.loads(line)) for line in run.lines]
        if self.lines:
            self.lines[0].pop('seed', None)  # a schedule given back carries the seed itself

    def _alias(self, number):
        return f'#{self.order.setdefault(int(number), len(self.order))}'

    def _known(self, match):
        return self._alias(match.group()) if int(match.group()) in self.pids else match.group()

    def _plain(self, value, key=None):
        if isinstance(value, dict):
            if value.get('op') == 'print' and PID_IN_TEXT.search(value.get('text', '')):
                value = {k: v for k, v in value.items() if k != 'value'}  # its length in bytes
            if value.get('op', '').startswith('manager.'):
                value = dict(value, text=re.sub(r'\d+', self._known, value.get('text', '')))
            if key == 'tracker':
                return {k: self._alias(v) for k, v in value.items()}
            return {k: self._plain(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self._plain(v) for v in value]
        if isinstance(value, str):
            return PID_IN_TEXT.sub(lambda match: self._alias(match.group()), value)
        return self._alias(value) if key in PIDS else value

    def difference(self, other):
        """Where two runs part, in a line; "" when nowhere."""
        for index, (one, two) in enumerate(zip(self.lines, other.lines)):
            if one != two:
                return f'line {index}: {json.dumps(one)[:400]} against {json.dumps(two)[:400]}'
        if len(self.lines) != len(other.lines):
            return f'{len(self.lines)} lines against {len(other.lines)}'
        return ''
