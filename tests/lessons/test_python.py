#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lesson's "The same in Python" is run by Python: it ends with status 0 and no traceback, and prints
what the lesson says, or what its program left behind.

A block is run as it stands, but for what its row in CASES changes, with the prelude below: output by
lines as on a terminal, children forked, and a clock that runs `speed` times as fast, timeouts included:
nobody waits twelve seconds here. OTHERWISE are the forms that a block names in a comment, the broken of
a mended one mostly; they may lose something, or hang. LOCKSTEP_START_METHOD=forkserver has them start
their children as Python 3.14 and later do.

Each has a group of processes and a folder of its own, and nothing of it is left after it. Blocks that
need numpy are run by a Python that has it; where none has, they are named.

Wall limit: 150 s
"""

import collections
import ctypes
import functools
import http.server
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from ast import literal_eval

from contract import Lesson, Run, check, each, finish, lessons, wanted

LIMIT = 30       # seconds that a block may take
HANGS = 3        # seconds after which one that may hang is taken to do so
GRACE = 2.0      # seconds that what a block started has to be gone after it
METHOD = os.environ.get('LOCKSTEP_START_METHOD', 'fork')
PYTHONS = (sys.executable, '/usr/bin/python3')
PR_SET_CHILD_SUBREAPER = 36

PRELUDE = '''
import multiprocessing, multiprocessing.connection, os, sys, threading, time

SPEED = float(os.environ['LESSON_SPEED'])
real = time.sleep, time.monotonic, threading.Condition.wait, multiprocessing.connection.wait

def sleep(seconds):
    real[0](seconds / SPEED)

def monotonic():
    return real[1]() * SPEED

def wait(self, timeout=None):
    return real[2](self, timeout and timeout / SPEED)

def wait_for_any(objects, timeout=None):
    return real[3](objects, timeout and timeout / SPEED)

sleep.__module__ = 'time'       # it can be sent to a pool
time.sleep, time.monotonic = sleep, monotonic
threading.Condition.wait, multiprocessing.connection.wait = wait, wait_for_any
multiprocessing.set_start_method(os.environ['LESSON_METHOD'])
sys.stdout.reconfigure(line_buffering=True)
'''


# ---- what a block may show: functions of its lines that tell whether they are right ----

def in_order(*patterns):
    def good(lines):
        return len(lines) == len(patterns) and all(map(re.fullmatch, patterns, lines))
    return good


def in_any_order(*patterns):
    """Each pattern has a line of its own. The same pattern may stand there several times."""
    def good(lines):
        left = list(lines)
        for pattern in patterns:
            line = next((line for line in left if re.fullmatch(pattern, line)), None)
            if line is None:
                return False
            left.remove(line)
        return not left
    return good


def at_most(*patterns):
    """Each line is one of these, and none more often than it is here: of one that may hang."""
    def good(lines):
        return not collections.Counter(lines) - collections.Counter(patterns)
    return good


def torn(*texts):
    """These letters, in whatever order: what several print at once without a lock."""
    def good(lines):
        return sorted(''.join(lines).replace(' ', '')) == sorted(''.join(texts).replace(' ', ''))
    return good


def outcome(lesson, *how):
    """What the lesson's program leaves behind; freely and without waiting if not said otherwise."""
    return Run(lesson, *(how or ('--speed', '1000'))).outcome


def numbers(lines):
    return [float(line) for line in lines]


def pids(lines, pattern):
    return [re.fullmatch(pattern, line).groups() for line in lines]


def barrier_holds(lines):
    return (all(line.endswith(' waits') for line in lines[:3]) and
            sorted(line.split()[0] for line in lines[:3]) == sorted(line.split()[0] for line in lines[3:]) and
            [line.split()[1] for line in lines[3:]] == ['continues'] * 3)


def cores(lines):
    return in_order(*(rf'{workers} [\d.]+' for workers in range(1, 2 * os.cpu_count() + 1)))(lines)


def exit_codes(lines):
    codes = outcome('exit-and-signals')['exit_codes']
    return list(map(int, lines)) == [codes[how] for how in ('returns', 'exits', 'crashes', 'terminated', 'killed')]


def gil(lines):
    rows = [line.split() for line in lines]
    return ([row[:2] for row in rows] == [[work, kind] for work in ('compute', 'wait') for kind in ('Thread', 'Process')]
            and all(0.4 <= float(row[2]) < 0.8 for row in rows[2:]))


