#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The map: every section of the notebooks that has code has a lesson, in the notebook's own order."""
import glob
import json
import os
import subprocess
import sys

LOCKSTEP = os.path.abspath(os.environ.get('LOCKSTEP', './lockstep'))

# The sections with code, as the notebooks have them; and two with a task (B) and a claim (E) that became lessons.
SECTIONS = {
    'A': ['What do I mean by parallelizable?', 'Process Class', 'Queue Class', 'Pool Class'],
    'B': ['Basics', 'Communicating results', 'Using a pool of workers', 'Exercise'],
    'C': ['Setup', 'Ping Pong Pipe', 'Ping Pong Queue', 'Send Multiple Jobs', 'Send Single Job', 'Get PID', 'With Context',
          'CPU Count', 'Child Processes', 'Map', 'IMap', 'StarMap', 'Apply', 'Map_async', 'Starmap', 'Apply_async',
          'Barrier', 'Managers'],
    'D': ['Multi Threading', 'Some remarks on multi threading', 'Thread lock', 'Thread pools',
          'A practical example with improved performance', 'Multi Processing', 'Queues', 'Process pools',
          'Multi processing and random numbers', 'A simple Monte Carlo example: computing Pi'],
    'E': ['Python Multiprocessing Process Class', 'Getting Information about Processes',
          'Multiprocessing vs Multithreading', 'Multithreading example', 'Multithreading and global variables',
          'Using Array', 'Using value', 'Sharing Data Between Processes Using Queue',
          'Multiprocessing Lock', 'Critical Section', 'Multiprocessing Pool (Map Reduce)'],
}
BEYOND = {'condition-event', 'deadlock'}  # what no notebook has


def check(condition, *what):
    if not condition:
        print('FAILED:', *what)
        sys.exit(1)


def run(*arguments):
    return subprocess.run([LOCKSTEP, 'list', *arguments], capture_output=True, text=True, timeout=60)


there = {os.path.basename(os.path.dirname(path)) for path in glob.glob('lessons/[0-9]*/*/lesson.c')}
mapped = set()
for letter, titles in SECTIONS.items():
    rows = [json.loads(line) for line in run('--notebook', letter, '--json').stdout.splitlines()]
    check([row['section'].split(': ')[-1] if letter == 'C' else row['section'] for row in rows] == titles, letter, rows)
    for row in rows:
        check(row['lessons'], row, 'has no lesson')
        for lesson in row['lessons']:
            check(lesson['here'] and lesson['name'] in there, lesson)
            mapped.add(lesson['name'])
    text = run('--notebook', letter.lower()).stdout
    check(all(title in text for title in titles), text)
check(there - BEYOND <= mapped, 'lessons of no notebook:', there - BEYOND - mapped)
done = run('--notebook', 'F')
check(done.returncode == 2 and 'A, B, C, D and E' in done.stderr, done)
