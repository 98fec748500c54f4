/* SPDX-License-Identifier: MIT */
/* Pool: see pool.py. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"
#include "pairs.h"

static json_t *square(json_t *n)
{
	return json_integer(json_integer_value(n) * json_integer_value(n));
}

static json_t *add(json_t *arguments)
{
	return json_integer(json_integer_value(json_array_get(arguments, 0)) +
	                    json_integer_value(json_array_get(arguments, 1)));
}

static json_t *same(json_t *value)
{
	return json_incref(value);
}

static json_t *own_pid(json_t *argument)
{
	(void)argument;
	return json_integer(getpid());
}

static json_t *own_name(json_t *argument)
{
	(void)argument;
	return json_string(process_current_name());
}

static json_t *no_threes(json_t *n)
{
	long long number = json_integer_value(n);
	return number % 10 == 3 ? pool_raise("%lld is a three", number) : json_incref(n);
}

static json_t *nap(json_t *milliseconds)
{
	clock_sleep((double)json_integer_value(milliseconds) / 1000);
	return json_incref(milliseconds);
}

static json_t *sleep_long(json_t *argument)
{
	(void)argument;
	clock_sleep(1000);
	return json_null();
}

static json_t *killed_at_three(json_t *n)
{
	if (json_integer_value(n) == 3)
		raise(SIGKILL);
	return json_incref(n);
}

static json_t *raise_after(json_t *milliseconds)
{
	json_decref(nap(milliseconds));
	return pool_raise("after %d", (int)json_integer_value(milliseconds));
}

static json_t *range(int count)
{
	json_t *items = json_array();
	for (int i = 0; i < count; i++)
		json_array_append_new(items, json_integer(i));
	return items;
}

/* As Python prints a list of these. */
static void show(json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	for (char *at = text; at != NULL && *at != '\0'; at++)
		if (*at == '"')
			*at = '\'';
	pair_line("%s", text);
	free(text);
	json_decref(value);
}

