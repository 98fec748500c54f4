#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whoever leaves his process group without the library does not outlive the run (R1).

A lesson that makes daemons (in a session of its own, their parents gone; one that runs another program; one that is a new
process every few milliseconds) is run in every way there is, and the supervisor, the front, the main process or a worker is
killed by SIGKILL: within a second none of them may be left. Nor is there a file left, or a zombie.

Wall limit: 300 s
"""
import ctypes
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402

LOCKSTEP = os.path.abspath(os.environ.get("LOCKSTEP", "./lockstep"))
MARK = f"LOCKSTEP_TEST_MARK={os.getpid()}.{time.time_ns()}".encode()
WITHIN = 1.0
PATIENCE = 30.0
STRAYS = {"stray", "sleep", "runner"}

SOURCE = """
    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {.title = "Strays", .summary = "Makes daemons.", .parameters = parameters,
                                         .outcome = "none", .right = "any"};

    static void be_stray(void)
    {
        prctl(PR_SET_NAME, "stray");
        for (;;)
            pause();
    }

    static void be_another_program(void)
    {
        execl("/bin/sh", "sh", "-c", "exec sleep 1000", NULL);
        _exit(1);
    }

    static void be_runner(void)
    {
        prctl(PR_SET_NAME, "runner");
        for (int i = 0; i < 5000; i++) { /* some fifteen seconds: whatever becomes of the test, it ends */
            usleep(3000);
            if (fork() > 0)
                _exit(0);
        }
        _exit(0);
    }

    static void leave(void (*be)(void))
    {
        pid_t pid = fork();
        if (pid > 0) {
            waitpid(pid, NULL, 0);
            return;
        }
        setsid();
        if (fork() == 0)
            be();
        _exit(0);
    }

    static void work(void *value)
    {
        for (;;) {
            value_set(value, value_get(value) + 1);
            clock_sleep(0.01);
        }
    }

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        leave(be_stray);
        leave(be_another_program);
        leave(be_runner);
        struct value *value = value_new("balance", 0);
        struct process *process = process_new("worker", work, value);
        process_start(process);
        process_join(process);
        lesson_outcome(true, "ended", json_object(), NULL);
        return lesson_end();
    }
