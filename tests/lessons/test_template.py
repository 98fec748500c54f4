#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A copy of the template under another name is a lesson: make finds it, the list has it, it runs,
and no other file was touched. The template itself is no lesson.

What was built is copied with its times, so that make has nothing to compile but the new lesson.

Wall limit: 120 s
"""

import os
import shlex
import shutil
import subprocess
import tempfile

import contract
from contract import BUILD, LOCKSTEP, Run, check, finish

CHAPTER, NAME = '9-mine', 'my-lesson'
INSIDE = os.path.join('build', os.path.basename(BUILD))


def listed():
    out = subprocess.run([LOCKSTEP, 'list', '--json'], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return out.stdout.decode()


def copy_tree(top):
    """The tree at `top`: sources as a link, what was built of them, the lessons, and one more."""
    os.symlink(os.path.abspath('src'), os.path.join(top, 'src'))
    shutil.copy2('Makefile', top)
    shutil.copytree('lessons', os.path.join(top, 'lessons'))  # with their times, as all of this
    for part in ('obj/src', 'obj/lessons', 'lessons', 'flags', 'libmp.a', 'libmp.list'):
        there = os.path.join(top, INSIDE, part)
        os.makedirs(os.path.dirname(there), exist_ok=True)
        subprocess.run(['cp', '-rp', os.path.join(BUILD, part), there], check=True)
    shutil.copytree('lessons/template', os.path.join(top, 'lessons', CHAPTER, NAME))


def make(top):
    """As the build was made: the same compiler and warnings, or all would be compiled anew."""
    with open(os.path.join(BUILD, 'flags')) as file:
        words = shlex.split(file.read())
    folder = f'{INSIDE}/lessons/{CHAPTER}/{NAME}'
    command = ['make', 'BUILD=build', f'MODE={os.path.basename(BUILD)}', f'CC={words[0]}',
               *(['WERROR=1'] if '-Werror' in words else []),
               *(f'{folder}/{name}' for name in ('lesson', 'lesson.json', 'lesson.md', 'lesson.c', 'tour'))]
    environment = {key: value for key, value in os.environ.items() if key not in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL')}
    done = subprocess.run(command, cwd=top, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=100)
    check(done.returncode == 0, lambda: f'make: {done.stdout.decode()}{done.stderr.decode()}')


with tempfile.TemporaryDirectory() as top:
    copy_tree(top)
    make(top)
    os.environ['LOCKSTEP_LESSONS'] = os.path.join(top, INSIDE, 'lessons')
    names = listed()
    check(f'"{NAME}"' in names, f'lockstep list does not have {NAME}: {names[:2000]}')
    check(all(f'"{lesson}"' in names for lesson in contract.lessons()), f'lockstep list lacks lessons: {names[:2000]}')
    check('"template"' not in names, 'the template itself is in the list')

    early = set()
    for seed in range(30):
        run = Run(NAME, '--step', '--seed', str(seed))
        check(run.good, run)
        early.add(run.outcome.get('count'))
        mended = Run(NAME, '--step', '--seed', str(seed), '--set', 'join=on')
        check(mended.good and mended.outcome == {'count': 2}, mended)
    check(len(early) > 1, f'main reads only {early}')
    free = Run(NAME, '--set', 'join=on', '--set', 'steps=100')
    check(free.good and free.outcome == {'count': 100}, free)
    tour = subprocess.run([LOCKSTEP, 'tour', NAME], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    with open('lessons/template/tour', encoding='utf-8') as script:
        captions = sum(line.startswith('say ') for line in script)
    check(tour.returncode == 0 and tour.stdout.count('\n» ') == captions > 0, tour)
finish()