static void end(struct pool *pool)
{
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

static json_t *all_of(struct pool_iterator *results)
{
	json_t *list = json_array(), *value;
	while ((value = pool_next(results)) != NULL)
		json_array_append_new(list, value);
	pool_iterator_free(results);
	return list;
}

static void show_each(struct pool_iterator *results)
{
	json_t *value;
	while ((value = pool_next(results)) != NULL || errno != 0) {
		if (value != NULL)
			pair_line("%d", (int)json_integer_value(value));
		else
			pair_line("raised %s", pool_error());
		json_decref(value);
	}
	pool_iterator_free(results);
}

static void show_or_raised(json_t *value)
{
	if (value != NULL)
		show(value);
	else
		pair_line("raised %s", pool_error());
}

static void get(struct pool_result *result)
{
	show_or_raised(pool_result_get(result, -1));
	pool_result_free(result);
}

static void map_in_order_of_input(void)
{
	static const size_t chunks[] = {0, 1, 7, 1000};
	struct pool *pool = pool_new("pool", 3);
	for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
		show(pool_map(pool, square, range(20), chunks[i]));
	end(pool);
}

static void map_of_later_first(void)
{
	struct pool *pool = pool_new("pool", 2);
	show(pool_map(pool, nap, json_pack("[iiii]", 300, 1, 2, 3), 1));
	end(pool);
}

static void map_of_nothing(void)
{
	struct pool *pool = pool_new("pool", 2);
	show(pool_map(pool, square, json_array(), 0));
	show(all_of(pool_imap(pool, square, json_array(), 1)));
	get(pool_map_async(pool, square, json_array(), 0));
	end(pool);
}

static void chunks_of(int items, int workers)
{
	struct pool *pool = pool_new_with("pool", &(struct pool_options){.workers = workers, .max_tasks_per_child = 1});
	json_t *pids = pool_map(pool, own_pid, range(items), 0);
	int count = 1, first = 0, last = 1;
	for (size_t i = 1; i < json_array_size(pids); i++) {
		if (json_equal(json_array_get(pids, i - 1), json_array_get(pids, i))) {
			last++;
			continue;
		}
		first = count++ == 1 ? last : first;
		last = 1;
	}
	pair_line("%d items, %d workers: %d chunks of %d, last %d", items, workers, count, first, last);
	json_decref(pids);
	end(pool);
}

static void chunks_by_pid(void)
{
	static const int golden[][2] = {{16, 4}, {17, 4}, {100, 4}, {100, 3}, {9, 2}, {1000, 4}};
	for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
		chunks_of(golden[i][0], golden[i][1]);
}

static void starmap_of_pairs(void)
{
	struct pool *pool = pool_new("pool", 2);
	show(pool_starmap(pool, add, json_pack("[[ii][ii][ii]]", 1, 2, 3, 4, 5, 6), 0));
	get(pool_starmap_async(pool, add, json_pack("[[ii][ii]]", 1, 2, 3, 4), 0));
	end(pool);
}

static void none_is_not_callable(void)
{
	struct pool *pool = pool_new("pool", 2);
	if (pool_apply(pool, NULL, json_integer(1)) == NULL)
		pair_line("%s", pool_error());
	show(pool_starmap(pool, add, json_pack("[[ii]]", 1, 2), 0));
	end(pool);
}

static void starmap_of_no_pairs(void)
{
	struct pool *pool = pool_new("pool", 2);
	if (pool_starmap(pool, add, json_pack("[ii]", 1, 2), 0) == NULL)
		pair_line("raised");
	show(pool_starmap(pool, add, json_pack("[[ii]]", 1, 2), 0));
	end(pool);
}

static void imap_in_order_of_input(void)
{
	struct pool *pool = pool_new("pool", 2);
	for (size_t chunk = 1; chunk <= 3; chunk += 2)
		show(all_of(pool_imap(pool, nap, json_pack("[iiiii]", 100, 1, 50, 2, 3), chunk)));
	end(pool);
}

static void imap_unordered_in_order_of_arrival(void)
{
	struct pool *pool = pool_new("pool", 2);
	show(all_of(pool_imap_unordered(pool, nap, json_pack("[iiii]", 600, 1, 2, 3), 1)));
	end(pool);
}

static void imap_goes_on_after_an_error(void)
{
	struct pool *pool = pool_new("pool", 2);
	show_each(pool_imap(pool, no_threes, range(6), 1));
	end(pool);
}

static void imap_in_chunks_ends_with_an_error(void)
{
	struct pool *pool = pool_new("pool", 2);
	show_each(pool_imap(pool, no_threes, range(8), 2));
	end(pool);
}

static void next_in_time(void)
{
	struct pool *pool = pool_new("pool", 1);
	struct pool_iterator *results = pool_imap(pool, nap, json_pack("[i]", 700), 1);
	if (pool_next_timeout(results, 0.05) == NULL && errno == ETIMEDOUT)
		pair_line("not yet");
	show(pool_next_timeout(results, 20));
	pool_iterator_free(results);
	end(pool);
}

static void error_of_map_comes_last(void)
{
	struct pool *pool = pool_new("pool", 2);
	show_or_raised(pool_map(pool, no_threes, range(10), 1));
	show(pool_map(pool, no_threes, json_pack("[ii]", 1, 2), 0));
	end(pool);
}

static void first_error_to_arrive(void)
{
	struct pool *pool = pool_new("pool", 2);
	show_or_raised(pool_map(pool, raise_after, json_pack("[ii]", 500, 1), 1));
	end(pool);
}

static void apply_waits(void)
{
	struct pool *pool = pool_new("pool", 2);
	show_or_raised(pool_apply(pool, square, json_integer(5)));
	show_or_raised(pool_apply(pool, no_threes, json_integer(3)));
	end(pool);
}

static void get_in_time(void)
{
	struct pool *pool = pool_new("pool", 1);
	struct pool_result *result = pool_apply_async(pool, nap, json_integer(600));
	pair_line("ready %s", pair_bool(pool_result_ready(result)));
	if (pool_result_successful(result) == -EAGAIN)
		pair_line("not ready");
	if (pool_result_get(result, 0.05) == NULL && errno == ETIMEDOUT)
		pair_line("timeout");
	show(pool_result_get(result, 20));
	pair_line("ready %s, successful %s", pair_bool(pool_result_ready(result)),
	          pair_bool(pool_result_successful(result) == 1));
	pool_result_free(result);
	end(pool);
}

static void unsuccessful(void)
{
	struct pool *pool = pool_new("pool", 1);
	struct pool_result *result = pool_apply_async(pool, no_threes, json_integer(13));
	pool_result_wait(result, 20);
	pair_line("ready %s, successful %s", pair_bool(pool_result_ready(result)),
	          pair_bool(pool_result_successful(result) == 1));
	pool_result_free(result);
	end(pool);
}

static pid_t me;

static void tell_done(json_t *value, void *context)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	(void)context;
	pair_line("callback %s, in the parent %s", text, pair_bool(getpid() == me));
	free(text);
}

