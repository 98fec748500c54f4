#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Simple queues, joinable queues and managers under the gate: they end the same way under every seed, a
seed and a schedule repeat a run, who waits says on what, and nobody takes a step that does nothing. A
manager's server goes with the process that made it, however that ends, and outlives its clients.

Wall limit: 120 s
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from scratch_lesson import ScratchLesson  # noqa: E402
from stepped import check, finish, run, without_ids  # noqa: E402

SEEDS = 15

FRAME = """
    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson lesson = {.title = "T", .summary = "S.", .parameters = parameters,
                                         .outcome = "sum: what came", .right = "6"};

    %s

    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        struct process *processes[3];
        struct value *sum = value_new("sum", 0);
        %s
        for (int i = 0; i < 3; i++)
            process_join(processes[i]);
        lesson_outcome(total == 6, "done", json_pack("{s:i}", "sum", (int)total), NULL);
        return lesson_end();
    }
"""

START = """
        for (long i = 0; i < 3; i++) {
            processes[i] = process_new(NULL, work, (void *)(i + 1));
            process_start(processes[i]);
        }
"""

SIMPLE_QUEUE = FRAME % ("""
    static struct simple_queue *queue, *answers;

    static void work(void *number)
    {
        json_t *item = simple_queue_get(queue);
        simple_queue_put(answers, json_integer(json_integer_value(item) * (long)number / (long)number));
        json_decref(item);
    }
""", """
        (void)sum;
        queue = simple_queue_new("questions");
        answers = simple_queue_new("answers");
        long total = 0;
""" + START + """
        for (int i = 1; i <= 3; i++)
            simple_queue_put(queue, json_integer(i));
        for (int i = 0; i < 3; i++) {
            json_t *item = simple_queue_get(answers);
            total += (long)json_integer_value(item);
            json_decref(item);
        }
""")

# More than a pipe holds: put has to wait for room.
FULL_PIPE = FRAME % ("""
    static struct simple_queue *queue;

    static void work(void *number)
    {
        static char bytes[300000];
        memset(bytes, 'a' + (int)(long)number, sizeof bytes);
        simple_queue_put(queue, json_stringn(bytes, sizeof bytes));
    }
""", """
        (void)sum;
        queue = simple_queue_new("queue");
        long total = 0;
""" + START + """
        for (int i = 0; i < 3; i++) {
            json_t *item = simple_queue_get(queue);
            const char *bytes = json_string_value(item);
            total += bytes[0] == bytes[299999] ? bytes[0] - 'a' : 1000;
            json_decref(item);
        }
""")

JOINABLE_QUEUE = FRAME % ("""
    static struct queue *queue;
    static struct array *taken;

    static void work(void *number)
    {
        int64_t item = 0;
        queue_get_integer(queue, &item);
        array_set(taken, (size_t)((long)number - 1), item);
        joinable_queue_task_done(queue);
    }
""", """
        (void)sum;
        queue = joinable_queue_new("tasks", 0);
        taken = array_new("taken", 3);
""" + START + """
        for (int i = 1; i <= 3; i++)
            queue_put_integer(queue, i);
        joinable_queue_join(queue);
        long total = (long)(array_get(taken, 0) + array_get(taken, 1) + array_get(taken, 2));
""")

MANAGER = FRAME % ("""
    static struct namespace_proxy *shared;

    static void work(void *number)
    {
        struct list_proxy *list = list_proxy_from(namespace_proxy_get(shared, "list"));
        list_proxy_append(list, json_integer((long)number));
        list_proxy_free(list);
    }
""", """
        (void)sum;
        struct manager *manager = manager_new("manager");
        struct list_proxy *list = manager_list(manager, "list");
        shared = manager_namespace(manager, "shared");
        namespace_proxy_set(shared, "list", list_proxy_value(list));
""" + START + """
        for (int i = 0; i < 3; i++)
            process_join(processes[i]);
        long total = 0;
        json_t *all = list_proxy_copy(list), *number;
        size_t index;
        json_array_foreach(all, index, number)
            total += (long)json_integer_value(number);
""")

# A value that no socket's buffer holds, both ways.
BIG_VALUE = FRAME % ("""
    static struct dict_proxy *dict;

    static void work(void *number)
    {
        static char bytes[700000];
        char key[2] = {(char)('a' + (long)number), '\\0'};
        memset(bytes, key[0], sizeof bytes);
        dict_proxy_set(dict, key, json_stringn(bytes, sizeof bytes));
    }
""", """
        (void)sum;
        dict = manager_dict(manager_new("manager"), "dict");
        long total = 0;
""" + START + """
        for (int i = 0; i < 3; i++)
            process_join(processes[i]);
        for (int i = 1; i <= 3; i++) {
            json_t *value = dict_proxy_get(dict, (char[]){(char)('a' + i), '\\0'});
            total += json_string_length(value) == 700000 ? json_string_value(value)[699999] - 'a' : 1000;
            json_decref(value);
        }
""")

