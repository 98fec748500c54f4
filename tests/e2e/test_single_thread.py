#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whoever forks has one thread (R7): the supervisor, which starts all there is, and the screen.

A free run is watched on a pty, from its start to its end and over a second one that `r` starts: at
every look neither of the two has more than one thread.
"""
import os
import pathlib
import pty
import select
import signal
import sys
import time

LOCKSTEP = os.environ.get("LOCKSTEP", "./lockstep")
LIMIT = 60


def threads(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def children(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def front_of(supervisor):
    """Its child that is the program itself; lessons have other names."""
    for child in children(supervisor):
        try:
            if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "lockstep":
                return child
        except OSError:
            pass  # it ended while we looked
    return None


def main():
    pid, master = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execl(LOCKSTEP, LOCKSTEP, "run", "bank-race", "--no-quiz", "--speed", "20", "--set", "rounds=10")
    looks = most = endings = 0
    output = b""
    limit = time.monotonic() + LIMIT
    while endings < 2 and time.monotonic() < limit:
        if select.select([master], [], [], 0.002)[0]:
            output += os.read(master, 65536)
        front = front_of(pid)
        if front is not None:
            looks += 1
            most = max(most, threads(pid), threads(front))
        if b"ended:" in output:
            endings += 1
            output = b""
            os.write(master, b"r")
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    print(f"{looks} looks in {endings} runs, at most {most} thread(s) in the supervisor and in the screen")
    return 0 if most == 1 and looks > 10 and endings == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
