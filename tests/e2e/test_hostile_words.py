#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile words and stubborn processes.

A lesson is built whose every word (title, help, names of processes and objects, messages, printed
lines, raw output, verdict, outcome) carries control bytes, terminal commands, bidirectional and
invisible characters and ill-formed UTF-8: none of it reaches --text, --json or the list (R10).
Another ignores SIGTERM, and so does its worker: a run that is told to go is gone after the grace of
two seconds at the latest (R4).

Wall limit: 120 s
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import compile_lesson  # noqa: E402

LOCKSTEP = os.path.abspath(os.environ.get("LOCKSTEP", "./lockstep"))

HOSTILE = textwrap.dedent(r"""
    #include <stdio.h>
    #include <string.h>
    #include <unistd.h>
    #include "mp/mp.h"

    #define EVIL "\x1b]52;c;aGk=\a\x1b[2J\xc2\x9b" "31m\xe2\x80\xae\xe2\x80\x8b\x7f\b\r\v\"\\/"
    #define WORSE EVIL "\xff\xc0\x80\xed\xa0\x80" /* what JSON does not carry */

    static const struct lesson_parameter parameters[] = {
        {.name = "size", .low = 1, .high = 2e6, .fallback = "1000", .help = "bytes of a line" EVIL}, {0}};
    static const struct lesson lesson = {
        .title = "Title" EVIL, .summary = "Summary" EVIL, .parameters = parameters,
        .outcome = "none" EVIL, .right = "any" EVIL};

    static void work(void *queue)
    {
        queue_put(queue, json_string("item \x1b[2J \xc2\x9b \xe2\x80\xae"));
        print("printed %s", WORSE);
    }

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        struct queue *queue = queue_new("queue" WORSE, 0);
        struct value *value = value_new("value" WORSE "\n", 0);
        struct process *process = process_new("process" WORSE "\n{\"type\":\"result\"}", work, queue);
        process_start(process);
        value_set(value, 1);
        json_decref(queue_get(queue));
        process_join(process);
        if (write(1, WORSE "\n", sizeof WORSE) < 0 || write(2, WORSE "\n", sizeof WORSE) < 0)
            return 1;
        for (long i = 0; i < lesson_integer("size") / 10; i++)
            if (write(1, "0123456\x1b[m", 10) < 0)
                return 1;
        lesson_outcome(true, "verdict" EVIL, json_pack("{s:s}", "key\x1b[2J\xc2\x9b", "value\x1b[2J\xe2\x80\xae"), NULL);
        return lesson_end();
    }
    """)

STUBBORN = textwrap.dedent(r"""
    #include <signal.h>
    #include <unistd.h>
    #include "mp/mp.h"

    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {
        .title = "Stubborn", .summary = "Ignores SIGTERM.", .parameters = parameters, .outcome = "none", .right = "any"};

    static void work(void *unused)
    {
        (void)unused;
        signal(SIGTERM, SIG_IGN);
        print("deaf");
        for (;;)
            pause();
    }

    int main(int argc, char **argv)
    {
        signal(SIGTERM, SIG_IGN);
        lesson_begin(&lesson, argc, argv);
        struct process *process = process_new("deaf", work, NULL);
        process_start(process);
        process_join(process);
        return lesson_end();
    }
    """)

# What a terminal might obey, and what a reader cannot see; end of line is the printer's own.
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
checks = 0


def check(condition, *what):
    global checks
    checks += 1
    if not condition:
        print("FAILED:", *what)
        sys.exit(1)


def build(root, name, source):
    folder = root / "1-hostile" / name
    folder.mkdir(parents=True)
    (folder / "lesson.c").write_text(source)
    compile_lesson(folder)


def run(environment, *arguments):
    done = subprocess.run([LOCKSTEP, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    check(done.returncode == 0, arguments, done.returncode, done.stderr)
    text = done.stdout.decode("utf-8")  # strictly: nothing ill-formed comes through
    found = FORBIDDEN.search(text) or FORBIDDEN.search(done.stderr.decode("utf-8"))
    check(found is None, arguments, "let through", repr(text[max(0, found.start() - 60):found.end() + 20]) if found else "")
    return text


def strings(value):
    """All strings in a JSON value, keys too, as a program would get them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def check_json(text):
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        for string in strings(line):
            check(FORBIDDEN.search(string) is None and "\n" not in string, "decoded:", repr(string))
    return lines


def hostile_words(environment):
    for mode in (["--step"], ["--speed", "1000"], ["--set", "size=1e6"]):
        lines = check_json(run(environment, "run", "hostile", "--json", *mode))
        check([line["type"] for line in lines].count("result") == 1, "one result, whatever a process is called")
        check(any("process" in line.get("actor", "") for line in lines), "the worker is there")
        check(any(line["type"] == "output" and "printed" in line["text"] for line in lines), "so is its line")
        text = run(environment, "run", "hostile", "--text", *mode)
        check("verdict:" in text, text[-300:])
    check_json(run(environment, "list", "--json"))
    run(environment, "list")
    run(environment, "doctor")
    for words in (["run", "hostile", "--set", "size=\x1b[2J\x9b"], ["run", "hos\x1b[2J"], ["\x1b]0;x\x07"], ["help", "\u202e"]):
        done = subprocess.run([LOCKSTEP, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        said = done.stderr.decode("utf-8")
        check(done.returncode == 2 and said and FORBIDDEN.search(said) is None, words, repr(said))


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def stubborn_processes(environment):
    for number in (signal.SIGTERM, signal.SIGHUP):
        process = subprocess.Popen([LOCKSTEP, "run", "stubborn", "--json"], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        pids = set()
        deaf = False
        for line in process.stdout:  # what a process prints may come before its events
            told = json.loads(line)
            pids |= {told["pid"]} if "pid" in told else set()
            deaf |= told["type"] == "output" and "deaf" in told["text"]
            if deaf and len(pids) == 2:
                break
        check(deaf and len(pids) == 2, "main and worker", deaf, pids)
        start = time.monotonic()
        process.send_signal(number)
        process.stdout.read()
        check(process.wait(60) == 128 + number, process.returncode)
        check(time.monotonic() - start < 3, "gone within the grace and a second")
        check(all(is_gone(pid) for pid in pids), pids)
        process.stdout.close()


with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    build(root, "hostile", HOSTILE)
    build(root, "stubborn", STUBBORN)
    surroundings = dict(os.environ, LOCKSTEP_LESSONS=folder)
    hostile_words(surroundings)
    stubborn_processes(surroundings)
print(f"hostile words, stubborn processes: {checks} checks")
