#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The library held to Python: every pair (pairs.h) is run on both sides, and what they tell is compared.

    test_differential.py [--rounds 1] [CLASS | CLASS/PAIR]…

Lines must be the same in the same order, but for those that start with "set:", which may come in any;
the exit statuses too, and nothing may be left running. A pair that differences.md lists must differ.

The Python side is forked from here, with the interpreter warm: a session, an output and a main module
as new ones, but with the library's modules loaded already.

Wall limit: 300 s
"""

import pairs  # first: it takes this folder out of the path

import argparse
import collections
import concurrent.futures.process
import concurrent.futures.thread
import difflib
import glob
import multiprocessing.connection
import multiprocessing.managers
import multiprocessing.pool
import multiprocessing.sharedctypes
import multiprocessing.synchronize
import os
import re
import select
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get('LOCKSTEP_BUILD', 'build/release')
LIMIT = 30.0   # seconds, of one pair on one side
GRACE = 2.0    # seconds that what it started has to be gone after it
AT_ONCE = 2
SIDES = ('Python', 'C')


class Inside(BaseException):
    """Thrown in a forked child up to main(), so that it ends as a program of its own does."""


class Side:
    """One side of a pair while it runs: a session of its own, its output in memory."""

    def __init__(self, side, group, name):
        self.output, self.errors = (os.memfd_create(f'{group}/{name}') for _ in range(2))
        self.deadline = time.monotonic() + LIMIT
        self.late = False
        self.pid = self.spawn(group, name) if side == 'C' else self.fork(group, name)
        self.end = os.pidfd_open(self.pid)

    def spawn(self, group, name):
        program = f'{BUILD}/tests/differential/{group}'
        actions = [(os.POSIX_SPAWN_OPEN, 0, '/dev/null', os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_DUP2, self.output, 1), (os.POSIX_SPAWN_DUP2, self.errors, 2)]
        # Python ignores SIGPIPE; what it starts shall not have learned that from it.
        return os.posix_spawn(program, [program, name], os.environ, file_actions=actions, setsid=True,
                              setsigdef=[signal.SIGPIPE])

    def fork(self, group, name):
        pid = os.fork()
        if pid == 0:
            os.setsid()
            os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
            os.dup2(self.output, 1)
            os.dup2(self.errors, 2)
            os.closerange(3, 256)
            raise Inside(group, name)
        return pid

    def finish(self):
        """Waits for what is left: (lines, exit status, what else is to be said)."""
        if self.late:
            os.killpg(self.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        notes = [f'still running after {LIMIT:g} s'] if self.late else []
        if not self.late and self.left_behind():
            notes.append('left a process behind')
        errors = self.take(self.errors)
        lines = self.take(self.output).splitlines()
        os.close(self.end)
        return lines, status, notes, errors

    def left_behind(self):
        until = time.monotonic() + GRACE
        while True:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return False
            if time.monotonic() > until:
                os.killpg(self.pid, signal.SIGKILL)
                return True
            time.sleep(0.002)

    @staticmethod
    def take(memory):
        os.lseek(memory, 0, os.SEEK_SET)
        with open(memory, encoding='utf-8', errors='replace') as file:
            return file.read()


def run_all(wanted, sides=SIDES):
    """Yields (group, name, {side: what finish() gave}) as they get done, AT_ONCE sides at a time."""
    waiting = collections.deque((group, name, side) for group, name in wanted for side in sides)
    running, done = {}, collections.defaultdict(dict)
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            group, name, side = waiting.popleft()
            started = Side(side, group, name)
            running[started.end] = (started, group, name, side)
        poll = select.poll()
        for end in running:
            poll.register(end, select.POLLIN)
        now = time.monotonic()
        patience = min(entry[0].deadline for entry in running.values()) - now
        ended = {end for end, _ in poll.poll(max(patience, 0) * 1000)}
        for end, (started, group, name, side) in list(running.items()):
            started.late = end not in ended and time.monotonic() >= started.deadline
            if end in ended or started.late:
                del running[end]
                done[group, name][side] = started.finish()
                if len(done[group, name]) == len(sides):
                    yield group, name, done.pop((group, name))


def comparable(result):
    """The lines in their order, then those of a set, then the exit status."""
    lines, status, notes, _ = result
    return [*(text for text in lines if not text.startswith('set:')),
            *sorted(text for text in lines if text.startswith('set:')), *notes, f'exit status {status}']


def compare(results, differs):
    """What is wrong with a pair, as text; '' when nothing is."""
    python, ours = (comparable(results[side]) for side in SIDES)
    notes = [f'{side}: {note}' for side in SIDES for note in results[side][2]]
    if differs and python == ours:
        return 'the same on both sides, though differences.md lists it'
    if (python == ours or differs) and not notes:
        return ''
    diff = list(difflib.unified_diff(python, ours, *SIDES, n=3, lineterm=''))
    errors = [f'standard error of {side}:\n{results[side][3]}' for side in SIDES if results[side][3]]
    return '\n'.join(notes + diff + errors)


def listed_differences():
    with open(os.path.join(HERE, 'differences.md'), encoding='utf-8') as file:
        return set(re.findall(r'^\| `(\w+/\w+)`', file.read(), re.MULTILINE))


def names_in_c(group):
    command = [f'{BUILD}/tests/differential/{group}', '--list']
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def take_stock(groups):
    """(all pairs that both sides have, what is wrong with the names), of these classes; none: of all."""
    def stems(suffix):
        found = {os.path.basename(path).removesuffix(suffix) for path in glob.glob(f'{HERE}/*{suffix}')}
        return found & groups if groups else found

    in_c, in_python = stems('.c') - {'pairs'}, stems('.py') - {'pairs', 'test_differential', 'mutate'}
    found, problems = [], [f'{group}: only one side has this class' for group in sorted(in_c ^ in_python)]
    for group in sorted(in_c & in_python):
        ours, python = names_in_c(group), pairs.names(group)
        problems += [f'{group}/{name}: only C has it' for name in ours if name not in python]
        problems += [f'{group}/{name}: only Python has it' for name in python if name not in ours]
        problems += [f'{group}/{name}: twice' for name, count in collections.Counter(ours).items() if count > 1]
        found += [(group, name) for name in ours if name in python]
    names = {f'{group}/{name}' for group, name in found}
    problems += [f'{name}: in differences.md only' for name in sorted(listed_differences() - names)
                 if not groups or name.split('/')[0] in groups]
    return found, problems


def check(arguments):
    found, problems = take_stock({name.split('/')[0] for name in arguments.wanted})
    wanted = [(group, name) for group, name in found
              if not arguments.wanted or {group, f'{group}/{name}'} & set(arguments.wanted)]
    differences = listed_differences()
    counts = collections.Counter(group for group, _ in wanted)
    began = time.monotonic()
    def faults_of(pairs):
        for group, name, results in run_all(pairs):
            wrong = compare(results, f'{group}/{name}' in differences)
            if wrong:
                yield group, name, wrong

    # Naps stand for "long enough" on both sides; on a busy machine a pair may need a second look, which is told.
    again = [(group, name) for group, name, _ in faults_of(wanted * arguments.rounds)]
    if again:
        print('second look:', *(f'{group}/{name}' for group, name in again))
        problems += [f'{group}/{name}\n{wrong}' for group, name, wrong in faults_of(again)]
    print(*(f'{group} {count}' for group, count in sorted(counts.items())), sep=', ')
    print(f'{len(wanted)} pairs, {arguments.rounds} round(s), {time.monotonic() - began:.1f} s,'
          f' {len(problems)} problem(s)')
    if problems or not wanted:
        sys.exit('\n\n'.join(problems) or 'no such pair')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('wanted', nargs='*')
    arguments = parser.parse_args()
    sys.stdout.flush()
    try:
        check(arguments)
    except Inside as inside:
        group, name = inside.args
    else:
        return
    sys.argv = [name]
    pairs.run(group, name)


if __name__ == '__main__':
    main()
