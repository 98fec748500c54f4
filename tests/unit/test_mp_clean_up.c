/* SPDX-License-Identifier: MIT */
/*
 * What is used and given back five hundred times leaves nothing: no descriptor, no process, no thread,
 * no mapping of shared memory, no file, and no memory.
 */
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "mp/mp.h"

enum {
	WARM_UP = 20,
	ROUNDS = 500,
	BYTES_A_ROUND = 8, /* a leak is at least an object; what the C library keeps for itself does not grow so */
};

/* ---- what a process has ---- */

struct stock {
	int descriptors, threads, shared, named, files;
	bool children;
	size_t bytes;
};

static int entries(const char *folder)
{
	DIR *directory = opendir(folder);
	if (directory == NULL)
		return 0;
	int count = 0;
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static void count_mappings(struct stock *stock)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL) {
		char sharing = 'p';
		sscanf(line, "%*s %*3c%c", &sharing);
		stock->shared += sharing == 's';
		stock->named += strstr(line, "/dev/shm/") != NULL;
	}
	fclose(maps);
}

static struct stock take_stock(void)
{
	const char *temporary = getenv("TMPDIR");
	struct stock stock = {.descriptors = entries("/proc/self/fd"), .threads = entries("/proc/self/task"),
	                      .files = temporary != NULL ? entries(temporary) : 0};
	count_mappings(&stock);
	siginfo_t unused;
	stock.children = waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT) == 0;
	stock.bytes = mallinfo2().uordblks;
	return stock;
}

/* ---- one round of each class ---- */

static void nothing(void *unused)
{
	(void)unused;
}

static void use_process(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	assert_int_equal(process_start(process), 0);
	process_join(process);
	process_free(process);
}

static void use_forgotten_process(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	assert_int_equal(process_start(process), 0);
	process_free(process);
	while (process_active_children() > 0)
		clock_sleep(0.0001);
}

static void stay(void *unused)
{
	(void)unused;
	clock_sleep(1000);
}

static void use_killed_process(void)
{
	struct process *process = process_new(NULL, stay, NULL);
	assert_int_equal(process_start(process), 0);
	process_kill(process);
	process_join(process);
	process_close(process);
	process_free(process);
}

static void use_thread(void)
{
	struct thread *thread = thread_new(NULL, nothing, NULL);
	assert_int_equal(thread_start(thread), 0);
	thread_join(thread);
	thread_free(thread);
}

static void use_value(void)
{
	struct value *value = value_new("value", 1), *typed = value_new_typed("typed", 'i', 1);
	struct array *array = array_new("array", 1000);
	lock_acquire(value_lock(value));
	value_set(value, value_get(typed));
	lock_release(value_lock(value));
	array_set(array, 999, 1);
	value_free(value);
	value_free(typed);
	array_free(array);
}

static void use_locks(void)
{
	struct lock *lock = lock_new("lock");
	struct rlock *rlock = rlock_new("rlock");
	struct semaphore *semaphore = semaphore_new("semaphore", 2);
	lock_acquire(lock);
	rlock_acquire(rlock);
	semaphore_acquire(semaphore);
	assert_false(lock_acquire_timeout(lock, 0.0001));
	semaphore_release(semaphore);
	rlock_release(rlock);
	lock_release(lock);
	semaphore_free(semaphore);
	rlock_free(rlock);
	lock_free(lock);
}

static void use_meetings(void)
{
	struct event *event = event_new("event");
	struct barrier *barrier = barrier_new("barrier", 1, NULL, NULL);
	struct condition *condition = condition_new("condition");
	assert_false(event_wait_timeout(event, 0.0001));
	event_set(event);
	event_wait(event);
	assert_int_equal(barrier_wait(barrier), 0);
	condition_acquire(condition);
	condition_wait_timeout(condition, 0.0001);
	condition_release(condition);
	condition_free(condition);
	barrier_free(barrier);
	event_free(event);
}

static void use_pipe(void)
{
	struct connection *ends[2];
	assert_int_equal(pipe_new("pipe", true, ends), 0);
	connection_send(ends[0], json_pack("[i, s]", 1, "text"));
	json_decref(connection_recv(ends[1]));
	connection_free(ends[0]);
	connection_free(ends[1]);
}