static void tell_failed(const char *raised, void *context)
{
	(void)context;
	pair_line("error callback %s, in the parent %s", raised, pair_bool(getpid() == me));
}

static void wait_for(struct pool_result *result)
{
	pool_result_wait(result, -1);
	pool_result_free(result);
}

static void callbacks_in_the_parent(void)
{
	static const struct pool_callbacks callbacks = {.done = tell_done, .failed = tell_failed};
	struct pool *pool = pool_new("pool", 2);
	me = getpid();
	wait_for(pool_apply_async_then(pool, square, json_integer(4), &callbacks));
	wait_for(pool_apply_async_then(pool, no_threes, json_integer(3), &callbacks));
	wait_for(pool_map_async_then(pool, square, range(5), 0, &callbacks));
	wait_for(pool_map_async_then(pool, no_threes, range(5), 0, &callbacks));
	wait_for(pool_starmap_async_then(pool, add, json_pack("[[ii]]", 1, 2), 0, &callbacks));
	end(pool);
}

static void gather(json_t *value, void *context)
{
	json_array_append(context, value);
}

static void callback_of_many(void)
{
	json_t *seen = json_array();
	struct pool_callbacks callbacks = {.done = gather, .context = seen};
	struct pool_result *results[100];
	struct pool *pool = pool_new("pool", 3);
	for (int i = 0; i < 100; i++)
		results[i] = pool_apply_async_then(pool, square, json_integer(i), &callbacks);
	pool_close(pool);
	pool_join(pool);
	long sum = 0;
	bool ready = true;
	for (size_t i = 0; i < 100; i++) {
		sum += (long)json_integer_value(json_array_get(seen, i));
		ready = ready && pool_result_ready(results[i]);
		pool_result_free(results[i]);
	}
	pair_line("%zu results, sum %ld, all ready %s", json_array_size(seen), sum, pair_bool(ready));
	json_decref(seen);
	pool_free(pool);
}

static void tell_called(json_t *value, void *context)
{
	(void)value;
	(void)context;
	pair_line("called");
}

static void no_callback_of_an_empty_map(void)
{
	struct pool *pool = pool_new("pool", 1);
	get(pool_map_async_then(pool, square, json_array(), 0, &(struct pool_callbacks){.done = tell_called}));
	end(pool);
}

static struct value *count;

static void begin(void *by)
{
	lock_acquire(value_lock(count));
	value_set(count, value_get(count) + *(int *)by);
	lock_release(value_lock(count));
}

static void initializer_in_each_worker(void)
{
	int by = 10;
	count = value_new("count", 0);
	end(pool_new_with("pool", &(struct pool_options){.workers = 3, .initializer = begin, .initializer_argument = &by}));
	pair_line("%d", (int)value_get(count));
}

static void tasks_per_child(void)
{
	struct pool *pool = pool_new_with("pool", &(struct pool_options){.workers = 2, .max_tasks_per_child = 3});
	json_t *pids = pool_map(pool, own_pid, range(24), 1);
	size_t different = 0, most = 0, total = json_array_size(pids);
	for (size_t i = 0; i < total; i++) {
		size_t same_as = 0, before = 0;
		for (size_t k = 0; k < total; k++) {
			bool equal = json_equal(json_array_get(pids, i), json_array_get(pids, k));
			same_as += equal;
			before += equal && k < i;
		}
		different += before == 0;
		most = same_as > most ? same_as : most;
	}
	pair_line("%zu results, more than two workers %s", total, pair_bool(different > 2));
	pair_line("at most three each %s", pair_bool(most <= 3));
	json_decref(pids);
	end(pool);
}

static void no_workers(void)
{
	for (int workers = 0; workers >= -1; workers--)
		if (pool_new("pool", workers) == NULL && errno == EINVAL)
			pair_line("refused %d", workers);
}

static void worker_names(void)
{
	struct pool *pool = pool_new("pool", 1);
	show(pool_map(pool, own_name, range(2), 0));
	end(pool);
	struct process *process = process_new(NULL, NULL, NULL);
	pair_line("%s", process_name(process));
}

static void closed_pool_takes_nothing(void)
{
	struct pool *pool = pool_new("pool", 1);
	pool_close(pool);
	if (pool_map(pool, square, range(1), 0) == NULL)
		pair_line("%s", pool_error());
	if (pool_map_async(pool, square, range(1), 0) == NULL)
		pair_line("%s", pool_error());
	if (pool_imap(pool, square, range(1), 1) == NULL)
		pair_line("%s", pool_error());
	if (pool_imap_unordered(pool, square, range(1), 1) == NULL)
		pair_line("%s", pool_error());
	pool_join(pool);
	if (pool_apply(pool, square, json_integer(1)) == NULL)
		pair_line("%s", pool_error());
	pool_free(pool);
}

