/* SPDX-License-Identifier: MIT */
/* P6, P7: what a pool costs, watched, against Python's and against workers at the two ends of a bare pipe. */
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "mp/pool.h"
#include "python.h"
#include "watched.h"

enum { WORKERS = 2, MANY = 100000, SOME = 10000, FEW = 2000, WINDOW = 256 };

static int64_t square(int64_t number)
{
	return number * number;
}

static json_t *square_value(json_t *number)
{
	return json_integer(square(json_integer_value(number)));
}

static int64_t numbers[MANY];

/* One pool a round, watched; what is measured begins when its workers are there. */
static double with_pool(double (*measure)(struct pool *))
{
	watched_begin();
	struct pool *pool = pool_new("pool", WORKERS);
	json_decref(pool_apply(pool, square_value, json_integer(1)));
	double figure = measure(pool);
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
	watched_end();
	return figure;
}

static double map_numbers(struct pool *pool, size_t count, size_t chunk)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = (int64_t)i;
	uint64_t start = bench_ns();
	pool_map_integers(pool, square, numbers, numbers, count, chunk);
	double us = (double)(bench_ns() - start) / 1e3 / (double)count;
	return numbers[count - 1] == square((int64_t)count - 1) ? us : -1;
}

static double default_chunks(struct pool *pool)
{
	return map_numbers(pool, MANY, 0);
}

static double chunks_of_one(struct pool *pool)
{
	return map_numbers(pool, SOME, 1);
}

static double unordered(struct pool *pool)
{
	json_t *items = json_array(), *value;
	for (int i = 0; i < SOME; i++)
		json_array_append_new(items, json_integer(i));
	uint64_t start = bench_ns();
	struct pool_iterator *results = pool_imap_unordered(pool, square_value, items, 1);
	while ((value = pool_next(results)) != NULL)
		json_decref(value);
	double us = (double)(bench_ns() - start) / 1e3 / SOME;
	pool_iterator_free(results);
	return us;
}

static double round_trips(struct pool *pool)
{
	uint64_t start = bench_ns();
	for (int i = 0; i < FEW; i++)
		json_decref(pool_apply(pool, square_value, json_integer(i)));
	return (double)(bench_ns() - start) / 1e3 / FEW;
}

static double measure_default_chunks(void)
{
	return with_pool(default_chunks);
}

static double measure_chunks_of_one(void)
{
	return with_pool(chunks_of_one);
}

static double measure_unordered(void)
{
	return with_pool(unordered);
}

static double measure_round_trips(void)
{
	return with_pool(round_trips);
}

/* ---- Python ---- */

#define PYTHON(work, count)                                                                                       \
	bench_python("import multiprocessing as mp, time\n"                                                       \
	             "def square(n): return n * n\n"                                                              \
	             "pool = mp.Pool(2); pool.apply(square, (1,)); start = time.perf_counter()\n" work "\n"       \
	             "print((time.perf_counter() - start) / " count " * 1e6); pool.close(); pool.join()")

static double python_default_chunks(void)
{
	return PYTHON("pool.map(square, range(100000))", "100000");
}

static double python_chunks_of_one(void)
{
	return PYTHON("pool.map(square, range(10000), 1)", "10000");
}

static double python_unordered(void)
{
	return PYTHON("for _ in pool.imap_unordered(square, range(10000)): pass", "10000");
}

static double python_round_trips(void)
{
	return PYTHON("for i in range(2000): pool.apply(square, (i,))", "2000");
}

/* ---- the floor: workers that read tasks from one pipe and write results to another ---- */

struct record {
	int64_t id, number;
};

static _Noreturn void work(int tasks, int results)
{
	struct record record;
	while (read(tasks, &record, sizeof record) == sizeof record) {
		record.number = square(record.number);
		if (write(results, &record, sizeof record) != sizeof record)
			_exit(1);
	}
	_exit(0);
}

static double feed(int tasks, int results)
{
	struct record records[WINDOW];
	uint64_t start = bench_ns();
	for (int sent = 0, received = 0; received < SOME;) {
		for (; sent < SOME && sent - received < WINDOW; sent++) {
			struct record record = {.id = sent, .number = sent};
			if (write(tasks, &record, sizeof record) != sizeof record)
				return -1;
		}
		ssize_t bytes = read(results, records, sizeof records);
		if (bytes <= 0)
			return -1;
		received += (int)((size_t)bytes / sizeof *records);
	}
	return (double)(bench_ns() - start) / 1e3 / SOME;
}

static double measure_bare_pool(void)
{
	int tasks[2], results[2];
	if (pipe(tasks) != 0 || pipe(results) != 0)
		return -1;
	for (int i = 0; i < WORKERS; i++) {
		if (fork() != 0)
			continue;
		close(tasks[1]);
		close(results[0]);
		work(tasks[0], results[1]);
	}
	close(tasks[0]);
	close(results[1]);
	usleep(3000);
	double us = feed(tasks[1], results[0]);
	close(tasks[1]);
	close(results[0]);
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	return us;
}

const struct bench_row bench_pool[] = {
	{"P6", "Pool(2), 100,000 numbers, default chunks, watched", "Python's map", "us/item",
	 measure_default_chunks, python_default_chunks, 20, true, 5},
	{"P6", "Pool(2), map in chunks of 1, watched", "Python's map, chunksize=1", "us/item",
	 measure_chunks_of_one, python_chunks_of_one, 10, true, 5},
	{"P6", "Pool(2), imap_unordered, watched", "Python's imap_unordered", "us/item",
	 measure_unordered, python_unordered, 10, true, 5},
	{"P6", "Pool(2), apply round trip, watched", "Python's apply", "us", measure_round_trips, python_round_trips, 4, true, 5},
	{"P7", "Pool(2), map in chunks of 1, watched", "2 processes on bare pipes", "us/item",
	 measure_chunks_of_one, measure_bare_pool, 3, false, 0},
};
const unsigned int bench_pool_count = sizeof bench_pool / sizeof *bench_pool;
