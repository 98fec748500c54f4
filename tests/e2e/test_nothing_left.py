#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whatever dies leaves nothing behind (R1).

A run is started, printed or on the screen, stepped or free; at a random step or moment one of its
processes is killed: the supervisor, the front, the lesson's main process, a worker. Within a
second no process of the run may be left, and the terminal must be as it was. A run whose worker
was killed may go on (its lesson decides), and so does the screen whose lesson died: they are told
to go, which has to leave nothing either.

LOCKSTEP_ROUNDS says how many rounds (60; 1000 takes some minutes), LOCKSTEP_SEED repeats them.

Wall limit: 900 s
"""
import collections
import ctypes
import fcntl
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time

LOCKSTEP = os.path.abspath(os.environ.get("LOCKSTEP", "./lockstep"))
ROUNDS = int(os.environ.get("LOCKSTEP_ROUNDS", "60"))
SEED = int(os.environ.get("LOCKSTEP_SEED", str(random.randrange(1000000))))
MARK = f"LOCKSTEP_TEST_MARK={os.getpid()}.{time.time_ns()}"
WITHIN = 1.0
PATIENCE = 30.0
VICTIMS = ("supervisor", "front", "main", "worker")
RUNS = {  # what is run, and on what
    "free": (["run", "bank-race", "--json", "--set", "window=0.05"], False),
    "step": (["run", "bank-race", "--json", "--step", "--set", "rounds=20"], False),
    "pool": (["run", "pool-schedule", "--json", "--set", "workers=4"], False),
    "queue": (["run", "producer-consumer", "--json", "--step"], False),
    "screen, free": (["run", "bank-race", "--speed", "1"], True),
    "screen, step": (["run", "bank-race", "--step", "--no-quiz"], True),
}

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans of a killed supervisor come to us
luck = random.Random(SEED)
counts = collections.Counter()
slowest = 0.0


def fail(*what):
    print("FAILED:", *what, f"(LOCKSTEP_SEED={SEED})")
    sys.exit(1)


# ---- processes ----

def read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""


def marked():
    """Living processes of the run: zombies have no environment any more, and are reaped below."""
    mark = MARK.encode()
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()
            and mark in read(pid, "environ")]


def parent(pid):
    fields = read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def executable(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def roles(supervisor):
    pids = [pid for pid in marked() if pid != supervisor]
    children = [pid for pid in pids if parent(pid) == supervisor]
    mains = [pid for pid in children if executable(pid).endswith("/lesson")]
    return {
        "supervisor": [supervisor],
        "front": [pid for pid in children if pid not in mains and executable(pid) == os.path.realpath(LOCKSTEP)],
        "main": mains,
        "worker": [pid for pid in pids if parent(pid) in mains],
    }


def reap():
    ended = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = status


# ---- a run, on a pipe or a terminal ----

class Run:
    def __init__(self, arguments, screen):
        self.screen = screen
        self.output = b""
        self.status = None
        name, value = MARK.split("=")
        environment = {**os.environ, name: value, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        if screen:
            self.fd, self.slave = pty.openpty()
            fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        else:
            self.fd, self.slave = os.pipe()
            fcntl.fcntl(self.slave, 1031, 4096)  # F_SETPIPE_SZ: a stepped run waits for us, near the step we read
        self.before = termios.tcgetattr(self.slave) if screen else None
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            if screen:
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
                os.dup2(self.slave, 0)
            else:
                os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            os.dup2(self.slave, 1)
            os.dup2(self.slave if screen else os.open("/dev/null", os.O_WRONLY), 2)
            os.closerange(3, 100)
            os.execve(LOCKSTEP, [LOCKSTEP, *arguments], environment)

    def pump(self, seconds):
        """Takes what was printed, for so long at most; False at its end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            got = os.read(self.fd, 512)
        except OSError:
            got = b""
        self.output += got
        return bool(got)

    def see_end(self):
        ended = reap()
        if self.pid in ended:
            self.status = ended[self.pid]
        return self.status is not None

    def close(self):
        os.close(self.fd)
        os.close(self.slave)


