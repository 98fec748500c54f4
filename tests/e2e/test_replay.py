#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run that is recorded and replayed: every lesson gives back, byte by byte, what its run printed, and
the same again in real processes; whatever happens to who records it, or to the file, the rest is there.

Wall limit: 240 s
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scratch_lesson import compile_lesson  # noqa: E402

LOCKSTEP = os.path.abspath(os.environ.get("LOCKSTEP", "./lockstep"))
LIMIT = 120
MAGIC = b"\x8bBLK"  # every block of a recording begins with it
os.environ["ASAN_OPTIONS"] = "detect_leaks=0:handle_segv=0:" + os.environ.get("ASAN_OPTIONS", "")
checks = 0


def lockstep(*arguments, **options):
    return subprocess.run([LOCKSTEP, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, **options)


def check(condition, *what):
    global checks
    checks += 1
    if not condition:
        print("FAILED:", *what)
        sys.exit(1)


def record(path, *arguments, form="--json"):
    done = lockstep("run", *arguments, form, "--record", path)
    check(done.stderr == b"", arguments, done.stderr)
    return done.stdout


# ---- every lesson ----

def same_again(folder, name):
    """Recorded in steps and, with the fewest operations it has, freely; what is wrong, or nothing."""
    path = folder / f"{name}.lockstep"
    printed = lockstep("run", name, "--step", "--seed", 7, "--json", "--record", path)
    if b"--record" in printed.stderr:
        return f"{name}: recording says {printed.stderr}"
    replayed = lockstep("replay", path, "--json")
    if (replayed.returncode, replayed.stdout, replayed.stderr) != (0, printed.stdout, b""):
        return f"{name}: replayed as {replayed.stdout[-300:]} {replayed.stderr}, printed {printed.stdout[-300:]}"
    live = lockstep("replay", path, "--live", "--json")
    lines = live.stdout.splitlines()
    end = json.loads(lines[-1]) if lines else {}
    if live.returncode != 0 or end.get("type") != "comparison" or end.get("equal") is not True or "partial" in end:
        return f"{name}: again in real processes: status {live.returncode}, {lines[-1:]}, {live.stderr}"
    events = sum(1 for line in lines if json.loads(line)["type"] in ("event", "output"))
    if end["events"] != events:
        return f"{name}: {end['events']} events compared, {events} printed"
    return ""


def every_lesson(folder):
    names = [json.loads(line)["name"] for line in lockstep("list", "--json").stdout.splitlines()]
    check(len(names) > 20, names)
    with ThreadPoolExecutor(2) as pool:
        for fault in pool.map(lambda name: same_again(folder, name), names):
            check(fault == "", fault)


# ---- both forms, both modes ----

def both_forms(folder):
    for number, arguments in enumerate([
            ["bank-race", "--step", "--seed", "7"],
            ["bank-race", "--step", "--seed", "3", "--set", "lock=on", "--strategy", "round-robin"],
            ["bank-race", "--speed", "100"],
            ["producer-consumer", "--speed", "100"],
            ["pool-schedule", "--speed", "100", "--seed", "1"]]):
        for form in ("--text", "--json"):
            path = folder / f"form{number}{form}.lockstep"
            printed = record(path, *arguments, form=form)
            replayed = lockstep("replay", path, form)
            check(replayed.stdout == printed, arguments, form, "is replayed as", replayed.stdout[-500:])
            check(replayed.returncode == 0 and replayed.stderr == b"", replayed)
        check(lockstep("replay", path).stdout == lockstep("replay", path, "--text").stdout, "without a terminal it is text")


def without_the_lesson(folder):
    path = folder / "bank.lockstep"
    printed = record(path, "bank-race", "--step", "--seed", "7")
    nothing = {**os.environ, "LOCKSTEP_LESSONS": str(folder)}
    check(lockstep("replay", path, "--json", env=nothing).stdout == printed, "it needs nothing but the file")
    live = lockstep("replay", path, "--live", env=nothing)
    check(live.returncode == 1 and b"bank-race is not installed" in live.stderr, live)


# ---- when it is not the same ----

def edited(folder, change):
    """The lessons' folder with another bank-race in it."""
    lessons = pathlib.Path(os.environ.get("LOCKSTEP_BUILD", "build/release")).resolve() / "lessons"
    found = [path for path in lessons.glob("*/bank-race") if (path / "lesson").exists()][0]
    copy = folder / "lessons" / found.parent.name / "bank-race"
    shutil.copytree(found, copy, copy_function=shutil.copy2)
    change(copy)
    return {**os.environ, "LOCKSTEP_LESSONS": str(folder / "lessons")}


def differences(folder):
    path = folder / "bank.lockstep"
    record(path, "bank-race", "--step", "--seed", "7", "--set", "lock=off")
    def adds_two(lesson):
        source = (lesson / "lesson.c").read_text()
        check(source.count("seen + 1;") == 1, "bank-race adds 1 in one place")
        (lesson / "lesson.c").write_text(source.replace("seen + 1;", "seen + 2;"))
        (lesson / "lesson").unlink()
        compile_lesson(lesson)
        (lesson / "lesson.json").touch()
    env = edited(folder, adds_two)
    done = lockstep("replay", path, "--live", "--json", env=env)
    check(done.returncode == 1, done)
    check(b"another source" in done.stderr, done.stderr)
    last = json.loads(done.stdout.splitlines()[-1])
    check(last["type"] == "comparison" and last["equal"] is False, last)
    write = [event for event in map(json.loads, lockstep("replay", path, "--json").stdout.splitlines())
             if event.get("op") == "value.write" and event["actor"] == "deposit"][0]
    check(last["seq"] == write["seq"], last, "instead of", write)
    check(f'deposit writes balance: {write["value"]} ' in last["recorded"], last)
    check(f'deposit writes balance: {write["value"] + 1} ' in last["now"], last)
    text = lockstep("replay", path, "--live", "--text", env=env).stdout.decode()
    check(re.search(r"differs from the recording at step \d+, event \d+\n  recorded: deposit writes.*\n  now:      deposit", text), text)


# ---- whatever happens to who records ----

def front_of(process):
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while True:
        found = children.read_text().split()
        if found:
            return int(found[0])


def killed(folder):
    """kill -9 in the middle: the file opens up to its last whole block."""
    path = folder / "killed.lockstep"
    process = subprocess.Popen([LOCKSTEP, "run", "bank-race", "--speed", "3", "--json", "--record", str(path)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    printed = b""
    while not path.exists() or path.read_bytes().count(MAGIC) < 6:  # head, source, text, places, events, events
        printed += os.read(process.stdout.fileno(), 65536)
    os.kill(front_of(process), signal.SIGKILL)
    printed += process.stdout.read()
    process.wait(LIMIT)
    replayed = lockstep("replay", path, "--json")
    check(replayed.returncode == 0 and b"ends before the run did" in replayed.stderr, replayed)
    lines = replayed.stdout.splitlines()
    check(len(lines) > 3 and lines == printed.splitlines()[:len(lines)] or len(lines) > len(printed.splitlines()),
          len(lines), "lines replayed,", len(printed.splitlines()), "printed")


def told_to_go(folder):
    path = folder / "told.lockstep"
    process = subprocess.Popen([LOCKSTEP, "run", "bank-race", "--speed", "1", "--json", "--record", str(path)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    lines = [process.stdout.readline() for _ in range(20)]
    process.terminate()
    rest = process.stdout.read()
    check(process.wait(LIMIT) == 128 + signal.SIGTERM, process.returncode)
    replayed = lockstep("replay", path, "--json")
    check(replayed.stdout == b"".join(lines) + rest, "what was printed until then was recorded", replayed.stdout[-300:])


def interrupted_steps(folder):
    """A stepped recording that was cut is compared as far as it goes."""
    path, cut = folder / "whole.lockstep", folder / "cut.lockstep"
    record(path, "bank-race", "--step", "--seed", "7")
    data = path.read_bytes()
    cut.write_bytes(data[:data.rindex(MAGIC)])
    done = lockstep("replay", cut, "--live", "--json")
    check(done.returncode == 0, done)
    last = json.loads(done.stdout.splitlines()[-1])
    check(last["equal"] is True and last["partial"] is True, last)


def disk_full(folder):
    quiet = lockstep("run", "bank-race", "--step", "--seed", "7", "--json")
    for target in ("/dev/full", str(folder / "missing" / "a.lockstep")):
        done = lockstep("run", "bank-race", "--step", "--seed", "7", "--json", "--record", target)
        check(done.returncode == quiet.returncode == 0, "the exit status is the run's", done)
        check(len(done.stdout.splitlines()) == len(quiet.stdout.splitlines()), "the run goes on")
        check(done.stderr.count(b"\n") == 1 and b"the run goes on without it" in done.stderr, "told once:", done.stderr)
    read_only = folder / "read-only.lockstep"
    read_only.write_bytes(b"mine")
    done = lockstep("run", "bank-race", "--step", "--seed", "7", "--json", "--record", read_only)
    check(done.returncode == 0 and read_only.read_bytes() == b"mine", "what is no recording is not replaced", done)


def disk_fills(folder):
    """A small tmpfs that fills while a free run is recorded."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True).returncode != 0:
        print("no tmpfs can be mounted here: left out")
        return
    try:
        path = disk / "a.lockstep"
        (disk / "ballast").write_bytes(bytes(56 * 1024))
        done = lockstep("run", "bank-race", "--speed", "100", "--text", "--record", path)
        check(done.returncode == 0 and done.stdout.count(b"verdict:") == 1, "the run goes on", done.stderr)
        check(done.stderr.count(b"\n") == 1 and b"No space left on device" in done.stderr, done.stderr)
        replayed = lockstep("replay", path)
        check(replayed.returncode in (0, 1) and b"lockstep: " in replayed.stderr, replayed)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---- whatever happens to the file ----

def damaged(folder):
    path, broken = folder / "good.lockstep", folder / "broken.lockstep"
    printed = record(path, "bank-race", "--step", "--seed", "7").splitlines()
    data = bytearray(path.read_bytes())
    data[data.rindex(MAGIC) + 60] ^= 0xff  # in the last block: what came of the run
    broken.write_bytes(data)
    done = lockstep("replay", broken, "--json")
    check(done.returncode == 0 and done.stdout.splitlines() == printed[:-1], done.stdout[-300:])
    check(done.stderr.startswith(b"lockstep: ") and done.stderr.count(b"\n") >= 2, done.stderr)
    check(all(b"\x1b" not in line and line.startswith(b"lockstep: ") for line in done.stderr.splitlines()), done.stderr)


def refused(message, *arguments, status=2):
    done = lockstep(*arguments)
    check(done.returncode == status, arguments, "status", done.returncode, done.stderr)
    check(re.search(message, done.stderr.decode()), arguments, "said", done.stderr)
    check(done.stdout == b"", arguments, "printed", done.stdout[:200])


def mistakes(folder):
    free, other = folder / "free.lockstep", folder / "other"
    record(free, "thread-race", "--speed", "100")
    other.write_text("something else\n")
    refused(r"needs the file", "replay")
    refused(r"one file, not 'a' and 'b'", "replay", "a", "b")
    refused(r"choose one", "replay", free, "--text", "--json")
    refused(r"unknown option '--lvie'; did you mean --live\?", "replay", free, "--lvie")
    refused(r"of a free run.*--step can be repeated", "replay", free, "--live")
    refused(r"No such file", "replay", folder / "missing.lockstep", status=1)
    refused(r"no recording", "replay", other, status=1)
    refused(r"no regular file", "replay", folder, status=1)
    refused(r"--record needs a value: --record FILE", "run", "bank-race", "--record")


def reader_leaves(folder):
    path = folder / "left.lockstep"
    record(path, "bank-race", "--speed", "100")
    process = subprocess.Popen([LOCKSTEP, "replay", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    check(process.wait(LIMIT) == 128 + signal.SIGPIPE, process.returncode)
    check(process.stderr.read() == b"", "and says nothing")


if __name__ == "__main__":
    for part in (every_lesson, both_forms, without_the_lesson, differences, killed, told_to_go, interrupted_steps, disk_full,
                 disk_fills, damaged, mistakes, reader_leaves):
        with tempfile.TemporaryDirectory() as name:
            part(pathlib.Path(name))
    print(f"{checks} checks")
