#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A copy of the template under another name is a lesson: make finds it, the list has it, it runs,
and no other file was touched. The template itself is no lesson.

The tree is copied as links, so that make has nothing to compile but the new lesson.

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


def listed():
    out = subprocess.run([LOCKSTEP, 'list', '--json'], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return out.stdout.decode()


def copy_tree(top):
    """The tree at `top`: sources as links, the build as hard links, the lessons, and one more."""
    here = os.getcwd()
    for name in ('src', 'tests'):
        os.symlink(os.path.join(here, name), os.path.join(top, name))
    shutil.copy2('Makefile', top)
    shutil.copytree('lessons', os.path.join(top, 'lessons'))  # copy2: the times stay
    subprocess.run(['cp', '-rp', os.path.abspath(BUILD), os.path.join(top, 'release')], check=True)
    os.makedirs(os.path.join(top, os.path.dirname(BUILD)), exist_ok=True)
    os.rename(os.path.join(top, 'release'), os.path.join(top, BUILD))
    shutil.copytree('lessons/template', os.path.join(top, 'lessons', CHAPTER, NAME))


def make(top):
    """As the build was made: the same compiler and warnings, or all would be compiled anew."""
    with open(os.path.join(BUILD, 'flags')) as file:
        words = shlex.split(file.read())
    folder = f'{BUILD}/lessons/{CHAPTER}/{NAME}'
    command = ['make', f'BUILD={os.path.dirname(BUILD)}', f'MODE={os.path.basename(BUILD)}', f'CC={words[0]}',
               *(['WERROR=1'] if '-Werror' in words else []),
               *(f'{folder}/{name}' for name in ('lesson', 'lesson.json', 'lesson.md', 'lesson.c'))]
    done = subprocess.run(command, cwd=top, stdin=subprocess.DEVNULL, capture_output=True, timeout=100)
    check(done.returncode == 0, lambda: f'make: {done.stdout.decode()}{done.stderr.decode()}')
    others = [line for line in done.stdout.decode().splitlines() if 'CC' in line.split() and NAME not in line]
    check(len(others) < 5, f'a new lesson made make compile other files: {others}')


with tempfile.TemporaryDirectory() as top:
    copy_tree(top)
    make(top)
    os.environ['LOCKSTEP_LESSONS'] = os.path.join(top, BUILD, 'lessons')
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
finish()
