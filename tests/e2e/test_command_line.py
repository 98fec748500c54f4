#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line as it is promised: verbs, options anywhere, messages that say what would be
right, exit statuses, what is printed as text and as JSON, and that a run can be repeated.

Wall limit: 300 s
"""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile

LOCKSTEP = os.path.abspath(os.environ.get("LOCKSTEP", "./lockstep"))
LIMIT = 120
checks = 0


def run(*arguments, text=None, **options):
    options.setdefault("stdin", subprocess.DEVNULL if text is None else None)
    return subprocess.run([LOCKSTEP, *arguments], capture_output=True, text=True, timeout=LIMIT, **options)


def check(condition, *what):
    global checks
    checks += 1
    if not condition:
        print("FAILED:", *what)
        sys.exit(1)


def check_status(status, *arguments):
    done = run(*arguments)
    check(done.returncode == status, arguments, "status", done.returncode, "instead of", status, done.stderr)
    return done


def check_refused(message, *arguments, status=2):
    done = check_status(status, *arguments)
    check(re.search(message, done.stderr), arguments, "said", repr(done.stderr), "not", message)
    check(done.stderr.startswith("lockstep: "), done.stderr)
    check(done.stdout == "", arguments, "printed", done.stdout[:200])


def run_json(*arguments, status=0):
    done = check_status(status, "run", *arguments, "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


# ---- verbs ----

def verbs():
    lists = check_status(0, "list").stdout
    check("bank-race" in lists, lists)
    for verb in ("list", "progress"):
        rows = re.findall(r"^  \S+ +(?=\S)", check_status(0, verb).stdout, re.M)
        check(len(rows) > 9 and len(set(map(len, rows))) == 1, verb, "has one column, not", rows)
    check(check_status(0).stdout == lists, "lockstep alone, without a terminal, is the list")
    lessons = [json.loads(line) for line in check_status(0, "list", "--json").stdout.splitlines()]
    check([lesson["type"] for lesson in lessons] == ["lesson"] * len(lessons), "types")
    bank = [lesson for lesson in lessons if lesson["name"] == "bank-race"][0]
    check({"name", "chapter", "title", "summary", "parameters", "variants"} <= set(bank), bank)
    lock = [parameter for parameter in bank["parameters"] if parameter["name"] == "lock"][0]
    check(lock["choices"] == ["off", "on"], lock)

    help_text = check_status(0, "help").stdout
    check(check_status(0, "--help").stdout == help_text, "--help is help")
    for verb in ("list", "run", "doctor", "help", "version", "menu"):
        check(verb == "menu" or f"lockstep {verb}" in help_text, verb, "is in the help")
        check(check_status(0, "help", verb).stdout == check_status(0, verb, "--help").stdout, verb)
    check(check_status(0, "--version").stdout == check_status(0, "version").stdout, "version")
    doctor = check_status(0, "doctor").stdout
    check("lessons" in doctor and "Everything that lessons need is here" in doctor, doctor)
    missing = run("doctor", env={**os.environ, "LOCKSTEP_LESSONS": "/nonexistent"})
    check(missing.returncode == 1 and "NO  lessons" in missing.stdout, missing.stdout)


# ---- mistakes ----

def mistakes():
    check_refused(r"no lesson 'bank-rcae'; did you mean 'bank-race'\?", "run", "bank-rcae")
    check_refused(r"no lesson 'zzzzz'; `lockstep list`", "run", "zzzzz")
    check_refused(r"needs the name of a lesson", "run")
    check_refused(r"one lesson, not 'a' and 'b'", "run", "a", "b")
    check_refused(r"no verb 'rnu'; did you mean `lockstep run`\?", "rnu")
    check_refused(r"did you mean `lockstep run bank-race`\?", "bank-race")
    check_refused(r"unknown option '--scheduel'; did you mean --schedule\?", "run", "bank-race", "--scheduel", "x")
    check_refused(r"unknown option '-x'", "-x")
    check_refused(r"--set needs a value", "run", "bank-race", "--set")
    check_refused(r"--json takes no value", "run", "bank-race", "--json=1")
    check_refused(r"no parameter 'lok'; did you mean 'lock'\?", "run", "bank-race", "--set", "lok=on")
    check_refused(r"one of: off, on", "run", "bank-race", "--set", "lock=maybe")
    check_refused(r"whole number from 1 to", "run", "bank-race", "--set=rounds=0")
    for seed in ("-1", "x", " ", "1.5", "99999999999999999999"):
        check_refused(r"no whole number from 0", "run", "bank-race", f"--seed={seed}")
    for speed in ("0", "-1", "x", "nan", "inf", "1e9"):
        check_refused(r"--speed '.*' is no number from", "run", "bank-race", "--speed", speed)
    for seconds in ("0", "-1", "x", "nan", "inf", "1e10"):
        check_refused(r"--time-limit '.*' is no number from", "run", "bank-race", "--time-limit", seconds)
    check_refused(r"--speed is for free runs", "run", "bank-race", "--step", "--speed", "2")
    check_refused(r"--text and --json", "run", "bank-race", "--text", "--json")
    check_refused(r"it needs --step", "run", "bank-race", "--strategy", "random")
    check_refused(r"there are: random, round-robin", "run", "bank-race", "--step", "--strategy", "luck")
    check_refused(r"schedule.*'y'", "run", "bank-race", "--schedule", "0x3,y")
    check_refused(r"not a regular file", "run", "bank-race", "--schedule", "/dev/null")
    check_refused(r"no verb 'rum'; did you mean", "help", "rum")
    check_refused(r"takes no words", "list", "bank-race")
    check_refused(r"help takes one verb, not 'run' and 'list'", "help", "run", "list")
    check_refused(r"doctor takes no words, not 'x'", "doctor", "x")
    check_refused(r"unknown option '--nope'", "version", "--nope")
    empty_words()
    schedules()
    check("explore" not in check_status(0, "help").stdout, "explore is not promised")
    hostile = run("run", "\x1b]52;c;x\x07\x9b2J")
    check(hostile.returncode == 2 and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", hostile.stderr), repr(hostile.stderr))


def empty_words():
    """What an unset shell variable leaves behind, where a name, a file or a value should stand."""
    for verb in ("run", "tour"):
        check_refused(r"needs the name of a lesson|no lesson ''; `lockstep list`", verb, "")
    check_refused(r"edit needs the name of a lesson", "edit", "")
    check_refused(r"check needs the name of an exercise", "check", "")
    check_refused(r"replay needs the file", "replay", "")
    check_refused(r"export needs a recording", "export", "", "--format", "csv")
    for option in ("--set", "--seed", "--speed", "--schedule", "--strategy", "--size", "--record", "--time-limit"):
        check_refused(option + r" needs a value: " + option, "run", "bank-race", "--step", option, "")
        check_refused(option + r" needs a value", "run", "bank-race", "--step", option + "=")
    check_refused(r"-o needs a value: -o FILE", "export", "x", "--format", "csv", "-o", "")


def schedules():
    check_refused(r"schedule.*'a.schedule'.*nor is 'a.schedule' a file, or a schedule of bank-race, which has [a-z-]+",
                  "run", "bank-race", "--schedule", "a.schedule")
    with tempfile.NamedTemporaryFile("w") as file:
        check_refused(r"makes no choice; without it, --step", "run", "bank-race", "--schedule", file.name)
    for file in ("/nonexistent", "/", "/dev/null", "/etc/hosts"):
        for words in (("replay", file), ("export", file, "--format", "csv", "-o", "-")):
            check_refused(file + r": .*; `lockstep run LESSON --record FILE` makes a recording", *words, status=1)


# ---- what a run prints ----

EVENT_KEYS = ["type", "seq", "t", "actor", "pid", "tid", "op"]


def printed_json():
    lines = run_json("bank-race", "--step", "--seed", "7")
    head, events, result = lines[0], [line for line in lines if line["type"] == "event"], lines[-1]
    check(list(head) == ["type", "lesson", "set", "seed", "mode", "version"], head)
    check(head["lesson"] == "bank-race" and head["seed"] == 7 and head["mode"] == "gated", head)
    check(all(isinstance(value, str) for value in head["set"].values()), head)
    check([event["seq"] for event in events] == list(range(1, len(events) + 1)), "seq")
    check(all(list(event)[:7] == EVENT_KEYS for event in events), "keys in a fixed order")
    check(all(event["pid"] > 0 for event in events), "pids")
    check([line["type"] for line in lines].count("result") == 1 and result["type"] == "result", result)
    check(list(result) == ["type", "ok", "outcome", "expected", "verdict", "runs", "lost", "schedule"], result)
    writes = [event for event in events if event["op"] == "value.write"]
    check(writes and writes[-1]["object"] == "balance" and writes[-1]["file"] == "lesson.c", writes[-1:])
    check(writes[-1]["value"] == result["outcome"]["balance"], "what is left is what was written last")
    starts = [event for event in events if event["op"] == "process.start"]
    check([start["child"] for start in starts] == ["deposit", "withdraw"], starts)
    source = open(os.path.join(os.environ.get("LOCKSTEP_BUILD", "build/release"),
                               "lessons/4-turns/bank-race/lesson.c")).read().splitlines()
    for write in writes:
        check("value_set" in source[write["line"] - 1], write, source[write["line"] - 1])
    outputs = [line for line in lines if line["type"] == "output"]
    check(outputs and outputs[0]["stream"] == "stdout" and str(result["outcome"]["balance"]) in outputs[0]["text"], outputs)

    done = check_status(0, "run", "bank-race", "--speed", "1000", "--set", "rounds=5", "--json")
    check(all(re.search(r'"t":\d+\.(\d|\d{1,8}[1-9])[,}]', line) for line in done.stdout.splitlines()[1:-1]),
          "seconds have at most nine decimals and no noise")
    free = [json.loads(line) for line in done.stdout.splitlines()]
    check(free[0]["mode"] == "free" and free[0]["speed"] == 1000.0, free[0])
    check("schedule" not in free[-1] and free[-1]["lost"] == 0, free[-1])
    check(run_json("--json", "--set=rounds=5", "--speed=1000", "bank-race")[0]["set"] == free[0]["set"], "options before")
    twice = run_json("bank-race", "--step", "--set", "lock=off", "--set", "rounds=2", "--set", "lock=on")[0]["set"]
    check(twice["lock"] == "on" and twice["rounds"] == "2", "the last one counts", twice)


def printed_text():
    text = check_status(0, "run", "bank-race", "--step", "--seed", "7").stdout
    asked = check_status(0, "run", "bank-race", "--step", "--seed", "7", "--text").stdout
    check(re.sub(r" *\d+ *", "N", text) == re.sub(r" *\d+ *", "N", asked), "without a terminal it is --text")
    check(re.search(r"^ +1 +0\.000000 +\d+ +MainProcess begins", text, re.M), text[:400])
    check(re.search(r"^     \| final balance: \d+$", text, re.M), text)
    check(re.search(r"withdraw reads balance: 200 +lesson\.c:\d+$", text, re.M), text)
    check(re.search(r"^outcome:  balance \d+\nexpected: balance 200\nverdict:  ", text, re.M), text)
    check(re.search(r"^schedule: seed=7,", text, re.M), text)


# ---- repeating ----

def nameless(lines):
    """A run without its PIDs, wherever they stand."""
    pids = {str(line[key]) for line in lines for key in ("pid", "tid", "child_pid", "parent_pid") if line.get(key)}
    pattern = re.compile(r"\b(" + "|".join(sorted(pids, key=len, reverse=True)) + r")\b")
    return pattern.sub("PID", json.dumps(lines))


def repeating():
    lessons = [json.loads(line)["name"] for line in run("list", "--json").stdout.splitlines()]
    for lesson in lessons:
        first = run_json(lesson, "--step", "--seed", "7")
        check(nameless(first) == nameless(run_json(lesson, "--step", "--seed", "7")), lesson, "twice the same")
        schedule = first[-1]["schedule"]
        check(nameless(first) == nameless(run_json(lesson, "--schedule", schedule)), lesson, "by its schedule")
        check(schedule.startswith("seed=7,"), schedule)
        seeds = {run_json(lesson, "--step", "--seed", str(seed))[-1]["schedule"].split(",", 1)[1] for seed in range(6)}
        movers = {choice.split("x")[0] for choice in schedule.split(",")[1:]}
        check(len(seeds) > 1 or len(movers) == 1, lesson, "another seed is another history")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("# from a mail\n" + schedule.replace(",", "\n"))
        file.flush()
        check(nameless(first) == nameless(run_json(lesson, "--schedule", file.name)), "by a file")
    robin = run_json("bank-race", "--step", "--strategy", "round-robin", "--seed", "1")[-1]["schedule"]
    check(robin == run_json("bank-race", "--step", "--strategy=round-robin", "--seed", "1")[-1]["schedule"], "round robin")

    # A beginning, then the strategy; a choice that is not possible; choices after the end.
    beginning = run_json("bank-race", "--schedule", "seed=3,0x3")
    check(beginning[-1]["schedule"].startswith("seed=3,0x"), beginning[-1])
    other = run_json("bank-race", "--schedule", "seed=3,0x3", "--seed", "4")
    check(other[0]["seed"] == 4, other[0])
    wrong = run("run", "bank-race", "--schedule", "0x3,9", "--json")
    check(wrong.returncode == 1 and "choice 4 of the schedule, actor 9" in wrong.stderr and
          "Could move instead: " in wrong.stderr, wrong.stderr)
    whole = run_json("bank-race", "--step", "--seed", "7")[-1]["schedule"]
    longer = run("run", "bank-race", "--schedule", whole + ",0x3")
    check(longer.returncode == 1 and "the run ended after" in longer.stderr, longer.stderr)


# ---- the world around ----

def surroundings():
    head = subprocess.run(f"'{LOCKSTEP}' run bank-race --json --speed 100 | head -2 >/dev/null; exit ${{PIPESTATUS[0]}}",
                          shell=True, executable="/bin/bash", capture_output=True, timeout=LIMIT)
    check(head.returncode == 128 + signal.SIGPIPE and head.stderr == b"", head)
    with open("/dev/full", "w") as device:
        full = subprocess.run([LOCKSTEP, "run", "bank-race", "--json", "--step"], stdout=device,
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, timeout=LIMIT)
    check(full.returncode == 1 and "cannot write the output: No space left" in full.stderr, full)
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(f"exec '{LOCKSTEP}' run bank-race --step --seed 1 {closed}", shell=True,
                              stdout=subprocess.PIPE, timeout=LIMIT)
        check(done.returncode == 0, closed, done.returncode)
        check(">&-" in closed.replace("2>&-", "") or b"verdict:" in done.stdout, closed, "printed all")


def printing(folder):
    """A command line of each verb that prints."""
    recording = os.path.join(folder, "run.lockstep")
    check_status(0, "run", "bank-race", "--step", "--record", recording)
    exports = [["export", recording, "--format", form, "-o", "-"] for form in ("cast", "svg", "html", "chrome", "csv", "json", "text")]
    return [[], ["list"], ["list", "--json"], ["list", "--notebook", "A"], ["progress"], ["progress", "--json"], ["doctor"],
            ["help"], ["help", "run"], ["run", "--help"], ["version"], ["edit", "bank-race"], ["tour", "bank-race", "--text"],
            ["tour", "bank-race", "--cast", "-"], ["tour", "bank-race", "--svg", "-"], ["replay", recording, "--text"],
            ["replay", recording, "--json"], ["replay", recording, "--live", "--text"], ["run", "bank-race", "--step"], *exports]


def outputs():
    """Nobody is told that all went well when what was to be printed is lost; who reads no further is no fault."""
    with tempfile.TemporaryDirectory() as folder:
        around = {**os.environ, "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder}
        for words in printing(folder):
            with open("/dev/full", "w") as device:
                full = subprocess.run([LOCKSTEP, *words], stdout=device, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                      text=True, timeout=LIMIT, env=around)
            check(full.returncode == 1 and re.search(r"^lockstep: cannot write .*: (No space left|only a part)", full.stderr, re.M),
                  words, full)
            reader, writer = os.pipe()
            os.close(reader)
            gone = subprocess.run([LOCKSTEP, *words], stdout=writer, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                  text=True, timeout=LIMIT, env=around)
            os.close(writer)
            check(gone.returncode in (-signal.SIGPIPE, 128 + signal.SIGPIPE) and "cannot write" not in gone.stderr, words, gone)


def without(*names, **more):
    return {**{name: value for name, value in os.environ.items() if name not in names}, **more}


def homeless():
    """No home: what would be kept there is told of; the rest works as ever."""
    nowhere = without("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    check(run("list", env=nowhere).returncode == 0, "list")
    known = run("progress", env=nowhere)
    check(known.returncode == 0 and "neither XDG_STATE_HOME nor HOME" in known.stderr, known)
    reset = run("progress", "--reset", "--yes", env=nowhere)
    check(reset.returncode == 1 and "neither XDG_STATE_HOME nor HOME" in reset.stderr, reset)
    edit = run("edit", "bank-race", env=nowhere)
    check(edit.returncode == 1 and "neither XDG_DATA_HOME nor HOME" in edit.stderr, edit)
    with tempfile.TemporaryDirectory() as folder:
        empty = run("list", env=without(LOCKSTEP_LESSONS=folder, XDG_DATA_HOME=folder))
        check(empty.returncode == 1 and f"{folder}: no lesson in it" in empty.stderr, empty)
        os.mkdir(os.path.join(folder, "lockstep"))
        with open(os.path.join(folder, "lockstep", "lessons"), "w") as file:
            file.write("a file where the folder should be")
        own = run("list", env=without(XDG_DATA_HOME=folder))
        check(own.returncode == 0 and f"{file.name}: left out: Not a directory" in own.stderr, own)


def on_terminal(*words, **environment):
    """Status and output of what ends by itself on a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(LOCKSTEP, [LOCKSTEP, *words], without("TERM", **environment))
    output = b""
    try:
        while chunk := os.read(terminal, 65536):
            output += chunk
    except OSError:
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output.decode()


