#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lesson's tour: it plays to its end without a terminal, at the smallest size and at a larger one,
gives the same bytes twice, has a marker at each caption, takes half a minute to one and a half, and its
lines fit into 80 columns.

Wall limit: 240 s
"""

import json
import os
import re
import subprocess

from contract import BUILD, LIMIT, LOCKSTEP, check, each, finish, lessons

COLUMNS = 80
SHORTEST, LONGEST = 25, 100  # seconds
SIZES = ('80x24', '100x30')

# Beside the program, as it is installed; a build of before a change would be tested otherwise.
os.environ.setdefault('LOCKSTEP_LESSONS', os.path.join(BUILD, 'lessons'))


def render(lesson, *arguments):
    return subprocess.run([LOCKSTEP, 'tour', lesson.name, '--cast', '-', *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT)


def captions_of(path):
    """The captions of a script, each in one line."""
    joined = re.sub(r'\n[ \t]+', ' ', open(path, encoding='utf-8').read())
    return [line[4:].strip() for line in joined.split('\n') if line.startswith('say ')]


def check_cast(lesson, size, cast, captions):
    lines = cast.decode().splitlines()
    head, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    width, height = map(int, size.split('x'))
    check((head['version'], head['width'], head['height']) == (2, width, height), f'{lesson} {size}: {head}')
    times = [time for time, _, _ in events]
    check(times == sorted(times), f'{lesson} {size}: time goes back')
    check(SHORTEST <= times[-1] <= LONGEST, f'{lesson} {size}: {times[-1]} s are not {SHORTEST} to {LONGEST}')
    markers = [data for _, code, data in events if code == 'm']
    check(markers == captions, f'{lesson} {size}: markers {markers} are not the captions')
    check(all(code in 'om' for _, code, _ in events), f'{lesson} {size}: other events than output and markers')


def plays(lesson):
    path = os.path.join(lesson.folder, 'tour')
    if not check(os.path.exists(path), f'{lesson} has no tour: {path} is not there'):
        return
    captions = captions_of(path)
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        check(len(line.rstrip('\n')) <= COLUMNS, f'{path}:{number}: more than {COLUMNS} columns')
    for size in SIZES:
        first, again = render(lesson, '--size', size), render(lesson, '--size', size)
        if check(first.returncode == 0, f'{lesson} {size}: status {first.returncode}: {first.stderr.decode()}'):
            check_cast(lesson, size, first.stdout, captions)
        same_pids = b'PIDs' not in first.stderr  # this machine may not give them
        check(not same_pids or first.stdout == again.stdout, f'{lesson} {size}: not the same bytes twice')


each([(lesson,) for lesson in lessons()], plays)
finish()
