#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lesson alone, without lockstep: it describes itself, refuses wrong parameters, and in every
variant ends with status 0 in its time, having printed something.

Sleeps are real here (that is what a person sees who runs it alone), so all run at once.

Wall limit: 150 s
"""

import subprocess

from contract import LIMIT, check, each, finish, lessons


def run(lesson, *arguments):
    return subprocess.run([lesson.program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)


def describes_itself(lesson):
    what = lesson.describe()
    for key in ('title', 'summary', 'outcome', 'right'):
        check(what.get(key), f'{lesson}: --describe says no {key}')
    parameters = {p['name']: p for p in what['parameters']}
    for name, p in parameters.items():
        check(p['help'], f'{lesson}: parameter {name} has no help')
    check(len(what['variants']) >= 2, f'{lesson}: fewer than two variants')
    for variant in what['variants']:
        check(variant['says'], f'{lesson}: variant {variant["name"]} does not say what to expect')
        for setting in variant['settings'].split():
            check(setting.split('=')[0] in parameters, f'{lesson}: variant sets {setting}, which is no parameter')
    help_text = run(lesson, '--help')
    check(help_text.returncode == 0 and all(name.encode() in help_text.stdout for name in parameters),
          f'{lesson}: --help does not name every parameter')


def refuses(lesson):
    name, p = next(((p['name'], p) for p in lesson.describe()['parameters']), (None, None))
    wrong = ['nonsense=1', 'nonsense', f'{name}=nonsense', f'{name}=']
    if p and not p.get('choices'):
        wrong += [f'{name}={p["high"] + 1:g}', f'{name}={p["low"] - 1:g}']
    for argument in wrong:
        done = run(lesson, argument)
        check(done.returncode == 2 and done.stderr.strip() and not done.stdout,
              f'{lesson} {argument}: status {done.returncode}, {done.stderr!r}: 2 and a message are right')


def ends_well(lesson, variant):
    done = run(lesson, *variant['settings'].split())
    check(done.returncode == 0, lambda: f'{lesson} {variant["settings"]}: status {done.returncode}, '
          f'{done.stderr.decode(errors="replace")}{done.stdout.decode(errors="replace")[-500:]}')
    check(done.stdout.strip(), f'{lesson} {variant["settings"]}: printed nothing')


each([(lesson,) for lesson in lessons()], describes_itself)
each([(lesson,) for lesson in lessons()], refuses)
each([(lesson, variant) for lesson in lessons() for variant in lesson.describe()['variants']], ends_well, at_once=16)
finish()
