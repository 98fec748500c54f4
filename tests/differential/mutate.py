#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each pair is seen to fail: the library is broken on purpose, and the pairs have to notice.

    mutate.py [--find] [CLASS]…          (make mutations T=CLASS)

The file `mutations` beside this one is a list of breakages, an empty line between two:

    src/mp/lock.c: lock/taken_once lock/held_across_a_fork
    -	return semlock_try_down(&lock->semlock);
    +	return true;

The lines with - stand in the file exactly once, one behind the other, and those with + take their
place. Every pair must be named (on further, indented lines too), and must tell something else with the
breakage than without. With --find all pairs of the classes named are tried, and those that notice printed.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

import test_differential as differential

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = differential.BUILD
LINK = shlex.split(os.environ.get('LOCKSTEP_LINK', 'gcc -pie -pthread'))
LIBRARIES = shlex.split(os.environ.get('LOCKSTEP_LIBRARIES', '-ljansson -lm'))
LIMIT = 6.0  # seconds; a pair that takes longer hangs
TRIES = 3    # of a pair whose breakage shows only now and then
AT_ONCE = 4  # most of those that are broken wait for something


class Mutation:
    """One breakage: a file, what is taken out and put in, who notices."""

    def __init__(self, block, number):
        lines = block.splitlines()
        self.path, _, names = ' '.join(line for line in lines if line[0] not in '+-').partition(':')
        lines = [line for line in lines if line[0] in '+-']
        self.pairs = [tuple(name.split('/')) for name in names.split()]
        self.old = ''.join(line[1:] + '\n' for line in lines if line.startswith('-'))
        self.new = ''.join(line[1:] + '\n' for line in lines if line.startswith('+'))
        self.block = '\n'.join(lines)
        self.number = number

    def build(self, scratch, groups):
        """Programs of these classes with the breakage in them, in a folder of its own, which is returned."""
        folder = f'{scratch}/{self.number}'
        programs = f'{folder}/tests/differential'
        os.makedirs(programs)
        with open(self.path, encoding='utf-8') as file:
            source = file.read()
        if source.count(self.old) != 1:
            sys.exit(f'{self.path} has these lines {source.count(self.old)} times, not once:\n{self.block}')
        broken = f'{folder}/{os.path.basename(self.path)}'
        with open(broken, 'w', encoding='utf-8') as file:
            file.write(source.replace(self.old, self.new))
        with open(f'{BUILD}/flags', encoding='utf-8') as file:
            flags = shlex.split(file.read())
        run([*flags, '-w', '-c', '-o', broken + '.o', broken])
        for group in groups:
            objects = [f'{BUILD}/obj/tests/differential/{name}.o' for name in (group, 'pairs')]
            run([*LINK, '-o', f'{programs}/{group}', *objects, broken + '.o', f'{BUILD}/libmp.a', *LIBRARIES])
        return folder


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'{shlex.join(command)}\n{done.stderr}')


def mutations():
    with open(os.path.join(HERE, 'mutations'), encoding='utf-8') as file:
        text = re.sub(r'^#.*\n', '', file.read(), flags=re.MULTILINE)
    return [Mutation(block, number) for number, block in enumerate(re.split(r'\n\n+', text.strip()))]


def told_by_whole(pairs):
    """{pair: what it tells}, of the library as it is, which must agree with Python."""
    differences, told = differential.listed_differences(), {}
    for group, name, results in differential.run_all(pairs):
        wrong = differential.compare(results, f'{group}/{name}' in differences)
        if wrong:
            sys.exit(f'{group}/{name} fails with nothing broken:\n{wrong}')
        told[group, name] = differential.comparable(results['C'])
    return told


def who_notices(folder, pairs, told, tries):
    """Those of the pairs that tell something else with what is built in `folder`."""
    differential.BUILD, differential.LIMIT, differential.AT_ONCE = folder, LIMIT, AT_ONCE
    noticed = set()
    for _ in range(tries):
        left = [pair for pair in pairs if pair not in noticed]
        for group, name, results in differential.run_all(left, ('C',)):
            if differential.comparable(results['C']) != told[group, name]:
                noticed.add((group, name))
    return noticed


def check(arguments):
    groups = set(arguments.classes) or {os.path.basename(path)[:-2] for path in glob.glob(f'{HERE}/*.c')} - {'pairs'}
    pairs, problems = differential.take_stock(groups)
    todo = [mutation for mutation in mutations() if {group for group, _ in mutation.pairs} & groups]
    named = {pair for mutation in todo for pair in mutation.pairs}
    told = told_by_whole(pairs)
    with tempfile.TemporaryDirectory() as scratch:
        with concurrent.futures.ThreadPoolExecutor(differential.AT_ONCE) as pool:
            folders = list(pool.map(lambda one: one.build(scratch, {group for group, _ in one.pairs} & groups), todo))
        for mutation, folder in zip(todo, folders):
            of_it = [pair for pair in mutation.pairs if pair[0] in groups]
            if arguments.find:
                of_it = [pair for pair in pairs if pair[0] in {group for group, _ in of_it}]
            noticed = who_notices(folder, of_it, told, 1 if arguments.find else TRIES)
            if arguments.find:
                print(f'{mutation.path}:', *sorted('/'.join(pair) for pair in noticed))
                print(mutation.block + '\n', flush=True)
            problems += [f'{"/".join(pair)} does not notice:\n{mutation.path}\n{mutation.block}'
                         for pair in of_it if pair not in noticed and not arguments.find]
    if not arguments.find:
        problems += [f'{"/".join(pair)}: nothing is broken for it' for pair in pairs if pair not in named]
        print(f'{len(todo)} breakages, {len(pairs)} pairs, {len(problems)} problem(s)')
    if problems:
        sys.exit('\n\n'.join(problems))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--find', action='store_true')
    parser.add_argument('classes', nargs='*')
    arguments = parser.parse_args()
    sys.stdout.flush()
    try:
        check(arguments)
    except differential.Inside as inside:
        group, name = inside.args
    else:
        return
    sys.argv = [name]
    differential.pairs.run(group, name)


if __name__ == '__main__':
    main()
