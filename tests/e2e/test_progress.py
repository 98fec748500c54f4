#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verb progress: as text, as JSON, and forgotten only when that is meant."""
import json
import os
import subprocess
import sys
import tempfile

LOCKSTEP = os.path.abspath(os.environ.get('LOCKSTEP', './lockstep'))


def check(condition, *what):
    if not condition:
        print('FAILED:', *what)
        sys.exit(1)


def run(state, *arguments):
    return subprocess.run([LOCKSTEP, 'progress', *arguments], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env={**os.environ, 'XDG_STATE_HOME': state})


with tempfile.TemporaryDirectory() as state:
    path = os.path.join(state, 'lockstep', 'progress.json')
    done = run(state)
    check(done.returncode == 0 and 'Go on with ' in done.stdout and done.stderr == '', done)
    check(not os.path.exists(path), 'reading writes nothing')

    os.mkdir(os.path.dirname(path))
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({'version': 1, 'lessons': {'bank-race': {'seen': True, 'right': True, 'finished': True}}}, file)
    check('finished, predicted right' in run(state).stdout, run(state).stdout)
    lines = [json.loads(line) for line in run(state, '--json').stdout.splitlines()]
    bank = [line for line in lines if line['lesson'] == 'bank-race'][0]
    check(bank == {'type': 'progress', 'lesson': 'bank-race', 'seen': True, 'right': True, 'finished': True,
                   'next': False}, bank)
    check(sum(line['next'] for line in lines) == 1, lines)

    done = run(state, '--reset')
    check(done.returncode == 2 and '--reset --yes' in done.stderr, done)
    check(os.path.exists(path), '--reset alone, with nobody to ask, forgets nothing')
    check(run(state, '--yes').returncode == 2, '--yes without --reset')
    check(run(state, '--reset', '--yes').returncode == 0, 'reset')
    check(not os.path.exists(path), 'forgotten')

    with open(path, 'w', encoding='utf-8') as file:
        file.write('{"version": 1, "lessons": [\x1b]')
    done = run(state)
    check(done.returncode == 0 and 'not understood' in done.stderr and '\x1b' not in done.stderr, done)
