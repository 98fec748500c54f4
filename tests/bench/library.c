/* SPDX-License-Identifier: MIT */
/* P1, P5: what the library costs over what it is built on, and what watching a process costs. */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "watched.h"
#include "mp/event.h"
#include "mp/lock.h"
#include "mp/process.h"
#include "mp/value.h"

enum { OPERATIONS = 1000000, PROCESSES = 100 };

/* ---- P1: unwatched ---- */

static double measure_lock(void)
{
	static struct lock *lock;
	if (lock == NULL)
		lock = lock_new("lock");
	uint64_t start = bench_ns();
	for (int i = 0; i < OPERATIONS; i++) {
		lock_acquire(lock);
		lock_release(lock);
	}
	return (double)(bench_ns() - start) / OPERATIONS;
}

/* As CPython's SemLock does it: take, and before giving back look whether it is free. */
static double measure_semaphore(void)
{
	static sem_t *semaphore;
	if (semaphore == NULL) {
		semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		sem_init(semaphore, 1, 1);
	}
	uint64_t start = bench_ns();
	for (int i = 0; i < OPERATIONS; i++) {
		sem_trywait(semaphore);
		int count;
		if (sem_getvalue(semaphore, &count) == 0 && count == 0)
			sem_post(semaphore);
	}
	return (double)(bench_ns() - start) / OPERATIONS;
}

static double measure_value(void)
{
	static struct value *value;
	if (value == NULL)
		value = value_new("balance", 0);
	uint64_t start = bench_ns();
	for (int i = 0; i < OPERATIONS; i++)
		value_set(value, value_get(value) + 1);
	return (double)(bench_ns() - start) / OPERATIONS;
}

static __attribute__((noinline)) int64_t plain_get(_Atomic int64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

static __attribute__((noinline)) void plain_set(_Atomic int64_t *word, int64_t number)
{
	atomic_store_explicit(word, number, memory_order_relaxed);
}

static double measure_word(void)
{
	static _Atomic int64_t *word;
	if (word == NULL)
		word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t start = bench_ns();
	for (int i = 0; i < OPERATIONS; i++)
		plain_set(word, plain_get(word) + 1);
	return (double)(bench_ns() - start) / OPERATIONS;
}

/* ---- P5: processes ---- */

static void nothing(void *argument)
{
	(void)argument;
}

static double measure_process(void)
{
	watched_begin();
	uint64_t start = bench_ns();
	for (int i = 0; i < PROCESSES; i++) {
		struct process *process = process_new(NULL, nothing, NULL);
		process_start(process);
		process_join(process);
		process_free(process);
	}
	double us = (double)(bench_ns() - start) / 1e3 / PROCESSES;
	watched_end();
	return us;
}

static double measure_fork(void)
{
	uint64_t start = bench_ns();
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();
		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return (double)(bench_ns() - start) / 1e3 / PROCESSES;
}

/* The same loop in Python, timed by itself. */
static double measure_python_process(void)
{
	FILE *python = popen("python3 -c '\n"
	                     "import multiprocessing as mp, time\n"
	                     "def nothing(): pass\n"
	                     "mp.set_start_method(\"fork\")\n"
	                     "start = time.perf_counter()\n"
	                     "for _ in range(100):\n"
	                     "    p = mp.Process(target=nothing); p.start(); p.join()\n"
	                     "print((time.perf_counter() - start) / 100 * 1e6)' 2>/dev/null", "r");
	double us = -1;
	if (python == NULL)
		return us;
	if (fscanf(python, "%lf", &us) != 1)
		us = -1;
	pclose(python);
	return us;
}

const struct bench_row bench_library[] = {
	{"P1", "lock_acquire + lock_release, no wire", "sem_trywait + sem_getvalue + sem_post", "ns",
	 measure_lock, measure_semaphore, 1.05, false, 21},
	{"P1", "value_get + value_set, no wire", "a function that loads + one that stores the word", "ns",
	 measure_value, measure_word, 1.05, false, 21},
	{"P5", "process_start + process_join, watched", "fork + _exit + waitpid from the same parent", "us",
	 measure_process, measure_fork, 1.5, false, 0},
	{"P5", "process_start + process_join, watched", "Python's Process, start + join", "us",
	 measure_process, measure_python_process, 8, true, 5},
};
const unsigned int bench_library_count = sizeof bench_library / sizeof *bench_library;