def wait_gone(run, why):
    """All that is marked is gone within the second, counted from now."""
    global slowest
    start = time.monotonic()
    while True:
        run.pump(0)
        run.see_end()
        left = marked()
        took = time.monotonic() - start
        if not left and run.see_end():
            slowest = max(slowest, took)
            return
        if took > WITHIN:
            for pid in left:
                print(pid, read(pid, "cmdline"), read(pid, "stat"))
                os.kill(pid, signal.SIGKILL)
            fail(why, "left", left)


def check_terminal(run, why):
    for _ in range(50):
        run.pump(0.01)
        if termios.tcgetattr(run.slave) == run.before and run.output.rfind(b"\x1b[?1049l") > run.output.rfind(b"\x1b[?1049h"):
            break
    if termios.tcgetattr(run.slave) != run.before:
        fail(why, "the terminal's settings are not as before")
    if b"\x1b[?1049h" not in run.output:
        return  # killed before it drew
    if run.output.rfind(b"\x1b[?1049l") < run.output.rfind(b"\x1b[?1049h"):
        fail(why, "the terminal still shows the other screen", run.output[-200:])
    shown = max(run.output.rfind(b"\x1b[?25h"), run.output.rfind(b"\x1b[?12;25h"), run.output.rfind(b"\x1b[?12l\x1b[?25h"))
    if shown < run.output.rfind(b"\x1b[?25l"):
        fail(why, "the cursor is hidden", run.output[-200:])


def reach_moment(run):
    """Reads up to a random amount, or for a random time: there the run stands when somebody is killed."""
    if luck.random() < 0.5:
        wanted, limit = luck.randrange(1, 20000), time.monotonic() + 0.4
        while len(run.output) < wanted and time.monotonic() < limit and run.pump(0.02):
            pass
    else:
        until = time.monotonic() + luck.random() * 0.3
        while time.monotonic() < until and run.pump(0.01):
            pass


def find_victim(run, kind):
    """A process of that kind; None when the run ended before there was one."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and not run.see_end():
        pids = roles(run.pid)[kind]
        if pids:
            return luck.choice(pids)
        if run.screen and kind == "worker" and b"\x1b[?1049h" in run.output:
            os.write(run.fd, b"s")  # a stepped run makes its workers only when it is stepped
        run.pump(0.01)
    return None


def one_round(number):
    name = luck.choice(sorted(RUNS))
    kind = luck.choice(VICTIMS)
    why = f"round {number}: {name}, {kind} killed:"
    arguments, screen = RUNS[name]
    run = Run(arguments + ["--seed", str(luck.randrange(1000))], screen)
    reach_moment(run)
    victim = find_victim(run, kind)
    if victim is None:
        counts["ended before"] += 1
    else:
        os.kill(victim, signal.SIGKILL)
        counts[kind] += 1
    # What may go on is told to go.
    if victim is None or kind in ("main", "worker"):
        until = time.monotonic() + luck.random() * 0.1
        while time.monotonic() < until:
            run.pump(0.01)
        if not run.see_end():
            os.kill(run.pid, signal.SIGTERM)
    wait_gone(run, why)
    if screen:
        check_terminal(run, why)
    elif kind == "front" and victim is not None and run.status != 137 << 8:
        fail(why, "status", run.status, "instead of exit", 137)
    run.close()


descriptors = len(os.listdir("/proc/self/fd"))
for number in range(ROUNDS):
    one_round(number)
if len(os.listdir("/proc/self/fd")) != descriptors:
    fail("descriptors of the test itself")
killed = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
print(f"nothing left: {ROUNDS} rounds ({killed}); the slowest was gone after {slowest:.3f} s; LOCKSTEP_SEED={SEED}")
