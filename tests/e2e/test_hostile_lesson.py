#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The wire is written by student code and is not trusted.

A lesson is built that scribbles over every byte of the shared memory while it is watched, free and
gated. Whatever it writes, the program that watches it must end by itself, with a status of its
own, and leave no process behind.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap

LOCKSTEP = os.environ.get("LOCKSTEP", "./lockstep")
BUILD = pathlib.Path(os.environ.get("LOCKSTEP_BUILD", "build/release"))
ROUNDS = int(os.environ.get("LOCKSTEP_ROUNDS", "12"))

SOURCE = textwrap.dedent("""
    #include <stdio.h>
    #include <stdint.h>
    #include <string.h>
    #include <stdlib.h>
    #include "mp/mp.h"

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

    static void scribble(struct value *value)
    {
        size_t from = (size_t)lesson_integer("from");
        size_t reach = 4u << 20; /* header, tables, controls and the first rings */
        for (int i = 0; i < 3000; i++) {
            random_state = random_state * 1664525u + 1013904223u;
            wire[from + random_state % (reach - from)] = (uint8_t)(random_state >> 24);
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
    """)


def build(root):
    folder = root / "1-hostile" / "scribbler"
    folder.mkdir(parents=True)
    (folder / "lesson.c").write_text(SOURCE)
    (folder / "lesson.md").write_text("# Scribbler\n")
    subprocess.run(
        [os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-g", "-Isrc", str(folder / "lesson.c"), "-o", str(folder / "lesson"),
         str(BUILD / "libmp.a"), "-ljansson", "-lm", "-pthread"], check=True)


def processes():
    names = set()
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if "1-hostile/scribbler" in (entry / "cmdline").read_text():
                    names.add(entry.name)
            except OSError:
                pass
    return names


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        build(root)
        environment = dict(os.environ, LOCKSTEP_LESSONS=str(root))
        for i in range(ROUNDS):
            mode = ["--step"] if i % 2 else ["--speed", "1"]
            start = 4096 if i % 4 < 2 else 0  # with and without the header
            command = [LOCKSTEP, "run", "scribbler", "--json", "--seed", str(i), *mode,
                       "--set", f"seed={i}", "--set", f"from={start}"]
            try:
                done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            except subprocess.TimeoutExpired:
                print(f"round {i}: {' '.join(command)}: did not end")
                failures += 1
                continue
            if done.returncode not in (0, 1):
                print(f"round {i}: status {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
                failures += 1
        left = processes()
        if left:
            print(f"left behind: {sorted(left)}")
            failures += 1
    print(f"{ROUNDS} rounds of scribbling, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
