#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The wire is written by student code and is not trusted.

A lesson is built that scribbles over every byte of the shared memory while it is watched, free and
gated. Whatever it writes, the program that watches it must end by itself, with a status of its
own, and leave no process behind.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402

ROUNDS = int(os.environ.get("LOCKSTEP_ROUNDS", "24"))
LESSON_LIMIT = 3  # seconds; a lesson that is not paralysed takes a hundredth of one

SOURCE = """
    static const struct lesson_parameter parameters[] = {
        {.name = "seed", .low = 0, .high = 1e9, .fallback = "1", .help = "of what is scribbled"},
        {.name = "from", .low = 0, .high = 1e12, .fallback = "0", .help = "first byte that may be hit"},
        {0}};
    static const struct lesson lesson = {
        .title = "Scribbler", .summary = "Writes over the wire.", .parameters = parameters,
        .outcome = "none", .right = "any"};

    static uint8_t *wire;
    static size_t size;
    static uint32_t random_state;

    static void find_wire(void)
    {
        FILE *maps = fopen("/proc/self/maps", "r");
        char line[512];
        while (fgets(line, sizeof line, maps) != NULL) {
            unsigned long from, to;
            if (strstr(line, "lockstep-wire") == NULL || sscanf(line, "%lx-%lx", &from, &to) != 2)
                continue;
            wire = (uint8_t *)from;
            size = to - from;
        }
        fclose(maps);
    }

    static uint32_t next_random(void)
    {
        random_state = random_state * 1664525u + 1013904223u;
        return random_state >> 8;
    }

    /* Half of the hits go where something is in use: the first entries of each table. */
    static size_t somewhere(size_t from)
    {
        const size_t reach = 4u << 20; /* header, tables, controls and the first rings */
        const struct { size_t at, size; } used[] = {{0, 256}, {4096, 768}, {790528, 512}, {1314816, 768}, {3940352, 4096}};
        size_t which = next_random() % 5;
        size_t at = next_random() % 2 ? used[which].at + next_random() % used[which].size : next_random() % reach;
        return at < from ? from + at % 4096 : at;
    }

    static void scribble(struct value *value)
    {
        size_t from = (size_t)lesson_integer("from");
        for (int i = 0; i < 3000; i++) {
            wire[somewhere(from)] = (uint8_t)next_random();
            if (i % 100 == 0)
                value_set(value, i);
        }
    }

    static void work(void *value)
    {
        random_state ^= 0x5bd1e995u;
        scribble(value);
    }

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        find_wire();
        random_state = (uint32_t)lesson_integer("seed");
        struct value *value = value_new("balance", 0);
        struct process *process = process_new("scribbler", work, value);
        process_start(process);
        if (wire != NULL)
            scribble(value);
        process_join_timeout(process, 1);
        lesson_outcome(true, "still here", json_object(), NULL);
        return lesson_end();
    }
"""


def watch(lesson, arguments):
    """The status. A lesson that has paralysed itself is ended as a person would end it, by SIGTERM."""
    process = lesson.start(*arguments)
    try:
        process.communicate(timeout=LESSON_LIMIT)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.communicate(timeout=60)
    return process.returncode


def main():
    failures = 0
    ended = {}
    with tempfile.TemporaryDirectory() as root:
        lesson = ScratchLesson(root, "scribbler", SOURCE)
        for i in range(ROUNDS):
            mode = ["--step"] if i % 2 else ["--speed", "1"]
            start = 4096 if i % 4 < 2 else 0  # without and with the header
            try:
                status = watch(lesson, ["--json", "--seed", str(i), *mode, "--set", f"seed={i}", "--set", f"from={start}"])
            except subprocess.TimeoutExpired:
                print(f"round {i}: could not be ended")
                status = None
            ended[status] = ended.get(status, 0) + 1
            failures += status not in (0, 1, 128 + signal.SIGTERM)
        if lesson.left():
            print(f"left behind: {lesson.left()}")
            failures += 1
    print(f"{ROUNDS} rounds of scribbling, by status {ended}, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