def terminals():
    """A terminal without a screen gets text; one that nobody knows is named."""
    for environment in ({}, {"TERM": ""}, {"TERM": "dumb"}):
        status, output = on_terminal(**environment)
        check(status == 0 and "bank-race" in output and "\x1b" not in output, environment, output[:200])
        status, output = on_terminal("tour", "bank-race", LC_ALL="C", **environment)
        check(status == 0 and "schedule: seed=" in output and "\x1b" not in output, environment, output[:200])
    for words in ((), ("run", "bank-race"), ("tour", "bank-race")):
        status, output = on_terminal(*words, TERM="no-such-terminal")
        check(status == 1 and "TERM=no-such-terminal" in output and "xterm" in output, words, status, output)


def signals():
    """A run that is told to go: its status, and what was printed until then is printed."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        process = subprocess.Popen([LOCKSTEP, "run", "bank-race", "--json"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        lines = [process.stdout.readline() for _ in range(20)]
        process.send_signal(number)
        rest = process.stdout.read()
        check(process.wait(LIMIT) == 128 + number, number, process.returncode)
        check(all(json.loads(line) for line in lines + rest.splitlines()), "whole lines")
        process.stdout.close()


for part in (verbs, mistakes, printed_json, printed_text, repeating, surroundings, outputs, homeless, terminals, signals):
    part()
print(f"command line: {checks} checks")
