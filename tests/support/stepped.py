# SPDX-License-Identifier: MIT
"""Runs of a scratch lesson under the gate: each must end well, and what one prints is held against another."""
import json
import re
import sys

faults = []


def check(good, what):
    if not good:
        faults.append(what)
        print(what[:1500], flush=True)
    return good


def finish():
    sys.exit(1 if faults else 0)


def without_ids(output):
    """Without PIDs, and without the seed, which a schedule carries too."""
    return re.sub(rb'"(pid|tid|child_pid|parent_pid|seed)":\d+', rb'"\1":0', output)


def run(lesson, *arguments):
    """What it printed, and the same read line by line; nothing when it did not end well."""
    done = lesson.run("--step", "--json", *arguments)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    good = check(done.returncode == 0 and lines and lines[-1].get("ok") is True,
                 f"{lesson.name} {arguments}: status {done.returncode}, {lines[-1:]} {done.stderr.decode()[:300]}")
    return (done.stdout, lines) if good else (b"", [])
