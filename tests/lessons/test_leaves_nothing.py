#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run again and again, a lesson leaves nothing behind (R5): no process, dead or alive, and no file,
whatever its variant and the order of its steps.

LOCKSTEP_ROUNDS says how many runs of each lesson (4; 500 of all take half an hour), LOCKSTEP_SEED
repeats them. Every tenth run is a free one; those of few rounds are test_alone's.

Wall limit: 300 s
"""
import ctypes
import os
import random
import subprocess
import tempfile
import time

from contract import LIMIT, LOCKSTEP, check, finish, lessons, sets

ROUNDS = int(os.environ.get('LOCKSTEP_ROUNDS', '4'))
SEED = int(os.environ.get('LOCKSTEP_SEED', str(random.randrange(1000000))))
MARK = f'LOCKSTEP_TEST_MARK={os.getpid()}.{time.time_ns()}'
WITHIN = 1.0
FREE_EACH = 10
LOOK_EACH = 50
SPEED = '1000'

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what is orphaned comes to us
luck = random.Random(SEED)


def read(pid, name):
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as file:
            return file.read()
    except OSError:
        return b''


def left():
    """Living processes that have the mark, and our children: every one that was waited for is gone."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        parent = read(pid, 'stat').rpartition(b')')[2].split()[1:2]
        if int(pid) != os.getpid() and (MARK.encode() in read(pid, 'environ') or parent == [b'%d' % os.getpid()]):
            found.append(f'{pid} {read(pid, "stat").decode(errors="replace")[:60]}')
    return found


def run(lesson, variant, free, folder):
    mode = ['--speed', SPEED] if free else ['--step', '--seed', str(luck.randrange(1000000))]
    command = [LOCKSTEP, 'run', lesson.name, '--json', *mode, *sets(variant)]
    name, value = MARK.split('=')
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          timeout=LIMIT * 10, env={**os.environ, name: value, 'TMPDIR': folder})
    check(done.returncode in (0, 1), f'{" ".join(command)}: status {done.returncode} {done.stderr[:200]}')


def look(lesson, runs):
    """All processes are looked at: not after every run."""
    end = time.monotonic() + WITHIN
    while left() and time.monotonic() < end:
        time.sleep(0.01)
    check(not left(), lambda: f'{lesson}: up to run {runs} left {left()}')


def run_all(lesson):
    variants = [variant['settings'] for variant in lesson.describe()['variants']] or ['']
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            run(lesson, variants[number % len(variants)], number % FREE_EACH == FREE_EACH - 1, folder)
            if number % LOOK_EACH == LOOK_EACH - 1 or number == ROUNDS - 1:
                look(lesson, number)
        check(not os.listdir(folder), f'{lesson}: {ROUNDS} runs left {os.listdir(folder)}')
    if ROUNDS > 4:
        print(f'{lesson}: {ROUNDS} runs, {time.monotonic() - began:.1f} s', flush=True)


for each_one in lessons():
    run_all(each_one)
print(f'{ROUNDS} runs of each lesson (LOCKSTEP_SEED={SEED})')
finish()
