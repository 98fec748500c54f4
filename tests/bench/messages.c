/* SPDX-License-Identifier: MIT */
/* P8: messages and locks, watched, against Python's and against what the machine has. */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "mp/lock.h"
#include "mp/pipe.h"
#include "mp/process.h"
#include "mp/queue.h"
#include "probe/probe.h"
#include "python.h"
#include "watched.h"

enum { ITEMS = 20000, TRIPS = 5000, PAIRS = 100000 };

/* ---- queue ---- */

static void take_all(void *argument)
{
	int64_t number;
	for (int i = 0; i < ITEMS; i++)
		queue_get_integer(argument, &number);
}

static double measure_queue(void)
{
	watched_begin();
	struct queue *queue = queue_new("queue", 0);
	struct process *reader = process_new("reader", take_all, queue);
	process_start(reader);
	uint64_t start = bench_ns();
	for (int i = 0; i < ITEMS; i++)
		queue_put_integer(queue, i);
	process_join(reader);
	double us = (double)(bench_ns() - start) / 1e3 / ITEMS;
	process_free(reader);
	queue_close(queue);
	queue_join_thread(queue);
	queue_free(queue);
	watched_end();
	return us;
}

static double python_queue(void)
{
	return bench_python("import multiprocessing as mp, time\n"
	                    "def take():\n"
	                    "    for _ in range(20000): queue.get()\n"
	                    "queue = mp.Queue(); reader = mp.Process(target=take); reader.start()\n"
	                    "start = time.perf_counter()\n"
	                    "for i in range(20000): queue.put(i)\n"
	                    "reader.join(); print((time.perf_counter() - start) / 20000 * 1e6)");
}

/* ---- pipe, both processes on one core ---- */

static void answer(void *argument)
{
	for (int i = 0; i < TRIPS; i++)
		connection_send(argument, connection_recv(argument));
}

static double measure_pipe(void)
{
	struct connection *ends[2];
	bench_pin(0);
	watched_begin();
	pipe_new("pipe", true, ends);
	struct process *other = process_new("other", answer, ends[1]);
	process_start(other);
	uint64_t start = bench_ns();
	for (int i = 0; i < TRIPS; i++) {
		connection_send(ends[0], json_integer(i));
		json_decref(connection_recv(ends[0]));
	}
	double us = (double)(bench_ns() - start) / 1e3 / TRIPS;
	process_join(other);
	process_free(other);
	connection_free(ends[0]);
	connection_free(ends[1]);
	watched_end();
	bench_unpin();
	return us;
}

static double measure_socket(void)
{
	int ends[2];
	int64_t number;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return -1;
	bench_pin(0);
	if (fork() == 0) {
		for (int i = 0; i < TRIPS && read(ends[1], &number, sizeof number) > 0; i++)
			if (write(ends[1], &number, sizeof number) < 0)
				break;
		_exit(0);
	}
	uint64_t start = bench_ns();
	for (int64_t i = 0; i < TRIPS; i++)
		if (write(ends[0], &i, sizeof i) < 0 || read(ends[0], &number, sizeof number) < 0)
			break;
	double us = (double)(bench_ns() - start) / 1e3 / TRIPS;
	wait(NULL);
	bench_unpin();
	close(ends[0]);
	close(ends[1]);
	return us;
}

/* ---- lock ---- */

static double measure_lock(void)
{
	watched_begin();
	struct lock *lock = lock_new("lock");
	uint64_t start = bench_ns();
	for (int i = 0; i < PAIRS; i++) {
		lock_acquire(lock);
		lock_release(lock);
	}
	double ns = (double)(bench_ns() - start) / PAIRS;
	watched_end();
	lock_free(lock);
	return ns;
}

/* A sem_t of the machine's, and three events told. */
static double measure_sem(void)
{
	watched_begin();
	sem_t *sem = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(sem, 1, 1);
	uint64_t start = bench_ns();
	for (int i = 0; i < PAIRS; i++) {
		sem_wait(sem);
		probe_event(EVENT_LOCK_ACQUIRE, 1, 0, 0, 0, 0);
		sem_post(sem);
		probe_event(EVENT_LOCK_RELEASE, 1, 0, 0, 0, 0);
		probe_event(EVENT_LOCK_RELEASE, 1, 0, 0, 0, 0);
	}
	double ns = (double)(bench_ns() - start) / PAIRS;
	munmap(sem, 4096);
	watched_end();
	return ns;
}

const struct bench_row bench_messages[] = {
	{"P8", "Queue put + get, an item, watched", "Python's Queue", "us", measure_queue, python_queue, 5, true, 5},
	{"P8", "Pipe round trip on one core, watched", "a bare socketpair", "us", measure_pipe, measure_socket, 1.3, false, 0},
	{"P8", "lock_acquire + lock_release, watched", "sem_wait + sem_post + 3 events", "ns", measure_lock, measure_sem, 1, false, 0},
};
const unsigned int bench_messages_count = sizeof bench_messages / sizeof *bench_messages;
