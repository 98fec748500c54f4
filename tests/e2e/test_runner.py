#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The runner of the tests counts what a cmocka program says: cases with any name, passed, failed, skipped, never told."""

import os
import pathlib
import subprocess
import sys
import tempfile

RUNNER = pathlib.Path(__file__).parents[1] / "support/run_tests.py"
BEGINS = "[==========] Running 3 test(s).\n"
FIRST = "[ RUN      ] plain\n[       OK ] plain\n"
SECOND = "[ RUN      ] exit-and-signals, five-ends\n"
THIRD = "[ RUN      ] third\n[  SKIPPED ] third\n"
FAILED = "[  FAILED  ] exit-and-signals, five-ends\n"
ENDS = "[==========] 3 test(s) run.\n[  FAILED  ] 1 test(s), listed below:\n" + FAILED + "\n 1 FAILED TEST(S)\n"

checks = 0


def check(good, *said):
    global checks
    checks += 1
    if not good:
        print("FAILED:", *said)
        sys.exit(1)


def result_of(output, status):
    """What the runner prints of a program that prints this and ends so."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "test_program")
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{output}END\nexit {status}\n")
        program.chmod(0o755)
        done = subprocess.run([sys.executable, RUNNER, "--build", folder, str(program)], env=dict(os.environ),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        lines = done.stdout.splitlines()
        return done.returncode, lines[-1], [line.strip(" |") for line in lines if "| ---" in line]


check(result_of(BEGINS + FIRST + SECOND + FAILED + THIRD + ENDS, 1) == (1, "1 passed, 1 failed", []), "a name of words")
status, line, trouble = result_of(BEGINS + FIRST + SECOND, 1)
check((status, line) == (1, "1 passed, 1 failed") and len(trouble) == 2, "a case that ended the program", line, trouble)
check("exit-and-signals, five-ends" in trouble[0], "which one", trouble)
check(result_of("all is well\n", 0)[:2] == (0, "1 passed, 0 failed"), "a script")
check(result_of("all is not well\n", 3) == (1, "0 passed, 1 failed", ["--- status 3"]), "one that fails")
check(result_of("not here\n", 77)[:2] == (1, "0 passed, 0 failed"), "one that is skipped")
print(f"runner: {checks} checks")
