#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lesson's text and source: complete, in one shape, and within 80 columns."""

import os
import re
import unicodedata

from contract import check, finish, lessons

HEADINGS = ['What this shows', 'Before you run it', 'What to look at', 'The answer', 'What happened, and why',
            'Try this', 'The same in Python', 'Where it comes from']
COLUMNS = 80


def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1
               for c in line.expandtabs(8))


def check_columns(path):
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip('\n')
            check(width(line) <= COLUMNS, f'{path}:{number}: {width(line)} columns, {COLUMNS} are allowed')
            check(line == line.rstrip(), f'{path}:{number}: ends in white space')


def sections(text):
    parts = re.split(r'^## (.*)$', text, flags=re.M)
    return parts[1::2], [part.strip() for part in parts[2::2]]


def check_text(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    check(re.match(r'# \S', text), f'{path}: does not begin with its title')
    headings, bodies = sections(re.sub(r'```.*?```', 'code', text, flags=re.S))
    check(headings == HEADINGS, f'{path}: headings are {headings}, not {HEADINGS}')
    for heading, body in zip(headings, bodies):
        check(body, f'{path}: nothing under "{heading}"')
    named = dict(zip(headings, bodies))
    choices = re.findall(r'^- \*\*([A-Z])\.\*\*', named.get('Before you run it', ''), flags=re.M)
    right = re.match(r'\*\*([A-Z])\b', named.get('The answer', ''))
    check(len(choices) >= 3, f'{path}: the question has fewer than three choices')
    check(right and right.group(1) in choices, f'{path}: "The answer" does not begin with one of {choices}')
    for wrong in choices:
        check(right and (wrong == right.group(1) or re.search(rf'^- {wrong}\b', named['The answer'], flags=re.M)),
              f'{path}: "The answer" does not say why {wrong} tempts')
    check('```python' in text, f'{path}: no Python')


def allowed(parameter, value):
    if parameter.get('choices'):
        return value in parameter['choices']
    return parameter['low'] <= float(value) <= parameter['high']


def check_settings(lesson):
    """What the text tells to set can be set: `lock=on`, `rounds=100 think=0`."""
    with open(lesson.text, encoding='utf-8') as file:
        text = re.sub(r'```.*?```', '', file.read(), flags=re.S)
    parameters = {p['name']: p for p in lesson.describe()['parameters']}
    for words in re.findall(r'`([a-z_]+=[^`]*)`', text):
        for word in words.split():
            name, _, value = word.partition('=')
            check(name in parameters and allowed(parameters[name], value),
                  f'{lesson.text}: `{word}` cannot be set')


def check_python(lesson):
    """It can be compiled; what it does is looked at by test_python.py."""
    with open(lesson.text, encoding='utf-8') as file:
        code = re.findall(r'```python\n(.*?)```', file.read(), flags=re.S)
    try:
        compile('\n'.join(code), lesson.text, 'exec')
    except SyntaxError as error:
        check(False, f'{lesson.text}: its Python: {error}')


def check_source(path):
    with open(path, encoding='utf-8') as file:
        source = file.read()
    for kind, name in re.findall(r'#\s*include\s*([<"])([^>"]*)', source):
        check(kind == '<' or name.startswith('mp/'),
              f'{path}: includes "{name}"; a lesson includes only mp/*.h and the system\'s headers')
    check(not re.search(r'\b(?<!_)u?(sleep|nanosleep)\s*\(', source), f'{path}: sleeps past clock_sleep')


def check_lesson(folder):
    for name in ('lesson.c', 'lesson.md'):
        path = os.path.join(folder, name)
        if not check(os.path.exists(path), f'{path} is missing'):
            return
        check_columns(path)
    check_text(os.path.join(folder, 'lesson.md'))
    check_source(os.path.join(folder, 'lesson.c'))


for each_one in lessons():
    check_lesson(each_one.folder)
    check_settings(each_one)
    check_python(each_one)
    title = os.path.join(os.path.dirname(each_one.folder), 'title')
    check(os.path.exists(title) and open(title).read().strip(), f'{title}: missing or empty')
check_lesson('lessons/template')
check_columns('lessons/README.md')
finish()
