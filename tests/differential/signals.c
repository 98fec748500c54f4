/* SPDX-License-Identifier: MIT */
/*
 * A signal every millisecond while something is waited for: nothing is lost, and nothing ends early.
 * The handler is there without SA_RESTART, so that every wait is really broken off (EINTR).
 */
#include "pairs.h"

#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"

enum { LARGE = 16 << 20, ENOUGH = 20 };

static const double WHILE = 0.25;

/* ---- signals ---- */

static volatile sig_atomic_t arrived;

static void note(int number)
{
	(void)number;
	arrived++;
}

static void ping(void *unused)
{
	(void)unused;
	for (;;) {
		kill(getppid(), SIGUSR1);
		usleep(1000);
	}
}

static struct process *pinger;
static double began;

static void signals_begin(void)
{
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = note}, NULL);
	pinger = process_new("pinger", ping, NULL);
	process_set_daemon(pinger, true);
	process_start(pinger);
	began = clock_seconds();
}

static void signals_end(void)
{
	pair_line("early %s", pair_bool(clock_seconds() - began < WHILE));
	pair_line("interrupted %s", pair_bool(arrived >= ENOUGH));
	process_kill(pinger);
	process_join(pinger);
}

static struct process *start(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	if (process_start(process) != 0)
		abort();
	return process;
}

/* ---- messages ---- */

static void send_later(void *end)
{
	clock_sleep(WHILE + 0.05);
	connection_send(end, json_string("hello"));
}

static void blocked_recv(void)
{
	struct connection *ends[2];
	pipe_new("pipe", false, ends);
	signals_begin();
	struct process *process = start(send_later, ends[1]);
	json_t *message = connection_recv(ends[0]);
	pair_line("%s", json_string_value(message));
	signals_end();
	process_join(process);
}

static void poll_times_out(void)
{
	struct connection *ends[2];
	pipe_new("pipe", false, ends);
	signals_begin();
	pair_line("%s", pair_bool(connection_poll(ends[0], WHILE)));
	signals_end();
}

static void fill_large(unsigned char *bytes)
{
	for (uint32_t i = 0; i < LARGE; i++)
		bytes[i] = (unsigned char)(i * 2654435761u >> 24);
}

static void recv_large_later(void *end)
{
	clock_sleep(WHILE + 0.05);
	unsigned char *expected = malloc(LARGE);
	void *bytes;
	fill_large(expected);
	for (int i = 0; i < 2; i++) {
		long length = connection_recv_bytes(end, &bytes);
		pair_line("%ld, equal %s", length, pair_bool(length == LARGE && memcmp(bytes, expected, LARGE) == 0));
	}
}

static void blocked_large_send(void)
{
	struct connection *ends[2];
	unsigned char *bytes = malloc(LARGE);
	fill_large(bytes);
	pipe_new("pipe", false, ends);
	signals_begin();
	struct process *process = start(recv_large_later, ends[0]);
	for (int i = 0; i < 2; i++)
		pair_line("%s", connection_send_bytes(ends[1], bytes, LARGE) == 0 ? "sent" : "failed");
	signals_end();
	process_join(process);
}

static void put_later(void *queue)
{
	clock_sleep(WHILE + 0.05);
	for (int i = 0; i < 1000; i++)
		queue_put_integer(queue, i);
}

static void blocked_get(void)
{
	struct queue *queue = queue_new("queue", 0);
	signals_begin();
	struct process *process = start(put_later, queue);
	int64_t number, in_order = 0;
	while (in_order < 1000 && queue_get_integer(queue, &number) == 0 && number == in_order)
		in_order++;
	pair_line("%" PRId64 " in order", in_order);
	signals_end();
	process_join(process);
}

static void get_times_out(void)
{
	struct queue *queue = queue_new("queue", 0);
	signals_begin();
	pair_line("%s", queue_get_timeout(queue, WHILE) == NULL ? "Empty" : "an item");
	signals_end();
}

static void put_times_out(void)
{
	struct queue *queue = queue_new("queue", 1);
	queue_put_integer(queue, 1);
	signals_begin();
	pair_line("%s", queue_put_timeout(queue, json_integer(2), WHILE) < 0 ? "Full" : "put");
	signals_end();
	json_decref(queue_get(queue));
}

static void get_all_later(void *queue)
{
	clock_sleep(WHILE + 0.05);
	int64_t number, sum = 0;
	for (int i = 0; i < 500; i++)
		if (queue_get_integer(queue, &number) == 0)
			sum += number;
	pair_line("sum %" PRId64, sum);
}

static void blocked_put(void)
{
	struct queue *queue = queue_new("queue", 2);
	signals_begin();
	struct process *process = start(get_all_later, queue);
	for (int i = 0; i < 500; i++)
		queue_put_integer(queue, i);
	process_join(process);
	signals_end();
}

/* ---- locks ---- */

struct held {
	struct lock *lock;
	struct event *taken;
};

static void hold(void *argument)
{
	struct held *held = argument;
	lock_acquire(held->lock);
	event_set(held->taken);
	clock_sleep(WHILE + 0.05);
	lock_release(held->lock);
}

static void blocked_acquire(void)
{
	struct held held = {lock_new("lock"), event_new("taken")};
	struct process *process = start(hold, &held);
	event_wait(held.taken);
	double before = clock_seconds();
	signals_begin();
	began = before;
	lock_acquire(held.lock);
	pair_line("free %s", pair_bool(lock_try_acquire(held.lock)));
	signals_end();
	process_join(process);
}

