#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each schedule shipped with a lesson (schedules/VARIANT.schedule) shows the fault that it says it
shows, in its variant: the run follows it to the end, ends as the lesson says that it may, and with
the verdict that stands in it.

Wall limit: 60 s
"""

import glob
import os
import re

from contract import Run, check, each, finish, lessons, sets


def shows(lesson, path):
    variant = os.path.splitext(os.path.basename(path))[0]
    settings = {v['name'].replace(' ', '-'): v['settings'] for v in lesson.describe()['variants']}
    with open(path, encoding='utf-8') as file:
        text = file.read()
    verdict = re.search(r'^# verdict: (.+)$', text, flags=re.M)
    check(re.match(r'# \S', text), f'{path}: does not begin with what it shows')
    if not check(verdict, f'{path}: has no line "# verdict: …"'):
        return
    if not check(variant in settings, f'{path}: {lesson} has no variant "{variant}"'):
        return
    for given in ([path, *sets(settings[variant])], [variant]):  # as a file, and by its name
        run = Run(lesson.name, '--schedule', *given)
        check(run.good, f'{path}: {run}')
        check(run.result.get('verdict') == verdict.group(1), f'{path}: the verdict is another: {run}')


jobs = [(lesson, path) for lesson in lessons()
        for path in sorted(glob.glob(os.path.join(lesson.folder, 'schedules', '*.schedule')))]
each(jobs, shows)
check(True, '')  # a lesson looked at alone may have none
finish()