# 16 MB, as bytes through a pipe and as an item through a queue.
LARGE = FRAME % ("""
    enum { LENGTH = 16000000 };
    static struct connection *ends[2];
    static struct queue *queue;

    static void work(void *number)
    {
        char *bytes = malloc(LENGTH);
        memset(bytes, 'a' + (int)(long)number, LENGTH);
        if ((long)number == 1)
            connection_send_bytes(ends[1], bytes, LENGTH);
        else if ((long)number == 2)
            queue_put(queue, json_stringn(bytes, LENGTH));
        free(bytes);
    }
""", """
        (void)sum;
        pipe_new("pipe", false, ends);
        queue = queue_new("queue", 0);
        long total = 3;
""" + START + """
        void *bytes;
        if (connection_recv_bytes(ends[0], &bytes) == LENGTH)
            total += ((char *)bytes)[LENGTH - 1] - 'a';
        json_t *item = queue_get(queue);
        total += json_string_length(item) == LENGTH ? json_string_value(item)[0] - 'a' : 1000;
        free(bytes);
        json_decref(item);
""")

# Op that must be seen waiting at least once over all seeds: on which object.
WAITS = {
    "simple-queue": (SIMPLE_QUEUE, {("simple_queue.wait", "questions"), ("simple_queue.wait", "answers")}),
    "full-pipe": (FULL_PIPE, {("simple_queue.put_wait", "queue"), ("simple_queue.wait", "queue")}),
    "joinable-queue": (JOINABLE_QUEUE, {("queue.tasks_wait", "tasks"), ("queue.wait", "tasks")}),
    "managed": (MANAGER, {("manager.wait", "manager"), ("manager.serve_wait", "manager")}),
    "large": (LARGE, {("pipe.send_wait", "pipe"), ("pipe.wait", "pipe"), ("queue.wait", "queue")}),
    "big-value": (BIG_VALUE, {("manager.wait", "manager"), ("manager.serve_wait", "manager")}),
}

# As in Python, several wait for one lock inside get; who comes too late waits again. A feeder's end wakes everybody.
AGAIN = {"simple_queue.wait", "queue.wait", "process.wait"}

def no_idle_steps(lesson, lines):
    waits = {}
    for event in lines:
        if event.get("type") != "event":
            continue
        key = (event["op"], event.get("object"))
        if "wait" in event["op"]:
            check(event.get("object"), f"{lesson.name}: {event} does not say on what")
            check(waits.get(event["tid"]) != key or event["op"] in AGAIN,
                  f"{lesson.name}: {event} waits again although nothing came for it")
        waits[event["tid"]] = key if "wait" in event["op"] else None


def stepped(root, name, source, wanted):
    lesson = ScratchLesson(root, name, source)
    seen, first, schedule = set(), b"", None
    for seed in range(SEEDS):
        output, lines = run(lesson, "--seed", str(seed))
        seen |= {(line["op"], line.get("object")) for line in lines if line.get("type") == "event"}
        no_idle_steps(lesson, lines)
        if seed == 7 and lines:
            first, schedule = output, lines[-1]["schedule"]
    check(wanted <= seen, f"{name}: never seen: {wanted - seen}")
    check(without_ids(run(lesson, "--seed", "7")[0]) == without_ids(first), f"{name}: seed 7 twice is not the same")
    check(without_ids(run(lesson, "--schedule", schedule)[0]) == without_ids(first), f"{name}: its schedule does not repeat it")
    check(not lesson.left(), f"{name}: left running: {lesson.left()}")


# ---- the server's life, without anybody watching ----

LIFE = """
    int main(void)
    {
        struct manager *manager = manager_new(NULL);
        struct dict_proxy *dict = manager_dict(manager, NULL);
        dict_proxy_set(dict, "a", json_integer(1));
        printf("%d\\n", (int)manager_pid(manager));
        fflush(stdout);
        if (getenv("STAY") != NULL)
            clock_sleep(600);
        return dict_proxy_len(dict) == 1 ? 0 : 1;
    }
"""


def gone(pid, limit=10):
    until = time.monotonic() + limit
    while time.monotonic() < until:
        try:
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def life(root, name, end, stay):
    environment = dict(os.environ, **({"STAY": "1"} if stay else {}))
    process = subprocess.Popen([str(ScratchLesson(root, name, LIFE).folder / "lesson")], stdout=subprocess.PIPE,
                               env=environment)
    server = int(process.stdout.readline())
    if end is not None:
        process.send_signal(end)
    status = process.wait(30)
    check(status == (-end if end is not None else 0), f"{name}: status {status}")
    check(gone(server), f"{name}: the server outlives the process that made it")


with tempfile.TemporaryDirectory() as root:
    for name, (source, wanted) in WAITS.items():
        stepped(root, name, source, wanted)
    life(root, "ends", None, False)
    life(root, "is-killed", signal.SIGKILL, True)
    life(root, "is-terminated", signal.SIGTERM, True)
finish()
