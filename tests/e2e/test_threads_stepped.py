#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Threads under the gate: a daemon, whether it waits, sleeps or never stops, does not keep its process from
ending, and is ended with it; one that is none is waited for. A seed and a schedule repeat such a run.

Wall limit: 120 s
"""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402
from stepped import check, finish, run, without_ids  # noqa: E402

SEEDS = 10

LESSON = """
    static struct event *never;
    static struct lock *lock;
    static struct value *count;

    static void wait_for_ever(void *unused) { (void)unused; event_wait(never); }
    static void sleep_for_ever(void *unused) { (void)unused; clock_sleep(1e6); }

    static void go_on_for_ever(void *unused)
    {
        (void)unused;
        for (;;) {
            lock_acquire(lock);
            value_set(count, value_get(count) + 1);
            lock_release(lock);
        }
    }

    static void work(void *unused)
    {
        (void)unused;
        for (int i = 0; i < 3; i++) {
            lock_acquire(lock);
            lock_release(lock);
        }
        printf("worked\\n");
    }

    static void start(void (*target)(void *), bool daemon)
    {
        struct thread *thread = thread_new(NULL, target, NULL);
        thread_set_daemon(thread, daemon);
        thread_start(thread);
    }

    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {.title = "T", .summary = "S.", .parameters = parameters,
                                         .outcome = "threads: those there are", .right = "5"};

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        never = event_new("never");
        lock = lock_new("lock");
        count = value_new("count", 0);
        start(wait_for_ever, true);
        start(sleep_for_ever, true);
        start(go_on_for_ever, true);
        start(work, false);
        lesson_outcome(true, "done", json_pack("{s:i}", "threads", 5), NULL);
        return lesson_end();
    }
"""

with tempfile.TemporaryDirectory() as root:
    lesson = ScratchLesson(root, "daemons", LESSON)
    for seed in range(SEEDS):
        output, lines = run(lesson, "--seed", str(seed))
        ends = [line["actor"] for line in lines if line.get("op") in ("thread.exit", "process.exit")]
        check(ends == ["Thread-4", "MainProcess", "Thread-1", "Thread-2", "Thread-3"],
              f"seed {seed}: {ends} is not who is no daemon, the process, and the daemons with it")
    check(without_ids(run(lesson, "--seed", str(SEEDS - 1))[0]) == without_ids(output), "a seed twice is not the same")
    check(without_ids(run(lesson, "--schedule", lines[-1]["schedule"])[0]) == without_ids(output), "its schedule does not repeat it")
    check(not lesson.left(), f"left running: {lesson.left()}")
finish()
