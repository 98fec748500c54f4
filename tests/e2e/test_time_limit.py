#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run that never comes to its end is ended at its time limit, with its name, and leaves nothing.

Whatever it is that goes on for ever: computing, sleeping (of which virtual time has plenty), stepping, printing, waiting for
itself, also after it has told its outcome. What happened until then is printed and recorded; a run that ends by itself is
not touched.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import LOCKSTEP, ScratchLesson  # noqa: E402

SOURCE = """
    static const struct lesson_parameter parameters[] = {
        {.name = "how", .choices = "computes|sleeps|steps|prints|waits|told|ends", .fallback = "computes", .help = "what goes on"}, {0}};
    static const struct lesson lesson = {.title = "For ever", .summary = "Never ends.", .parameters = parameters,
                                         .outcome = "none", .right = "any"};

    static void computes(void *unused) { (void)unused; for (volatile long i = 0;; i++); }
    static void sleeps(void *unused) { (void)unused; for (;;) clock_sleep(1); }
    static void steps(void *value) { for (;;) value_set(value, 1); }
    static void prints(void *unused) { (void)unused; for (;;) { puts("once more"); fflush(stdout); } }
    static void waits(void *unused) { int ends[2], byte; (void)unused; if (pipe(ends) == 0) while (read(ends[0], &byte, 1) < 0); }
    static void ends(void *unused) { (void)unused; }

    int main(int argc, char **argv)
    {
        static const struct { const char *how; void (*work)(void *); } rows[] = {
            {"computes", computes}, {"sleeps", sleeps}, {"steps", steps}, {"prints", prints},
            {"waits", waits}, {"told", waits}, {"ends", ends}};
        size_t row = 0;

        lesson_begin(&lesson, argc, argv);
        while (!lesson_is("how", rows[row].how))
            row++;
        if (lesson_is("how", "told"))
            lesson_outcome(true, "told", json_object(), NULL);
        struct value *value = value_new("balance", 0);
        struct process *process = process_new("worker", rows[row].work, value);
        process_start(process);
        process_join(process);
        lesson_outcome(true, "ended", json_object(), NULL);
        return lesson_end();
    }
"""
FOR_EVER = ("computes", "sleeps", "steps", "prints", "waits", "told")
NAME = "time limit of 0.1 s reached"
faults = []


def check(right, *what):
    if not right:
        faults.append(" ".join(map(str, what)))


def check_ended(lesson, how, mode):
    done = lesson.run(*mode, "--json", "--set", f"how={how}", "--time-limit", "0.1")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    killed = {line["actor"]: line["value"] for line in lines if line.get("op") == "process.killed"}
    check(done.returncode == 1, how, mode, "status", done.returncode)
    check(lines[-1]["type"] == "result" and not lines[-1]["ok"] and lines[-1]["verdict"] == NAME, how, mode, lines[-1])
    check(killed == {"MainProcess": -9, "worker": -9}, how, mode, killed)
    check(NAME in done.stderr.decode() and "--time-limit SECONDS" in done.stderr.decode(), how, mode, done.stderr)
    check(not lesson.left(), how, mode, "left", lesson.left())


def replay(lesson, file, *arguments):
    return subprocess.run([LOCKSTEP, "replay", file, *arguments], capture_output=True, timeout=60, check=False,
                          env={"LOCKSTEP_LESSONS": str(lesson.root), "PATH": "/usr/bin:/bin"})


def check_recorded(lesson, how, mode):
    """The recording has what was printed, and run again it is the same as far as both go."""
    file = str(lesson.root / "recording")
    done = lesson.run(*mode, "--json", "--set", f"how={how}", "--time-limit", "0.1", "--record", file)
    again = replay(lesson, file, "--json")
    check(again.stdout == done.stdout and again.stderr == b"", how, mode, "recorded", again.stdout[-300:], again.stderr)
    if mode:
        live = replay(lesson, file, "--live", "--text")
        check(live.returncode == 0 and b"equal to the recording, as far as it goes" in live.stdout, how, "live", live.stdout[-300:])


def main():
    with tempfile.TemporaryDirectory() as root:
        lesson = ScratchLesson(root, "for-ever", "#include <unistd.h>\n" + SOURCE)
        for mode in [], ["--step"]:
            for how in FOR_EVER:
                check_ended(lesson, how, mode)
            for how in "computes", "sleeps", "waits":
                check_recorded(lesson, how, mode)
            done = lesson.run(*mode, "--json", "--set", "how=ends", "--time-limit", "30")
            check(done.returncode == 0 and done.stderr == b"", "one that ends", mode, done.returncode, done.stderr)
        done = lesson.run("--text", "--set", "how=waits", "--time-limit", "0.1")
        check(re.search(rf"^verdict: +{NAME} ", done.stdout.decode(), re.M), "text", done.stdout[-300:])
    print("\n".join(faults))
    print(f"{len(FOR_EVER)} that never end, free and stepped: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
