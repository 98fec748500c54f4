#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""RLock, Semaphore and Condition, stepped: runs repeat, nobody is offered a step that does nothing,
and who waits says for whom.

Wall limit: 120 s
"""

import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402

SOURCE = """
    static const struct lesson_parameter parameters[] = {
        {.name = "part", .choices = "rlock|semaphore|condition|dead|cycle", .fallback = "rlock", .help = "h"}, {0}};
    static const struct lesson lesson = {.title = "t", .summary = "s", .parameters = parameters,
        .outcome = "o", .right = "r", .may_deadlock = "part=cycle"};
    static struct rlock *rlock, *other;
    static struct semaphore *semaphore;
    static struct condition *condition;

    static void with_rlock(void *unused)
    {
        rlock_acquire(rlock);
        rlock_acquire(rlock);
        rlock_release(rlock);
        rlock_release(rlock);
    }
    static void with_semaphore(void *unused)
    {
        semaphore_acquire(semaphore);
        semaphore_release(semaphore);
    }
    static void with_condition(void *unused)
    {
        condition_acquire(condition);
        condition_wait_timeout(condition, 5);
        condition_release(condition);
    }
    static void with_both(void *turned)
    {
        rlock_acquire(turned ? other : rlock);
        rlock_acquire(turned ? rlock : other);
        rlock_release(turned ? rlock : other);
        rlock_release(turned ? other : rlock);
    }
    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        rlock = rlock_new("rlock");
        other = rlock_new("other");
        semaphore = semaphore_new("semaphore", 1);
        condition = condition_new("condition");
        bool dead = lesson_is("part", "dead"), asleep = dead || lesson_is("part", "condition");
        bool cycle = lesson_is("part", "cycle");
        struct process *processes[3];
        for (int i = 0; i < 3 - cycle; i++) {
            processes[i] = process_new(NULL, asleep ? with_condition : cycle ? with_both :
                lesson_is("part", "rlock") ? with_rlock : with_semaphore, cycle && i > 0 ? "" : NULL);
            process_start(processes[i]);
        }
        if (asleep) {
            clock_sleep(1);
            if (dead)
                process_kill(processes[0]);
            condition_acquire(condition);
            if (dead)
                condition_notify_all(condition);
            else
                condition_notify(condition, 2);
            condition_release(condition);
        }
        for (int i = 0; i < 3 - cycle; i++)
            process_join(processes[i]);
        lesson_outcome(true, "fine", NULL, NULL);
        return lesson_end();
    }
"""

faults = []


def check(good, what):
    if not good:
        faults.append(what)
        print(what)


def run(lesson, part, seed):
    done = lesson.run("--json", "--step", "--seed", str(seed), "--set", f"part={part}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(lines):
    """What happened, without what differs between two runs of one schedule."""
    return [(e.get("actor"), e["op"], e.get("object"), e.get("depth")) for e in lines
            if e["type"] == "event" and e["op"] != "output"]


def waits(lines, op):
    return [e["actor"] for e in lines if e.get("op") == op]


with tempfile.TemporaryDirectory() as root:
    lesson = ScratchLesson(root, "synchronisation", SOURCE)
    for part in ("rlock", "semaphore", "condition", "dead", "cycle"):
        for seed in range(8):
            lines = run(lesson, part, seed)
            check(told(lines) == told(run(lesson, part, seed)), f"{part} seed {seed} does not repeat")
            result = lines[-1]
            if part in ("rlock", "semaphore", "condition"):
                check(result["ok"] and result["verdict"] == "fine", f"{part} seed {seed}: {result}")
            for op in ("rlock.wait", "semaphore.wait"):
                # Each that waits got it at its next try: no wait follows a wait.
                last = {}
                for e in lines:
                    if e.get("op") == op:
                        check(last.get(e["actor"]) != op, f"{part} seed {seed}: {e['actor']} is woken in vain")
                    if e["type"] == "event":
                        last[e["actor"]] = e["op"]
            if part == "condition":
                woken = [e for e in lines if e.get("op") == "condition.woken"]
                late = [e for e in woken if e.get("failed")]
                check(len(woken) == 3 and len(late) == 1, f"condition seed {seed}: {len(woken)} woken, {len(late)} late")
            if part == "dead":
                check(result["verdict"] == "deadlock" and not result["ok"], f"dead seed {seed}: {result}")
                check(waits(lines, "condition.notify_wait"), f"dead seed {seed}: nobody waits for the dead sleeper")
    ends = [run(lesson, "cycle", seed)[-1] for seed in range(12)]
    stuck = [end for end in ends if end["verdict"] == "deadlock"]
    check(stuck and all(end["ok"] and end["outcome"]["cycle"] == ["Process-1", "Process-2"] for end in stuck),
          f"opposite orders of two RLocks: {ends}")

sys.exit(1 if faults else 0)