static void join_of_a_running_pool(void)
{
	struct pool *pool = pool_new("pool", 1);
	if (pool_join(pool) == -EBUSY)
		pair_line("Pool is still running");
	pool_close(pool);
	pool_join(pool);
	if (pool_join(pool) == 0)
		pair_line("joined twice");
	pool_free(pool);
}

static void close_finishes_the_work(void)
{
	struct pool *pool = pool_new("pool", 2);
	json_t *items = json_array();
	for (int i = 0; i < 8; i++)
		json_array_append_new(items, json_integer(50));
	struct pool_result *result = pool_map_async(pool, nap, items, 1);
	pool_close(pool);
	pool_join(pool);
	bool ready = pool_result_ready(result);
	char *text = json_dumps(pool_result_get(result, 0), 0);
	pair_line("ready %s: %s", pair_bool(ready), text);
	free(text);
	pool_result_free(result);
	pool_free(pool);
}

static void terminate_loses_the_work(void)
{
	struct pool *pool = pool_new("pool", 2);
	struct pool_result *result = pool_map_async(pool, sleep_long, range(4), 1);
	pool_terminate(pool);
	pair_line("ready %s", pair_bool(pool_result_ready(result)));
	if (pool_map(pool, square, range(1), 0) == NULL)
		pair_line("%s", pool_error());
	if (pool_join(pool) == 0)
		pair_line("joined");
	pool_result_free(result);
	pool_free(pool);
}

static void terminate_with_ten_thousand_pending(void)
{
	struct pool *pool = pool_new("pool", 3);
	struct pool_result *result = pool_map_async(pool, sleep_long, range(10000), 1);
	double began = clock_seconds();
	pool_terminate(pool);
	pool_join(pool);
	pair_line("at once %s, ready %s", pair_bool(clock_seconds() - began < 10), pair_bool(pool_result_ready(result)));
	pool_result_free(result);
	pool_free(pool);
}

static void killed_worker_loses_its_task(void)
{
	struct pool *pool = pool_new("pool", 2);
	struct pool_result *result = pool_map_async(pool, killed_at_three, range(6), 1);
	show(pool_apply(pool, square, json_integer(3)));
	if (pool_result_get(result, 1) == NULL && errno == ETIMEDOUT)
		pair_line("never comes");
	show(pool_map(pool, square, range(4), 0));
	pool_terminate(pool);
	pool_result_free(result);
	pool_free(pool);
}

static void values_go_there_and_back(void)
{
	struct pool *pool = pool_new("pool", 2);
	char *text = calloc(1, 100001);
	memset(text, 'y', 100000);
	json_t *values = json_pack("[ifsb[i[i[]]]s]", 1, -1.5, "x", 1, 1, 2, text);
	json_t *back = pool_map(pool, same, json_incref(values), 0);
	pair_line("%s", pair_bool(json_equal(back, values)));
	json_decref(back);
	json_decref(values);
	free(text);
	end(pool);
}

#define PAIR(name) {#name, name}

const struct pair pairs[] = {
	PAIR(map_in_order_of_input), PAIR(map_of_later_first), PAIR(map_of_nothing), PAIR(chunks_by_pid),
	PAIR(starmap_of_pairs), PAIR(none_is_not_callable), PAIR(starmap_of_no_pairs), PAIR(imap_in_order_of_input),
	PAIR(imap_unordered_in_order_of_arrival), PAIR(imap_goes_on_after_an_error),
	PAIR(imap_in_chunks_ends_with_an_error), PAIR(next_in_time), PAIR(error_of_map_comes_last),
	PAIR(first_error_to_arrive), PAIR(apply_waits), PAIR(get_in_time), PAIR(unsuccessful),
	PAIR(callbacks_in_the_parent), PAIR(callback_of_many), PAIR(no_callback_of_an_empty_map),
	PAIR(initializer_in_each_worker), PAIR(tasks_per_child), PAIR(no_workers), PAIR(worker_names),
	PAIR(closed_pool_takes_nothing), PAIR(join_of_a_running_pool), PAIR(close_finishes_the_work),
	PAIR(terminate_loses_the_work), PAIR(terminate_with_ten_thousand_pending),
	PAIR(killed_worker_loses_its_task), PAIR(values_go_there_and_back), {0}};
