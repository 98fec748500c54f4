/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <inttypes.h>

#include "mp/mp.h"

struct job {
	struct queue *queue;
	struct value *done;
};

static struct process *start(void (*target)(void *), struct job *job)
{
	struct process *process = process_new(NULL, target, job);
	process_start(process);
	return process;
}

static void end(struct process *process)
{
	int code = -1;
	process_join(process);
	process_exitcode(process, &code);
	pair_line("exit code %d", code);
}

static void line_of(int error)
{
	pair_line("%s", error == 0 ? "None" : error == -EAGAIN ? "Full" : "ValueError");
}

static int64_t got(struct queue *queue)
{
	int64_t number = -1;
	queue_get_integer(queue, &number);
	return number;
}

static void join(void *argument)
{
	struct job *job = argument;
	joinable_queue_join(job->queue);
}

static void work(void *argument)
{
	struct job *job = argument;
	while (got(job->queue) >= 0) {
		lock_acquire(value_lock(job->done));
		value_set(job->done, value_get(job->done) + 1);
		lock_release(value_lock(job->done));
		joinable_queue_task_done(job->queue);
	}
	joinable_queue_task_done(job->queue);
}

static void done_once_too_often(void)
{
	struct queue *queue = joinable_queue_new(NULL, 0);
	queue_put_integer(queue, 1);
	got(queue);
	line_of(joinable_queue_task_done(queue));
	line_of(joinable_queue_task_done(queue));
}

static void nothing_put(void)
{
	struct queue *queue = joinable_queue_new(NULL, 0);
	line_of(joinable_queue_join(queue));
	line_of(joinable_queue_task_done(queue));
}

static void released_by_the_last(void)
{
	struct job job = {joinable_queue_new(NULL, 0), value_new(NULL, 0)};
	struct process *workers[3];
	for (int i = 0; i < 3; i++)
		workers[i] = start(work, &job);
	for (int i = 0; i < 30; i++)
		queue_put_integer(job.queue, i);
	for (int i = 0; i < 3; i++)
		queue_put_integer(job.queue, -1);
	joinable_queue_join(job.queue);
	pair_line("%" PRId64, value_get(job.done));
	for (int i = 0; i < 3; i++)
		end(workers[i]);
}

static void join_waits_for_done_not_for_get(void)
{
	struct job job = {.queue = joinable_queue_new(NULL, 0)};
	queue_put_integer(job.queue, 1);
	queue_put_integer(job.queue, 2);
	got(job.queue);
	got(job.queue);
	joinable_queue_task_done(job.queue);
	struct process *child = start(join, &job);
	process_join_timeout(child, 0.3);
	pair_line("alive %s", pair_bool(process_is_alive(child)));
	joinable_queue_task_done(job.queue);
	end(child);
}

static void done_before_get(void)
{
	struct queue *queue = joinable_queue_new(NULL, 0);
	queue_put_integer(queue, 1);
	line_of(joinable_queue_task_done(queue));
	line_of(joinable_queue_join(queue));
	pair_line("%" PRId64, got(queue));
}

static void all_who_join_are_released(void)
{
	struct job job = {.queue = joinable_queue_new(NULL, 0)};
	struct process *children[3];
	queue_put_integer(job.queue, 1);
	for (int i = 0; i < 3; i++)
		children[i] = start(join, &job);
	got(job.queue);
	joinable_queue_task_done(job.queue);
	for (int i = 0; i < 3; i++)
		end(children[i]);
}

static void has_a_size_too(void)
{
	struct queue *queue = joinable_queue_new(NULL, 1);
	queue_put_integer(queue, 1);
	line_of(queue_put_timeout(queue, json_integer(2), 0));
	pair_line("%s %d", pair_bool(queue_full(queue)), queue_qsize(queue));
	pair_line("%" PRId64, got(queue));
	line_of(joinable_queue_task_done(queue));
	line_of(joinable_queue_task_done(queue));
}

#define PAIR(name) {#name, name}
const struct pair pairs[] = {
	PAIR(done_once_too_often), PAIR(nothing_put), PAIR(released_by_the_last), PAIR(join_waits_for_done_not_for_get),
	PAIR(done_before_get), PAIR(all_who_join_are_released), PAIR(has_a_size_too), {0}};