static void acquire_times_out(void)
{
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	signals_begin();
	pair_line("%s", pair_bool(lock_acquire_timeout(lock, WHILE)));
	signals_end();
}

static void take_turns(void *argument)
{
	struct value *value = argument;
	for (int i = 0; i < 3000; i++) {
		lock_acquire(value_lock(value));
		value_set(value, value_get(value) + 1);
		lock_release(value_lock(value));
	}
}

static void contended_lock(void)
{
	struct value *value = value_new("value", 0);
	signals_begin();
	struct process *one = start(take_turns, value), *other = start(take_turns, value);
	take_turns(value);
	process_join(one);
	process_join(other);
	clock_sleep(WHILE);
	pair_line("%" PRId64, value_get(value));
	signals_end();
}

/* ---- events, barriers, conditions ---- */

static void event_times_out(void)
{
	struct event *event = event_new("event");
	signals_begin();
	pair_line("%s", pair_bool(event_wait_timeout(event, WHILE)));
	signals_end();
}

static void set_later(void *event)
{
	clock_sleep(WHILE + 0.05);
	event_set(event);
}

static void blocked_event(void)
{
	struct event *event = event_new("event");
	signals_begin();
	struct process *process = start(set_later, event);
	event_wait(event);
	pair_line("%s", pair_bool(event_is_set(event)));
	signals_end();
	process_join(process);
}

static void come_later(void *barrier)
{
	clock_sleep(WHILE + 0.05);
	barrier_wait(barrier);
}

static void blocked_barrier(void)
{
	struct barrier *barrier = barrier_new("barrier", 2, NULL, NULL);
	signals_begin();
	struct process *process = start(come_later, barrier);
	pair_line("index %d", barrier_wait(barrier));
	process_join(process);
	pair_line("broken %s, waiting %d", pair_bool(barrier_broken(barrier)), barrier_waiting(barrier));
	signals_end();
}

static void condition_times_out(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	signals_begin();
	pair_line("%s", pair_bool(condition_wait_timeout(condition, WHILE) == 0));
	pair_line("%s", condition_release(condition) == 0 ? "held" : "not held");
	signals_end();
}

static void notify_later(void *condition)
{
	clock_sleep(WHILE + 0.05);
	condition_acquire(condition);
	condition_notify_all(condition);
	condition_release(condition);
}

static void blocked_condition(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	signals_begin();
	struct process *process = start(notify_later, condition);
	pair_line("%s", pair_bool(condition_wait(condition) == 0));
	condition_release(condition);
	process_join(process);
	signals_end();
}

/* ---- processes, threads, clock, pool ---- */

static void end_later(void *unused)
{
	(void)unused;
	clock_sleep(WHILE + 0.05);
	process_exit(6);
}

static void line_ended(struct process *process)
{
	int code = -1;
	pair_line("exit code %s", process_exitcode(process, &code) && code == 6 ? "6" : "another");
}

static void blocked_join(void)
{
	signals_begin();
	struct process *process = start(end_later, NULL);
	process_join(process);
	line_ended(process);
	signals_end();
}

static void join_times_out(void)
{
	signals_begin();
	struct process *process = start(end_later, NULL);
	began = clock_seconds();
	process_join_timeout(process, WHILE);
	pair_line("early %s", pair_bool(clock_seconds() - began < WHILE));
	process_join(process);
	line_ended(process);
	signals_end();
}

static void thread_sleeps(void *unused)
{
	(void)unused;
	clock_sleep(WHILE + 0.05);
}

static void blocked_thread_join(void)
{
	signals_begin();
	struct thread *thread = thread_new(NULL, thread_sleeps, NULL);
	thread_start(thread);
	thread_join(thread);
	pair_line("alive %s", pair_bool(thread_is_alive(thread)));
	signals_end();
}

static void sleep_is_whole(void)
{
	signals_begin();
	clock_sleep(WHILE);
	signals_end();
}

static json_t *square(json_t *number)
{
	clock_sleep(0.01);
	return json_integer(json_integer_value(number) * json_integer_value(number));
}

static void pool_map_is_whole(void)
{
	signals_begin();
	struct pool *pool = pool_new("pool", 2);
	json_t *items = json_array();
	for (int i = 0; i < 60; i++)
		json_array_append_new(items, json_integer(i));
	json_t *results = pool_map(pool, square, items, 1);
	json_int_t sum = 0;
	for (size_t i = 0; i < json_array_size(results); i++)
		sum += json_integer_value(json_array_get(results, i));
	pair_line("%zu results, sum %" JSON_INTEGER_FORMAT, json_array_size(results), sum);
	pool_close(pool);
	pool_join(pool);
	signals_end();
}

const struct pair pairs[] = {
	{"blocked_recv", blocked_recv},
	{"poll_times_out", poll_times_out},
	{"blocked_large_send", blocked_large_send},
	{"blocked_get", blocked_get},
	{"get_times_out", get_times_out},
	{"put_times_out", put_times_out},
	{"blocked_put", blocked_put},
	{"blocked_acquire", blocked_acquire},
	{"acquire_times_out", acquire_times_out},
	{"contended_lock", contended_lock},
	{"event_times_out", event_times_out},
	{"blocked_event", blocked_event},
	{"blocked_barrier", blocked_barrier},
	{"condition_times_out", condition_times_out},
	{"blocked_condition", blocked_condition},
	{"blocked_join", blocked_join},
	{"join_times_out", join_times_out},
	{"blocked_thread_join", blocked_thread_join},
	{"sleep_is_whole", sleep_is_whole},
	{"pool_map_is_whole", pool_map_is_whole},
	{0},
};