def globals_differ(lines):
    left = outcome('globals-threads-processes')
    return lines == [f'Thread {left["threads"]}', f'Process {left["processes"]}']


def answers(lines):
    return lines == ["Counter({'exists': 37, 'does not exist': 12, 'unknown': 1})"] * 2


def tracker(lines):
    empty, full = map(literal_eval, lines)
    return empty == {} and sorted(full) == list(range(5)) and len(set(full.values())) == 5


def pi(lines):
    left = outcome('monte-carlo-pi')
    return in_order('3.14129', r'3\.14133[12].*')(lines) and all(
        abs(ours - theirs) < 1e-12 for ours, theirs in zip(numbers(lines), (left['serial'], left['pi'])))


def names(lines):
    found = sorted(pids(lines[:-1], r'(\S+(?: 1)?) (\d+) (\d+)'))
    return (lines[-1] == 'Process-3 False' and [name for name, _, _ in found] == ['Process-3', 'my_service', 'worker 1']
            and len({pid for _, pid, _ in found}) == 3 and len({parent for _, _, parent in found}) == 1)


def overlap(lines):
    said = [f'square of {n} is {n ** 2}cube of {n} is {n ** 3}' for n in (2, 3, 8, 9)]
    return torn(*said)(lines[:-1]) and 0.8 <= float(lines[-1]) < 1.6


def left_early(lines):
    """The third is told to have begun its last second; those that came after it never do."""
    said = [count for count, in pids(lines, r'PID \d+ count (\d of \d)')]
    return {'1 of 1', '2 of 2'} <= set(said) and not {'4 of 4', '5 of 5'} & set(said)


def stayed(lines):
    said = [count for count, in pids(lines, r'PID \d+ count (\d of \d)')]
    return sorted(said) == sorted(f'{n} of {last}' for last in range(1, 6) for n in range(1, last + 1))


def pool_map(lines):
    lists = [literal_eval(line) for line in lines]
    lists[2].sort()
    return lists == [[n * n for n in range(10)]] * 4


def schedule(lines):
    left = outcome('pool-schedule', '--step')
    return (lines[:-1] == [f'{name} is done' for name in left['order']]
            and left['makespan'] <= float(lines[-1]) < 18)


def slots(lines):
    left = outcome('private-memory')
    said = [f'{i} {str(slots).replace("true", "True").replace("null", "None")}' for i, slots in enumerate(left['children'])]
    return sorted(lines[:-1]) == said and lines[-1] == f'main {left["parent"]}'


def sigmoids(lines):
    found = [float(line.split()[1]) for line in lines]
    return len(found) == 9 and all(abs(ours - theirs) <= 1e-15
                                   for ours, theirs in zip(found, outcome('producer-consumer')['results']))


def passwords(lines):
    return lines[0] == 'hello world' and sorted(map(len, literal_eval(lines[1]))) == list(range(5, 13))


def inherited(lines):
    """Four copies of one generator: a number comes once from each at most. Who drew how many is not said."""
    often = collections.Counter(numbers(lines))
    return len(lines) == 20 and max(often.values()) <= 4 and all(0 <= number < 1 for number in often)


def drawn(lines):
    return numbers(lines) == outcome('rng-seed')['draws'] and len(lines) == 20


def streams(lines):
    return len(lines) == 1 and len(set(literal_eval(lines[0]))) == 4


def thread_ids(lines):
    """What two threads print at once may be torn."""
    (own, main), = pids(lines[:1], r'main (\d+) (\d+)')
    said = ' '.join(lines[1:-2])
    processes = pids(lines[-2:], r'[12] (\d+) (\d+)')
    return (own == main and said.count(own) >= 2 and
            all(pid == tid and pid != own for pid, tid in processes) and processes[0] != processes[1])


def as_completed(lines):
    return (sorted(map(int, lines[:20])) == list(range(20)) and lines[0] != '0'
            and lines[20:] == [str(list(range(15)))])


def races(lines):
    return len(lines) == 10 and all(int(line.split()[1]) <= 200000 for line in lines)


BROKEN_POOL = 'A process in the process pool was terminated abruptly .*'
PINGS = in_any_order('parent received Ping', 'child received Pong')
SQUARES = [f"within main: {{'idx': {i}, 'n_sq': '{n ** 2}'}}" for ns in ((2, 3, 5), (5, 6, 7)) for i, n in enumerate(ns)]

