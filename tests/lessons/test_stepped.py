#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lesson under the gate, in every variant: with many seeds the outcome is always one that the
lesson allows and no event is lost; an equal seed and a schedule given back repeat the run, event
by event, but for PIDs; another seed gives another history.

Wall limit: 240 s
"""

import time

from contract import Nameless, Run, check, each, finish, lessons, sets

SEEDS = 50
LONG = 0.2         # seconds: a run that takes longer is tried with
SEEDS_OF_LONG = 8  # so many seeds only


def repeats(lesson, variant, settings):
    first = Run(lesson.name, '--step', '--seed', '7', *settings)
    again = Run(lesson.name, '--step', '--seed', '7', *settings)
    parts = Nameless(first).difference(Nameless(again))
    check(not parts, f'{lesson} "{variant}": seed 7 twice is not the same: {parts}')
    if check(first.schedule, f'{lesson} "{variant}": the run tells no schedule: {first}'):
        back = Run(lesson.name, '--step', '--schedule', first.schedule, *settings)
        parts = Nameless(first).difference(Nameless(back))
        check(not parts, f'{lesson} "{variant}": its schedule does not repeat it: {parts}')


def ends_right(lesson, variant, settings):
    histories, seeds = set(), SEEDS
    for seed in range(SEEDS):
        if seed == seeds:
            break
        began = time.monotonic()
        run = Run(lesson.name, '--step', '--seed', str(seed), *settings)
        if time.monotonic() - began > LONG:
            seeds = SEEDS_OF_LONG
        histories.add(run.schedule.partition(',')[2] if run.schedule else None)
        if not check(run.good, lambda: f'{lesson} "{variant}" seed {seed}: {run}'):
            return
        check(run.lost == 0, f'{lesson} "{variant}" seed {seed}: {run.lost} events lost')
        check(run.head.get('mode') == 'gated', f'{lesson}: --step ran {run.head.get("mode")}')
    alone = len({event['actor'] for event in run.events}) == 1  # who has nobody beside it has one history
    check(len(histories) > 1 or alone, f'{lesson} "{variant}": {seed} seeds gave one and the same history')


jobs = [(lesson, variant['name'], sets(variant['settings']))
        for lesson in lessons() for variant in lesson.describe()['variants']]
each(jobs, repeats)
each(jobs, ends_right)
finish()
