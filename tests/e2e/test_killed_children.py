#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Children that are terminated and killed: told with the right exit code, and in the same order every time.

A gated run repeats byte for byte but for PIDs, however the machine schedules the signals; a free run
knows how each child ended although its parent has reaped it long before anybody looked.
"""
import json
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402

GATED_ROUNDS = 30
FREE_ROUNDS = 10

SOURCE = """
    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {.title = "Ends", .summary = "Ends.", .parameters = parameters,
                                         .outcome = "codes", .right = "-15 and -9"};

    static void nap(void *unused)
    {
        (void)unused;
        for (;;)
            clock_sleep(1);
    }

    static void take(void *lock)
    {
        lock_acquire(lock);
    }

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        struct lock *lock = lock_new("lock");
        lock_acquire(lock);
        struct process *first = process_new("terminated", nap, NULL);
        struct process *second = process_new("killed", nap, NULL);
        struct process *third = process_new("waiter", take, lock);
        process_start(first);
        process_start(second);
        process_start(third);
        process_terminate(first);
        process_is_alive(first);
        process_kill(second);
        process_join(first);
        process_join(second);
        lock_release(lock);
        process_join(third);
        int codes[2] = {0, 0};
        process_exitcode(first, &codes[0]);
        process_exitcode(second, &codes[1]);
        lesson_outcome(codes[0] == -15 && codes[1] == -9, "ended", json_pack("{s:[i,i]}", "codes", codes[0], codes[1]), NULL);
        return lesson_end();
    }
"""

# The only worker dies at its first task: nobody else could tell the pool that it looks for a new one.
POOL_SOURCE = """
    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {.title = "Alone", .summary = "Alone.", .parameters = parameters,
                                         .outcome = "second", .right = "2"};

    static json_t *work(json_t *task)
    {
        if (json_integer_value(task) == 1)
            kill(getpid(), SIGKILL);
        return json_incref(task);
    }

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        struct pool *pool = pool_new("pool", 1);
        struct pool_result *lost = pool_apply_async(pool, work, json_integer(1));
        json_t *second = pool_apply(pool, work, json_integer(2));
        pool_terminate(pool);
        pool_join(pool);
        pool_result_free(lost);
        pool_free(pool);
        lesson_outcome(json_integer_value(second) == 2, "done", json_pack("{s:o}", "second", second), NULL);
        return lesson_end();
    }
"""

PIDS = re.compile(rb'"(pid|tid|child_pid|parent_pid)":\d+')


def killed(lines):
    return {line["actor"]: line.get("value") for line in lines if line.get("op") == "process.killed"}


def main():
    faults = []
    with tempfile.TemporaryDirectory() as root:
        lesson = ScratchLesson(root, "ends", SOURCE)
        histories = set()
        for _ in range(GATED_ROUNDS):
            done = lesson.run("--step", "--seed", "3", "--json")
            histories.add(PIDS.sub(b"", done.stdout))
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            if done.returncode != 0 or killed(lines) != {"terminated": -15, "killed": -9}:
                faults.append(f"gated: status {done.returncode}, {killed(lines)}")
            at = [line.get("op") for line in lines]
            if at.index("process.killed") < at.index("process.terminate"):
                faults.append("gated: killed before it was terminated")
        if len(histories) != 1:
            faults.append(f"gated: {len(histories)} different histories of one seed")
        for _ in range(FREE_ROUNDS):
            done = lesson.run("--speed", "100", "--json")
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            if done.returncode != 0 or killed(lines) != {"terminated": -15, "killed": -9}:
                faults.append(f"free: status {done.returncode}, {killed(lines)}")
        if lesson.left():
            faults.append(f"left behind: {lesson.left()}")
        alone = ScratchLesson(pathlib.Path(root) / "pool", "alone", "#include <signal.h>\n    #include <unistd.h>\n" + POOL_SOURCE)
        for mode in ("--step",), ("--speed", "100"):
            done = alone.run(*mode, "--json")
            if done.returncode != 0:
                faults.append(f"a pool's only worker is not replaced: {mode}, {done.stdout[-300:]}")
    print("\n".join(faults))
    print(f"{GATED_ROUNDS} gated and {FREE_ROUNDS} free runs, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