# shows: what it has to print. speed: of its clock; slow where a limit of time is looked at.
# change: what is different here, because it would take long, or is a form of its own. hangs: it may.
Case = collections.namedtuple('Case', 'shows speed change hangs', defaults=(10, {}, False))

CASES = {
    'alive-and-join': Case(in_order('True True', 'False (True|False)', 'False False'),
                           change={'2_000_000': '300_000', '3_000_000': '450_000'}),
    'bank-race': Case(in_order('200'), 20),
    'barrier': Case(barrier_holds),
    'condition-event': Case(in_order('42')),
    'console-lock': Case(in_any_order(*(f'hello world {i}' for i in range(10)))),
    'cores': Case(cores, change={'2_000_000': '200_000'}),
    # Its 0.1 s are a chance to meet, no promise: on a busy machine both may eat.
    'deadlock': Case(lambda lines: lines in (['a deadlock'] * 2, ['eats'] * 2), 2),
    'executor': Case(in_order(*[BROKEN_POOL] * 20), 0.5),
    'exit-and-signals': Case(exit_codes),
    'gil': Case(gil, 0.5, {'5_000_000': '500_000'}),
    'globals-threads-processes': Case(globals_differ),
    'hello-process': Case(in_any_order("<Process name='Process-1' parent=.* initial>", r'Hello bob from PID \d+',
                                       "<Process name='Process-1' pid=.* (started|stopped exitcode=0)>",  # a quick child
                                       "<Process name='Process-1' pid=.* stopped exitcode=0> 0")),
    'io-bound': Case(answers, change={'timeout=0.5': 'timeout=2'}),
    'manager-dict': Case(tracker, 1),
    'many-workers': Case(in_any_order(*(f'Worker: {i}' for i in range(5)))),
    'map-reduce': Case(in_order(r'(66656667000000|33328333500000) \1 [\d.]+'), change={'f, range(10_000)': 'f, range(100)'}),
    'monte-carlo-pi': Case(pi),
    'names-and-pids': Case(names),
    'overlap-waits': Case(overlap, 1),
    'ping-pong-pipe': Case(PINGS),
    'ping-pong-queue': Case(PINGS),
    'pool-apply': Case(in_order('not ready after 1 s')),
    'pool-callback': Case(in_order('1000')),
    'pool-context': Case(left_early, 2),
    'pool-exercise': Case(in_order(*(str(x * x) for x in range(1, 11)))),
    'pool-lifecycle': Case(in_order('the map has not returned', '5')),
    'pool-map': Case(pool_map),
    'pool-schedule': Case(schedule, 4),
    'private-memory': Case(slots),
    'producer-consumer': Case(sigmoids),
    'queue-results': Case(passwords),
    'rng-fork': Case(inherited),
    'rng-seed': Case(drawn),
    'rng-streams': Case(streams),
    'semaphore': Case(in_order('semaphore or lock released too many times')),
    'shared-value-array': Case(in_order(r'\[4, 9, 25\] 5\.0')),
    'template': Case(in_order('[0-3]')),
    'thread-ids': Case(thread_ids),
    'thread-pool': Case(as_completed),
    'thread-race': Case(in_order(*(f'{i} 200000' for i in range(10)))),
    'two-queues': Case(in_order(*map(re.escape, SQUARES))),
    'work-queue': Case(in_any_order(*map(str, range(20)))),
}

OTHERWISE = [
    ('bank-race', Case(in_order(r'\d+'), 20, {'with lock:': 'if True:'})),
    ('console-lock', Case(torn(*(f'hello world {i}' for i in range(10))), change={'with lock:': 'if True:'})),
    ('deadlock', Case(in_order('eats', 'eats'), change={'(b, a)': '(a, b)'})),
    ('executor', Case(in_any_order(*map(str, range(20))), change={'if n == 2:': 'if n == 20:'})),
    ('ping-pong-queue', Case(at_most('parent received Ping', 'child received Ping', 'child received Pong'),
                             change={'pongs = Queue()': 'pongs = pings'}, hangs=True)),
    ('pool-context', Case(stayed, change={'# pool.close()': 'pool.close()'})),
    ('rng-fork', Case(drawn, change={'# np.random.seed': 'np.random.seed'})),
    ('thread-race', Case(races, change={'with lock:': 'if True:'})),
    ('work-queue', Case(at_most(*map(str, range(20)), *['None'] * 4), change={'target=mended': 'target=broken'}, hangs=True)),
]


