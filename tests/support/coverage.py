#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines of src/ and lessons/ that the tests ran, by gcov, a line a file and a sum a room.

    coverage.py build/coverage
"""

import collections
import json
import os
import subprocess
import sys


def counted(build):
    """File → line → how often, over all objects that it was compiled into."""
    data = sorted(os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(build, 'obj'))
                  for name in names if name.endswith('.gcda'))
    if not data:
        sys.exit(f'{build}: nothing was run')
    told = subprocess.run(['gcov', '--json-format', '--stdout', *data], capture_output=True, text=True, check=True)
    files = collections.defaultdict(collections.Counter)
    for document in told.stdout.splitlines():
        for file in json.loads(document)['files']:
            if file['file'].startswith(('src/', 'lessons/')):
                for line in file['lines']:
                    files[file['file']][line['line_number']] += line['count']
    return files


def show(name, ran, lines):
    print(f'{100 * ran / lines:6.1f} %  {ran:5} of {lines:5}  {name}')


def main(build):
    rooms = collections.defaultdict(lambda: [0, 0])
    for name, lines in sorted(counted(build).items()):
        ran = sum(1 for count in lines.values() if count)
        show(name, ran, len(lines))
        for room in (os.path.dirname(name) if name.startswith('src/') else 'lessons', 'all'):
            rooms[room][0] += ran
            rooms[room][1] += len(lines)
    print()
    for room, (ran, lines) in sorted(rooms.items(), key=lambda item: (item[0] == 'all', item[0])):
        show(room, ran, lines)


main(sys.argv[1])
