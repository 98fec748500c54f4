#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lessons of the learner's own: `edit` never loses anything, `check` says what is missing and why, what
cannot be built is told and harms nobody else.

Wall limit: 200 s
"""

import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, 'tests/lessons')
from contract import BUILD, LOCKSTEP, check, finish  # noqa: E402

HOME = pathlib.Path(os.environ['TMPDIR']) / 'home'
DATA = HOME / 'data/lockstep/lessons'
MINE = DATA / 'pool-exercise/lesson.c'
EXERCISE = pathlib.Path(BUILD) / 'lessons/5-pools/pool-exercise'
SOLUTION = (EXERCISE / 'solution.c').read_text()

ENVIRONMENT = dict(os.environ, XDG_DATA_HOME=str(HOME / 'data'), XDG_STATE_HOME=str(HOME / 'state'),
                   CFLAGS=os.environ.get('LOCKSTEP_CFLAGS', ''))
for name in ('VISUAL', 'EDITOR'):
    ENVIRONMENT.pop(name, None)


def lockstep(*arguments, status=0, errors=True, **more):
    done = subprocess.run([LOCKSTEP, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          env=dict(ENVIRONMENT, **more))
    check(done.returncode == status, lambda: f'{arguments}: status {done.returncode}, not {status}: {done.stdout}{done.stderr}')
    return done.stdout + done.stderr * errors


def says(text, *patterns):
    plain = ' '.join(text.split())
    for pattern in patterns:
        check(re.search(pattern, plain), f'"{pattern}" is not in: {plain}')


def listed():
    return {lesson['name']: lesson for lesson in map(json.loads, lockstep('list', '--json', errors=False).splitlines())}


def write(source):
    """As somebody who saves a file: newer than what was made of the last one."""
    MINE.write_text(source)


def changed(*pairs):
    source = SOLUTION
    for old, new in pairs:
        check(old in source, f'the solution has no {old!r} any more')
        source = source.replace(old, new)
    return source


def starting():
    says(lockstep('check', 'pool-exercise', status=1), 'lockstep edit pool-exercise')
    says(lockstep('run', 'pool-exercise', '--text', '--step'), 'this is the exercise as it starts')
    says(lockstep('edit', 'pool-exercise'), str(MINE))
    check(MINE.read_text() == (EXERCISE / 'lesson.c').read_text(), 'not the file that the exercise starts with')
    says(lockstep('check', 'pool-exercise', status=1), 'done it can be built', 'NO a pool of five workers No pool was made',
         'lockstep check pool-exercise --hint')
    MINE.write_text('mine\n')
    says(lockstep('edit', 'pool-exercise'), 'as you left it')
    check(MINE.read_text() == 'mine\n', 'edit has overwritten what the learner wrote')


GET_LOOP = '''	for (int i = 0; i < INPUTS; i++) {
		json_t *result = pool_result_get(given[i], -1);
'''
SUBMIT = 'given[i] = pool_apply_async(pool, f, json_integer(i + 1));'
SUBMIT_LOOP = '\tfor (int i = 0; i < INPUTS; i++)\n\t\t' + SUBMIT + '\n'
PRINT = '\t\tprint("f(%d) = %" JSON_INTEGER_FORMAT, i + 1,\n\t\t      json_integer_value(result));\n'
SLEEP = '''	if (lesson_is("sleep", "on"))
		clock_sleep(0.5);
'''

# What a learner may write, and what is said of it.
ATTEMPTS = [
    ([('pool_new("pool", WORKERS)', 'pool_new("pool", 3)')], 'NO a pool of five workers The pool has 3 workers'),
    ([('for (int i = 0; i < INPUTS; i++)\n\t\tgiven', 'for (int i = 0; i < INPUTS - 3; i++)\n\t\tgiven'),
      (GET_LOOP, GET_LOOP.replace('INPUTS', 'INPUTS - 3'))], 'NO ten tasks.* 7 tasks were given'),
    ([('json_integer(i + 1));', 'json_integer(7));')], 'NO ten tasks.*All ten tasks got the same input, 7'),
    ([(SUBMIT_LOOP, ''), (GET_LOOP, GET_LOOP.replace('pool_result_get(given[i], -1)', 'pool_apply(pool, f, json_integer(i + 1))')),
      ('\t\tpool_result_free(given[i]);\n', ''), ('\tpool_close(pool);\n', '')],
     r'NO all given away.*Line \d+ calls apply: each call waits'),
    ([(SUBMIT_LOOP, ''), (GET_LOOP, GET_LOOP.replace('json_t *result', SUBMIT + '\n\t\tjson_t *result')), ('\tpool_close(pool);\n', '')],
     'NO all given away.*asks for a result when only 1 of the ten tasks'),
    ([(GET_LOOP, GET_LOOP.replace('-1)', 'lesson_is("sleep", "on") ? 0.1 : -1)')),
      ('json_integer_value(result));\n\t\tjson_array', 'json_integer_value(result));\n\t\tif (result)\n\t\tjson_array')],
     r'NO each result waited for Line \d+ gave up'),
    ([('given[i], -1', 'given[INPUTS - 1 - i], -1'), ('pool_result_free(given[i]);', '')],
     'NO ten results, in the order of the inputs.*another order'),
    ([('n * n', 'n - n')], 'NO ten results.*the same number for every input'),
    ([(PRINT, '')],
     'NO each result printed Result number 1, 1, was not printed.*printf'),
    ([('\tpool_join(pool);\n', '')], 'NO the pool closed and joined The pool was closed and not joined'),
    ([('\tpool_close(pool);\n', ''), ('\tpool_join(pool);\n\tpool_free(pool);\n', '')],
     'NO the pool closed and joined The pool was not closed'),
    ([('\tpool_close(pool);\n', ''), ('\tpool_join(pool);\n', '')],
     r'NO the pool closed and joined Line \d+ terminates the pool, as pool_free does'),
    ([(GET_LOOP, GET_LOOP.replace('pool_result_get(given[i], -1)', 'json_integer((i + 1) * (i + 1))'))],
     'NO each result waited for No result was asked for'),
    ([('return json_integer(n * n)', '(void)n;\n\treturn NULL')],
     'NO each result waited for For 10 of the ten inputs f came to no result: "the function returned nothing"'),
    ([('return json_integer(n * n)', '(void)n;\n\treturn input')], 'NO each result waited for.*only lent to it'),
    ([('json_integer(n * n)', 'n == 3 ? (process_exit(3), input) : json_integer(n * n)')],
     r'NO it comes to its end.*Before that ForkPoolWorker-\d ended with exit code 3.*ForkPoolWorker-\d takes task'),
    ([('given[i], -1', 'i == 3 ? NULL : given[i], -1')],
     r'NO it comes to its end.*AttributeError: NULL \(None\) was used as an object, in main > pool_result_get'),
    ([('pool_result_free(given[i]);', 'i--;')],
     r'NO it comes to its end.*MainProcess that moved last.*of line \d+: MainProcess'),
    ([('\tpool_close(pool);\n', ''), ('\tpool_join(pool);\n', '\tpool_join(pool);\n\tpool_close(pool);\n')],
     r'NO the pool closed and joined Line \d+ joins a pool that is not closed: it is refused'),
    ([('\treturn json_integer(n * n);', '\tprint("%d", (int)(n * n));\n\treturn json_integer(n * n);'), (PRINT, '')],
     'NO each result printed The workers print, each of them when it is done'),
    ([(SLEEP, '')], 'NO a sleep in f.*0 of ten calls of f slept'),
    ([('\tstruct pool_result', '\tint *nowhere = NULL;\n\t*nowhere = 1;\n\tstruct pool_result')],
     'NO it comes to its end.*(killed by signal 11|exit status).*The last that was seen of it.* MainProcess'),
    ([('json_integer(n * n)', '(json_t *)(n * n)')],
     r'NO it comes to its end.*Before that ForkPoolWorker-\d was killed by signal.*ForkPoolWorker-\d takes task'),
    ([('\tpool_close(pool);\n', '\tpool_terminate(pool);\n')], r'NO it comes to its end.*Line \d+ terminates the pool'),
    ([('\tpool_close(pool);\n', ''), ('\tstruct pool_result', '\tpool_close(pool);\n\tstruct pool_result')],
     r'NO it comes to its end.*Line \d+ closes the pool when 0 of the ten tasks'),
    ([('#include "mp/mp.h"', '')], 'lesson.c:.*error.*… and .* lines more NO it can be built'),
    ([('\tpool_join(pool);\n', '\tpool_join(pool);\n\tstruct lock *lock = lock_new("lock");\n'
       '\tlock_acquire(lock);\n\tlock_acquire(lock);\n')], 'NO it comes to its end.*Nobody can move any more'),
    ([('json_integer(n * n)', 'json_integer(n * m)')], 'lesson.c:.*error.*NO it can be built'),
]


def attempts():
    for pairs, said in ATTEMPTS:
        write(changed(*pairs))
        says(lockstep('check', 'pool-exercise', status=1), said)


def hints():
    says(lockstep('check', 'pool-exercise', '--solution', status=1), 'after the hints: 0 of 6')
    for number in range(1, 7):
        says(lockstep('check', 'pool-exercise', '--hint'), f'Hint {number} of 6: ')
    says(lockstep('check', 'pool-exercise', '--hint'), 'Hint 6 of 6: .* --solution')
    check(lockstep('check', 'pool-exercise', '--solution') == SOLUTION, 'not the solution')


def solving():
    check(not finished(), 'finished before it is done')
    write(SOLUTION)
    says(lockstep('run', 'pool-exercise', '--text', '--step'), 'this is your own pool-exercise', r'f\(10\) = 100')
    check(not finished(), 'a run alone finishes no exercise')
    says(lockstep('check', 'pool-exercise'), 'done five tasks at a time', 'Done. Nothing is missing')
    check(finished(), 'done, and not kept')
    check(listed()['pool-exercise']['own'] is True and listed()['pool-exercise']['chapter'] == 'Pools', 'the exercise is not in its place')


def finished():
    lines = lockstep('progress', '--json', errors=False).splitlines()
    return next(line['finished'] for line in map(json.loads, lines) if line['lesson'] == 'pool-exercise')


def copies():
    says(lockstep('edit', 'hello-process'), 'my-hello-process/lesson.c')
    mine = listed().get('my-hello-process', {})
    check(mine.get('chapter') == 'Your own' and mine.get('own') is True, mine)
    says(lockstep('run', 'my-hello-process', '--step', '--text'), 'verdict:')
    says(lockstep('check', 'my-hello-process'), 'Nothing is wrong')
    says(lockstep('check', 'hello-process', status=1), 'lockstep edit hello-process')
    says(lockstep('check', 'my-hello-process', '--hint', status=2), 'is no exercise')
    says(lockstep('edit', 'nonsense', status=2), "no lesson 'nonsense'")
    source = DATA / 'my-hello-process/lesson.c'
    source.write_text(source.read_text().replace('.title = "', '.title = "Mine: '))
    check(listed()['my-hello-process']['title'].startswith('Mine: '), 'a change is not built')
    lockstep('edit', 'deadlock')
    says(lockstep('check', 'my-deadlock'), 'Nothing is wrong')  # one that the lesson says may be
    lockstep('edit', 'io-bound')
    check(listed()['my-io-bound'].get('problem') is None, f'libraries of its own: {listed()["my-io-bound"]}')


def damaged():
    """A bad neighbour is told, and all others are there."""
    before = set(listed())
    for folder in ('broken', 'empty', 'bad name', 'pipe', 'bank-race', 'hangs', 'talks'):
        (DATA / folder).mkdir()
    (DATA / 'broken/lesson.c').write_text('int main(void) { return nothing; }\n')
    os.mkfifo(DATA / 'pipe/lesson.c')
    (DATA / 'bank-race/lesson.c').write_text('int main(void) { return 0; }\n')
    (DATA / 'hangs/lesson.c').write_text('int main(void) { for (;;); }\n')
    (DATA / 'talks/lesson.c').write_text('#include <stdio.h>\nint main(void) { puts("{}"); }\n')
    (DATA / 'file').write_text('no folder\n')
    now = listed()
    check(set(now) == before | {'broken', 'hangs', 'talks'}, set(now) ^ before)
    for name, said in (('broken', 'nothing.*undeclared'), ('hangs', 'longer than 5 seconds'), ('talks', 'title')):
        says(now[name].get('problem') or '', said)
    began = time.monotonic()
    says(lockstep('list'), 'bank-race: left out: there is a lesson of this name', 'empty: left out', 'bad name: left out',
         'broken cannot be built', 'Your own')
    check(time.monotonic() - began < 3, 'what cannot be built is tried again each time')
    says(lockstep('run', 'broken', '--text', status=1), 'nothing', 'broken cannot be built')
    says(lockstep('run', 'my-hello-process', '--step', '--text', CC='no-such-compiler'), 'verdict:')
    (DATA / 'new').mkdir()
    (DATA / 'new/lesson.c').write_text('int main(void) { return 0; }\n')
    says(lockstep('run', 'new', status=1, CC='no-such-compiler'), "no compiler 'no-such-compiler'")
    check(not list(DATA.glob('*/lesson.[0-9]*')), f'left over: {list(DATA.glob("*/lesson.*"))}')
    shutil.rmtree(DATA / 'new')


def unwritable():
    """A full disk, or a place that is none: told, nothing half there."""
    place = HOME / 'file'
    place.write_text('')
    says(lockstep('edit', 'pool-exercise', status=1, XDG_DATA_HOME=str(place)), 'Not a directory')
    says(lockstep('edit', 'pool-exercise', status=1, XDG_DATA_HOME='', HOME='here'), 'neither XDG_DATA_HOME nor HOME')
    # A limit on the size of files stands for a disk without room.
    done = subprocess.run(['bash', '-c', f'trap "" XFSZ; ulimit -f 1; exec {LOCKSTEP} edit pool-exercise'], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, env=dict(ENVIRONMENT, XDG_DATA_HOME=str(HOME / 'full')))
    check(done.returncode == 1 and 'File too large' in done.stderr, done)
    left = [path for path in (HOME / 'full').rglob('*') if path.is_file()]
    check(not left, f'half a lesson: {left}')


def editor():
    """On a terminal the editor is opened, with its options."""
    script = HOME / 'editor.sh'
    script.write_text('#!/bin/sh\necho "editing $*"\n')
    script.chmod(0o755)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(LOCKSTEP, [LOCKSTEP, 'edit', 'pool-exercise'], dict(ENVIRONMENT, EDITOR='false', VISUAL=f'{script} --fast'))
    said = b''
    try:
        while chunk := os.read(terminal, 4096):
            said += chunk
    except OSError:
        pass  # the other end is closed
    _, status = os.waitpid(pid, 0)
    check(status == 0 and f'editing --fast {MINE}' in said.decode(), said)


HOME.mkdir()
for part in (starting, attempts, hints, solving, copies, damaged, unwritable, editor):
    part()
finish()