# ---- running one ----

@functools.lru_cache
def python_with(module):
    """The first Python that can import it, or None."""
    def has(python):
        return os.path.exists(python) and subprocess.run([python, '-c', f'import {module}'], stdin=subprocess.DEVNULL,
                                                         capture_output=True, timeout=LIMIT).returncode == 0
    return next(filter(has, PYTHONS), None)


class Site(http.server.BaseHTTPRequestHandler):
    """What io-bound asks for: every fourth page is not there, and 5 is never answered."""
    protocol_version = 'HTTP/1.0'
    closing = threading.Event()

    def do_GET(self):
        if self.path == '/5':
            self.closing.wait(LIMIT)
            return
        self.send_response(404 if int(self.path[1:]) % 4 == 3 else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # five are too few for eight that come at once


def environment(folder, speed):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith('PYTHON') and not name.lower().endswith('_proxy')}
    return {**kept, 'PYTHONPATH': folder, 'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONIOENCODING': 'utf-8',
            'TMPDIR': folder, 'LESSON_SPEED': str(speed), 'LESSON_METHOD': METHOD}


def end_group(group):
    """Whatever is left of it, once it had its time to go, is killed and waited for; says whether there was any."""
    end, left = time.monotonic() + GRACE, False
    while True:
        try:
            if os.waitpid(-group, os.WNOHANG)[0] == 0:
                if time.monotonic() > end and not left:
                    left = True
                    os.killpg(group, signal.SIGKILL)
                time.sleep(0.005)
        except ChildProcessError:
            return left


def run(python, code, case):
    """(status, output, errors, whether something was left); status None: it was killed as one that hangs."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (('sitecustomize.py', PRELUDE), ('same.py', code)):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write(text)
        with open(os.path.join(folder, 'out'), 'w+') as out, open(os.path.join(folder, 'err'), 'w+') as err:
            process = subprocess.Popen([python, 'same.py'], cwd=folder, env=environment(folder, case.speed), stdout=out,
                                       stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                status = process.wait(HANGS if case.hangs else LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                status = None
            left = end_group(process.pid)
            out.seek(0)
            err.seek(0)
            return status, out.read(), err.read(), left


def is_right(case, lines):
    try:
        return case.shows(lines)
    except (ValueError, IndexError, AttributeError, SyntaxError):  # quite other lines than it knows
        return False


skipped = set()


def as_it_is_said(lesson, case):
    with open(lesson.text, encoding='utf-8') as file:
        code = '\n'.join(re.findall(r'```python\n(.*?)```', file.read(), flags=re.S))
    for old, new in case.change.items():
        check(old in code, f'{lesson}: its Python has no "{old}": see the tables of this test')
        code = code.replace(old, new)
    python = python_with('numpy') if 'numpy' in code else sys.executable
    if python is None:
        skipped.add(lesson.name)
        return
    status, out, err, left = run(python, code.replace('127.0.0.1:8000', site), case)
    told = f'{lesson}{"".join(f" with {new}" for new in case.change.values())}'
    check(status == 0 or status is None and case.hangs, f'{told}: status {status}\n{out}{err}')
    check('Traceback' not in err, f'{told}: {err}')
    check(is_right(case, out.splitlines()), f'{told}: printed\n{out}{err}')
    check(not left, f'{told}: left a process')


ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whom it leaves behind is ours to wait for
server = Server(('127.0.0.1', 0), Site)
site = f'127.0.0.1:{server.server_port}'
threading.Thread(target=server.serve_forever, daemon=True).start()

found = lessons() + [Lesson('lessons/template/lesson.c')]
check(not set(CASES) - {lesson.name for lesson in found} or len(sys.argv) > 1,
      lambda: f'no such lesson: {set(CASES) - {lesson.name for lesson in found}}')
jobs = [(lesson, CASES.get(lesson.name, Case(lambda lines: True))) for lesson in found]
jobs += [(lesson, case) for name, case in OTHERWISE for lesson in found if lesson.name == name]
each(jobs, as_it_is_said)
Site.closing.set()
server.shutdown()
if skipped:
    print(f'no Python here has numpy; not run: {", ".join(sorted(skipped))}')
finish()