"""
HEADS = "".join(f"#include <{name}.h>\n" for name in ("signal", "sys/prctl", "sys/wait", "unistd"))
TOUR = "say It goes on and on.\nrun\n"
WAYS = {  # the words, on a terminal, who is killed
    "free": (["run", "strays", "--json", "--speed", "1"], False, ("supervisor", "front", "main", "worker")),
    "stepped": (["run", "strays", "--text", "--step"], False, ("supervisor", "front", "main", "worker")),
    "screen": (["run", "strays", "--speed", "1"], True, ("supervisor", "front", "main")),
    "screen, stepped": (["run", "strays", "--step", "--no-quiz"], True, ("supervisor", "front", "main")),
    "replay": (["replay", "RECORDING", "--live", "--text"], False, ("supervisor", "front")),
    "replay, screen": (["replay", "RECORDING", "--live"], True, ("supervisor", "front")),
    "tour": (["tour", "strays", "--text"], False, ("supervisor", "front")),
    "tour, screen": (["tour", "strays"], True, ("supervisor", "front")),
    "check": (["check", "strays"], False, ("supervisor", "front", "main")),
}

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans of a killed supervisor come to us


# ---- processes ----

def read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""


def name_of(pid):
    return read(pid, "comm").decode().strip()


def parent(pid):
    fields = read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def marked():
    """Living processes of the run: zombies have no environment any more, and are reaped."""
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()
            and MARK in read(pid, "environ")]


def reap():
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def find(supervisor, kind):
    """A process of that kind, once there are all of the strays. None: not yet."""
    pids = marked()
    if not STRAYS <= {name_of(pid) for pid in pids}:
        return None
    children = [pid for pid in pids if parent(pid) == supervisor and name_of(pid) not in STRAYS]
    mains = [pid for pid in children if name_of(pid) == "lesson"]
    found = {"supervisor": [supervisor], "main": mains, "front": [pid for pid in children if pid not in mains],
             "worker": [pid for pid in pids if parent(pid) in mains]}[kind]
    return found[0] if found else None


def end(pids):
    """With their groups: of a runner one sees only who was there a moment ago."""
    for pid in pids:
        for kill in os.kill, lambda pid, number: os.killpg(os.getpgid(pid), number):
            try:
                kill(pid, signal.SIGKILL)
            except OSError:
                pass


# ---- a run ----

class Home:
    """Where the lesson is, as one of the tree's and as the learner's own, and where files could be left."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.lesson = ScratchLesson(self.root / "lessons", "strays", HEADS + SOURCE)
        (self.lesson.folder / "tour").write_text(TOUR)
        self.temporary = self.root / "temporary"
        self.temporary.mkdir()
        own = self.root / "data/lockstep/lessons/strays"
        own.mkdir(parents=True)
        (own / "lesson.c").write_bytes((self.lesson.folder / "lesson.c").read_bytes())
        name, value = MARK.decode().split("=")
        self.environment = {**os.environ, name: value, "TERM": "xterm-256color", "LANG": "C.UTF-8",
                            "TMPDIR": str(self.temporary), "XDG_DATA_HOME": str(self.root / "data"),
                            "XDG_STATE_HOME": str(self.root / "state"), "CFLAGS": os.environ.get("LOCKSTEP_CFLAGS", "")}
        self.recording = str(self.root / "recording")
        subprocess.run([LOCKSTEP, "run", "strays", "--step", "--text", "--time-limit", "1", "--record", self.recording],
                       env=self.places("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def places(self, verb):
        """`check` wants one of the learner's own, the others have that of the tree."""
        folder = "empty" if verb == "check" else "lessons"
        (self.root / "empty").mkdir(exist_ok=True)
        more = {} if verb == "check" else {"XDG_DATA_HOME": str(self.root / "no data")}
        return {**self.environment, "LOCKSTEP_LESSONS": str(self.root / folder), **more}

    def start(self, words, screen):
        """What it prints is not read: a stepped run stands once the pipe is full."""
        ends = pty.openpty() if screen else os.pipe()
        words = [self.recording if word == "RECORDING" else word for word in words]
        process = subprocess.Popen([LOCKSTEP, *words], env=self.places(words[0]), stdin=ends[1] if screen else subprocess.DEVNULL,
                                   stdout=ends[1], stderr=ends[1], start_new_session=True)
        os.set_blocking(ends[0], False)
        return process, ends


def drain(ends):
    try:
        os.read(ends[0], 65536)
    except OSError:
        pass


def one(home, way, kind):
    words, screen, _ = WAYS[way]
    process, ends = home.start(words, screen)
    limit = time.monotonic() + PATIENCE
    victim = None
    while victim is None and time.monotonic() < limit:
        if screen:
            drain(ends)
        if process.poll() is not None:
            break
        if way == "screen, stepped" and kind == "worker":
            os.write(ends[0], b"s")
        victim = find(process.pid, kind)
    if victim is None:
        print(f"{way}: no {kind}")
        end(marked())
        return 1
    os.kill(victim, signal.SIGKILL)
    if kind in ("main", "worker") and (screen or words[0] == "check"):
        os.kill(process.pid, signal.SIGTERM)  # the screen stays, and a check goes on with the next run
    if kind == "worker" and not screen:
        for _ in range(20):
            drain(ends)
    start, took = time.monotonic(), 0
    while took < WITHIN:
        if screen or kind in ("main", "worker"):
            drain(ends)
        process.poll()
        reap()
        if not marked():
            break
        took = time.monotonic() - start
    left = marked()
    for pid in left:
        print(f"{way}, {kind} killed: {name_of(pid)} is left", read(pid, "stat"))
    end(left)
    for descriptor in ends:
        os.close(descriptor)
    return bool(left)


def main():
    failures = rounds = 0
    with tempfile.TemporaryDirectory() as root:
        home = Home(root)
        before = sorted(os.listdir(home.temporary))
        for way, (_, _, kinds) in WAYS.items():
            for kind in kinds:
                failures += one(home, way, kind)
                rounds += 1
        after = sorted(os.listdir(home.temporary))
        if before != after or any(name.startswith("lockstep") for name in os.listdir("/dev/shm")):
            print("files are left:", after, os.listdir("/dev/shm"))
            failures += 1
    print(f"strays: {rounds} rounds, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