static void use_queues(void)
{
	struct queue *queue = queue_new("queue", 0), *joinable = joinable_queue_new("joinable", 3);
	struct simple_queue *simple = simple_queue_new("simple");
	queue_put(queue, json_string("text"));
	json_decref(queue_get(queue));
	joinable_queue_join(joinable);
	simple_queue_put(simple, json_integer(1));
	json_decref(simple_queue_get(simple));
	queue_close(queue);
	queue_join_thread(queue);
	queue_free(queue);
	queue_free(joinable);
	simple_queue_free(simple);
}

static void put_some(void *queue)
{
	for (int i = 0; i < 5; i++)
		queue_put_integer(queue, i);
}

static void use_queue_of_child(void)
{
	struct queue *queue = queue_new("queue", 0);
	struct process *process = process_new(NULL, put_some, queue);
	assert_int_equal(process_start(process), 0);
	int64_t number;
	for (int i = 0; i < 5; i++)
		assert_int_equal(queue_get_integer(queue, &number), 0);
	process_join(process);
	process_free(process);
	queue_free(queue);
}

static json_t *negate(json_t *number)
{
	return json_integer(-json_integer_value(number));
}

static void use_pool(void)
{
	struct pool *pool = pool_new("pool", 2);
	json_decref(pool_map(pool, negate, json_pack("[i, i, i]", 1, 2, 3), 1));
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

static void use_terminated_pool(void)
{
	struct pool *pool = pool_new("pool", 2);
	struct pool_result *result = pool_map_async(pool, negate, json_pack("[i, i, i]", 1, 2, 3), 1);
	pool_terminate(pool);
	pool_join(pool);
	pool_result_free(result);
	pool_free(pool);
}

static void use_executor(struct executor *executor)
{
	struct future *future = executor_submit(executor, negate, json_integer(4));
	json_decref(future_result(future, -1));
	future_free(future);
	executor_free(executor);
}

static void use_process_executor(void)
{
	use_executor(process_executor_new("executor", 2));
}

static void use_thread_executor(void)
{
	use_executor(thread_executor_new("executor", 2));
}

static void use_manager(void)
{
	struct manager *manager = manager_new("manager");
	struct dict_proxy *dict = manager_dict(manager, "dict");
	assert_int_equal(dict_proxy_set(dict, "key", json_integer(1)), 0);
	json_decref(dict_proxy_get(dict, "key"));
	dict_proxy_free(dict);
	manager_free(manager);
}

static void use_random(void)
{
	struct random *random = random_new("random", 1), *stream = random_new_stream("stream", 1, 2);
	random_skip(stream, 1000);
	random_sample(random);
	random_free(random);
	random_free(stream);
}

/* ---- the test ---- */

static void leaves_nothing(void (*use)(void))
{
	for (int i = 0; i < WARM_UP; i++)
		use();
	struct stock before = take_stock();
	for (int i = 0; i < ROUNDS; i++)
		use();
	struct stock after = take_stock();
	assert_int_equal(after.descriptors, before.descriptors);
	assert_int_equal(after.threads, before.threads);
	assert_int_equal(after.shared, before.shared);
	assert_int_equal(after.named, 0);
	assert_int_equal(after.files, before.files);
	assert_false(after.children);
	assert_in_range(after.bytes, 0, before.bytes + ROUNDS * BYTES_A_ROUND);
}

#define LEAVES_NOTHING(what) \
	static void test_##what(void **state) \
	{ \
		(void)state; \
		leaves_nothing(use_##what); \
	}

LEAVES_NOTHING(process)
LEAVES_NOTHING(forgotten_process)
LEAVES_NOTHING(killed_process)
LEAVES_NOTHING(thread)
LEAVES_NOTHING(value)
LEAVES_NOTHING(locks)
LEAVES_NOTHING(meetings)
LEAVES_NOTHING(pipe)
LEAVES_NOTHING(queues)
LEAVES_NOTHING(queue_of_child)
LEAVES_NOTHING(pool)
LEAVES_NOTHING(terminated_pool)
LEAVES_NOTHING(process_executor)
LEAVES_NOTHING(thread_executor)
LEAVES_NOTHING(manager)
LEAVES_NOTHING(random)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_forgotten_process),
		cmocka_unit_test(test_killed_process),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_meetings),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_queues),
		cmocka_unit_test(test_queue_of_child),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_terminated_pool),
		cmocka_unit_test(test_process_executor),
		cmocka_unit_test(test_thread_executor),
		cmocka_unit_test(test_manager),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
