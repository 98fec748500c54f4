/* SPDX-License-Identifier: MIT */
/* P1, P5: what the library costs over what it is built on, and what watching a process costs. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "watched.h"
#include "mp/event.h"
#include "mp/lock.h"
#include "mp/pipe.h"
#include "mp/process.h"
#include "mp/rlock.h"
#include "mp/semaphore.h"
#include "mp/value.h"

enum { OPERATIONS = 200000, MESSAGES = 10000, PROCESSES = 100, MANY_ROUNDS = 61 };

/* ---- P1: unwatched, each against the same written out ---- */

#define NOINLINE __attribute__((noinline))

/* What one round of `operation` takes, in ns. */
#define MEASURE(operation)                                 \
	do {                                                   \
		uint64_t start = bench_ns();                       \
		for (int i = 0; i < OPERATIONS; i++) {             \
			operation;                                     \
		}                                                  \
		return (double)(bench_ns() - start) / OPERATIONS;  \
	} while (0)

static sem_t *plain_semaphore(void)
{
	static sem_t *semaphore;
	if (semaphore == NULL) {
		semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		sem_init(semaphore, 1, 1);
	}
	return semaphore;
}

static double measure_lock(void)
{
	static struct lock *lock;
	if (lock == NULL)
		lock = lock_new("lock");
	MEASURE(lock_acquire(lock); lock_release(lock));
}

static double measure_semaphore(void)
{
	static struct semaphore *semaphore;
	if (semaphore == NULL)
		semaphore = semaphore_new("semaphore", 1);
	MEASURE(semaphore_acquire(semaphore); semaphore_release(semaphore));
}

/* As CPython's SemLock does it: take, and before giving back look whether it is free. */
static NOINLINE void plain_release(sem_t *semaphore)
{
	int count;
	if (sem_getvalue(semaphore, &count) == 0 && count == 0)
		sem_post(semaphore);
}

static double plain_lock(void)
{
	sem_t *semaphore = plain_semaphore();
	MEASURE(sem_trywait(semaphore); plain_release(semaphore));
}

static double measure_rlock(void)
{
	static struct rlock *rlock;
	if (rlock == NULL)
		rlock = rlock_new("rlock");
	MEASURE(rlock_acquire(rlock); rlock_release(rlock));
}

struct owned {
	sem_t *semaphore;
	_Atomic pthread_t owner;
	unsigned int depth;
};

static NOINLINE void owned_acquire(struct owned *owned)
{
	if (owned->owner == pthread_self()) {
		owned->depth++;
		return;
	}
	sem_trywait(owned->semaphore);
	owned->depth = 1;
	atomic_store_explicit(&owned->owner, pthread_self(), memory_order_relaxed);
}

static NOINLINE void owned_release(struct owned *owned)
{
	if (owned->owner != pthread_self() || --owned->depth > 0)
		return;
	atomic_store_explicit(&owned->owner, 0, memory_order_relaxed);
	sem_post(owned->semaphore);
}

static double plain_rlock(void)
{
	static struct owned owned;
	owned.semaphore = plain_semaphore();
	MEASURE(owned_acquire(&owned); owned_release(&owned));
}

static double measure_event(void)
{
	static struct event *event;
	if (event == NULL)
		event = event_new("event");
	MEASURE(event_is_set(event));
}

static NOINLINE bool plain_is_set(sem_t *semaphore, const bool *flag)
{
	sem_trywait(semaphore);
	bool set = *flag;
	sem_post(semaphore);
	return set;
}

static double plain_event(void)
{
	static bool flag;
	sem_t *semaphore = plain_semaphore();
	MEASURE(plain_is_set(semaphore, &flag));
}

static double measure_value(void)
{
	static struct value *value;
	if (value == NULL)
		value = value_new("balance", 0);
	MEASURE(value_set(value, value_get(value) + 1));
}

static NOINLINE int64_t plain_get(_Atomic int64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

static NOINLINE void plain_set(_Atomic int64_t *word, int64_t number)
{
	atomic_store_explicit(word, number, memory_order_relaxed);
}

static double plain_value(void)
{
	static _Atomic int64_t *word;
	if (word == NULL)
		word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MEASURE(plain_set(word, plain_get(word) + 1));
}

enum { ELEMENTS = 1024 };

static double measure_array(void)
{
	static struct array *array;
	if (array == NULL)
		array = array_new("array", ELEMENTS);
	MEASURE(array_set(array, i % ELEMENTS, array_get(array, i % ELEMENTS) + 1));
}

struct words {
	size_t length;
	_Atomic int64_t words[ELEMENTS];
};

static NOINLINE int64_t plain_get_at(struct words *words, size_t index)
{
	if (index >= words->length)
		abort();
	return atomic_load_explicit(&words->words[index], memory_order_relaxed);
}

static NOINLINE void plain_set_at(struct words *words, size_t index, int64_t number)
{
	if (index >= words->length)
		abort();
	atomic_store_explicit(&words->words[index], number, memory_order_relaxed);
}

static double plain_array(void)
{
	static struct words *words;
	if (words == NULL)
		words = mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	words->length = ELEMENTS;
	MEASURE(plain_set_at(words, i % ELEMENTS, plain_get_at(words, i % ELEMENTS) + 1));
}

/* ---- P1: messages ---- */

static double measure_connection(void)
{
	static struct connection *ends[2];
	static int64_t number;
	void *bytes;
	if (ends[0] == NULL && pipe_new("pipe", false, ends) != 0)
		return -1;
	uint64_t start = bench_ns();
	for (int i = 0; i < MESSAGES; i++) {
		connection_send_bytes(ends[1], &number, sizeof number);
		connection_recv_bytes(ends[0], &bytes);
		free(bytes);
	}
	return (double)(bench_ns() - start) / MESSAGES;
}

/* The same by hand: a length in network order before the bytes, what arrives is the caller's to free. */
struct frame {
	uint32_t length;
	char bytes[12];
};

static NOINLINE int plain_send(int fd, const void *bytes, size_t length)
{
	struct frame frame = {.length = htonl((uint32_t)length)};
	memcpy(frame.bytes, bytes, length);
	for (size_t done = 0; done < sizeof frame;) {
		ssize_t written = write(fd, (char *)&frame + done, sizeof frame - done);
		if (written < 0 && errno != EINTR)
			return -errno;
		done += written < 0 ? 0 : (size_t)written;
	}
	return 0;
}

static NOINLINE long plain_recv(int fd, void **bytes)
{
	struct frame frame;
	for (size_t done = 0; done < sizeof frame;) {
		ssize_t got = read(fd, (char *)&frame + done, sizeof frame - done);
		if (got == 0 || (got < 0 && errno != EINTR))
			return got == 0 ? -ENODATA : -errno;
		done += got < 0 ? 0 : (size_t)got;
	}
	size_t length = ntohl(frame.length);
	*bytes = malloc(length + 1);
	memcpy(*bytes, frame.bytes, length < sizeof frame.bytes ? length : sizeof frame.bytes);
	return (long)length;
}

static double plain_connection(void)
{
	static int ends[2] = {-1, -1};
	static int64_t number;
	void *bytes;
	if (ends[0] < 0 && pipe2(ends, O_NONBLOCK) != 0)
		return -1;
	uint64_t start = bench_ns();
	for (int i = 0; i < MESSAGES; i++) {
		plain_send(ends[1], &number, sizeof number);
		plain_recv(ends[0], &bytes);
		free(bytes);
	}
	return (double)(bench_ns() - start) / MESSAGES;
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
	 measure_lock, plain_lock, 1.05, false, MANY_ROUNDS},
	{"P1", "semaphore_acquire + semaphore_release, no wire", "the same", "ns",
	 measure_semaphore, plain_lock, 1.05, false, MANY_ROUNDS},
	{"P1", "rlock_acquire + rlock_release, no wire", "the same with an owner and a depth", "ns",
	 measure_rlock, plain_rlock, 1.05, false, MANY_ROUNDS},
	{"P1", "event_is_set, no wire", "sem_trywait + a flag + sem_post", "ns",
	 measure_event, plain_event, 1.05, false, MANY_ROUNDS},
	{"P1", "value_get + value_set, no wire", "a function that loads + one that stores the word", "ns",
	 measure_value, plain_value, 1.05, false, MANY_ROUNDS},
	{"P1", "array_get + array_set, no wire", "the same at an index that is checked", "ns",
	 measure_array, plain_array, 1.05, false, MANY_ROUNDS},
	{"P1", "connection_send_bytes + recv_bytes, no wire", "write + read of such frames", "ns",
	 measure_connection, plain_connection, 1.05, false, MANY_ROUNDS},
	{"P5", "process_start + process_join, watched", "fork + _exit + waitpid from the same parent", "us",
	 measure_process, measure_fork, 1.5, false, 0},
	{"P5", "process_start + process_join, watched", "Python's Process, start + join", "us",
	 measure_process, measure_python_process, 8, true, 5},
};
const unsigned int bench_library_count = sizeof bench_library / sizeof *bench_library;
