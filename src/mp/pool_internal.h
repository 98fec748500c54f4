/* SPDX-License-Identifier: MIT */
/*
 * How a task travels:
 *
 *     map ── cut into chunks ──► task pipe ── read lock ──► worker ── write lock ──► result pipe ──► result handler ──► job
 *                └─► backlog ── task handler ──┘
 *
 * Who submits writes to the task pipe himself as long as there is room; what does not fit is the
 * backlog, which the task handler, started when first needed, moves on in order. The result handler is
 * the only reader of the result pipe; it also replaces workers that died. Both are helper threads of the
 * process that made the pool.
 *
 * A chunk is one message to a worker, and one back. A worker that dies takes the chunk that it was at
 * with it: its job then never ends.
 *
 * Executors are pools of another temper (see struct pool_temper):
 *
 *                          Pool            ThreadPool      ProcessPoolExecutor   ThreadPoolExecutor
 *     workers              processes       threads         processes             threads
 *     started              at once         at once         at the first submit   when none is idle
 *     given to them        all at once     all at once     `window` at a time    all at once
 *     results go           by the pipe     by the pipe     by the pipe           to the job directly
 *     a worker died        is replaced     –               breaks the executor   –
 *     left to itself       terminated      terminated      finishes its work     finishes its work
 *
 * Under the gate these are steps: a submit (a chunk), a worker's taking a chunk and being done with it, the
 * handler's receiving a result. There are five things to wait for (see struct pool).
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_POOL_INTERNAL_H
#define LOCKSTEP_MP_POOL_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "mp/frame.h"
#include "mp/message.h"
#include "mp/pool.h"
#include "mp/semlock.h"
#include "probe/probe.h"

struct future;
struct process;
struct thread;

enum pool_state { POOL_RUN, POOL_CLOSE, POOL_TERMINATE };

/* In shared memory. */
struct pool_shared {
	struct semlock read_lock;  /* of the task pipe */
	struct semlock write_lock; /* of the result pipe */
};

/* Before a chunk's arguments. */
struct pool_task_header {
	uint64_t function; /* its address, the same in every worker */
	uint32_t job;
	uint32_t index;    /* of the chunk in its job */
	uint32_t number;   /* of the task in its pool, from 1 */
	uint32_t count;    /* of items; 0: end yourself */
	uint32_t place;    /* of the line that submitted it */
	uint32_t form;     /* enum pool_form */
};

/* What the arguments are, and how the function is called. */
enum pool_form {
	FORM_VALUES,
	FORM_STARRED,  /* values, each an array */
	FORM_INTEGERS, /* int64_t one behind the other; the results too */
	FORM_REALS,
};

/* Before a chunk's results; of one that raised, before the message, a string. */
struct pool_result_header {
	uint32_t job;
	uint32_t index;
	uint32_t number;
	uint32_t count;
	uint32_t raised;
	uint32_t reserved;
};

/* A message that waits for room in the task pipe. */
struct pool_backlog {
	struct pool_backlog *next;
	struct frame_out frame;
	struct buffer message;
	uint32_t job;
};

enum pool_job_kind { JOB_APPLY, JOB_MAP, JOB_IMAP, JOB_IMAP_UNORDERED, JOB_EXECUTOR_MAP };

/* What shall be called when a future is done. */
struct pool_hook {
	struct pool_hook *next;
	void (*function)(struct future *future, void *context);
	void *context;
};

/* What came of one chunk: the message as it came, read when it is its turn. */
struct pool_chunk {
	struct buffer message; /* empty: not here yet, or read */
	size_t at;             /* of the next value in it */
	bool raised;           /* the only value is what was raised */
};

/* A call of map, apply or imap: AsyncResult and IMapIterator. Guarded by the pool's mutex. */
struct pool_job {
	struct pool_job *next; /* in its bucket of pool->jobs, until it is complete */
	struct pool *pool;
	enum pool_job_kind kind;
	uint32_t id;
	uint32_t first_number; /* of its first task */
	struct pool_chunk *chunks;
	size_t chunk_count;
	size_t chunk_size;
	enum pool_form form;
	size_t missing;        /* chunks */
	bool abandoned;        /* its owner has freed it */
	bool begun;            /* it can be cancelled no more */
	bool cancelled;
	bool busy;             /* complete, but its hooks are still being called */
	int failure;           /* why it has no value: EREMOTEIO raised, ECANCELED, EPIPE broken; 0: it has */
	uint64_t finished;     /* its place in the order of completion, of all pools, from 1; 0: not complete */
	struct pool_callbacks callbacks;
	struct pool_hook *hooks; /* the last added first */

	size_t next_chunk;     /* how many have been read: into `value`, or by pool_next() */

	/* map, apply */
	json_t *value;         /* the results as far as they are here in order; all, once complete */
	char *raised;          /* by the first chunk to arrive that did */
	char *numbers;         /* where results that are FORM_INTEGERS or FORM_REALS go */

	/* imap */
	uint32_t *arrived;     /* chunks in the order of their arrival */
	size_t arrived_count;
};

enum { POOL_BUCKETS = 256 };

struct pool_worker {
	struct process *process; /* or … */
	struct thread *thread;
	int fd;                  /* pidfd_open(2), -1: not to be had */
};

/* What makes a pool a Pool or an executor. */
struct pool_temper {
	const char *prefix;  /* of its workers' names, copied */
	size_t window;       /* that many tasks at most are given out and not done; 0: any number */
	bool threads;
	bool executor;       /* starts its workers late, breaks when one dies, finishes what was given to it */
};

struct pool {
	struct pool_temper temper;
	struct pool_options options;
	struct pool_shared *shared;
	int task_pipe[2];
	int result_pipe[2];
	int stop_pipe[2]; /* has a byte in it once `stopping`: wakes the result handler from its poll(2) */
	atomic_bool stopping; /* the result handler shall end */
	int worker_count;
	struct pool_worker *workers; /* changed by the result handler only, once it runs, with the mutex held */
	struct thread *result_handler; /* NULL: not started, or none is needed */
	uint32_t place;           /* where the pool was made */

	/* What is waited for: */
	uint16_t object;  /* by workers: a task */
	uint16_t room;    /* room in either pipe */
	uint16_t results; /* by the result handler: a result, a death, the end */
	uint16_t backlog; /* by the task handler: something to be moved */
	uint16_t done;    /* by who called: a job complete, an item of imap */

	pthread_mutex_t mutex; /* guards all below and writing to the task pipe; never held at the gate */
	pthread_cond_t changed; /* a result is in */
	pthread_cond_t work;    /* there is a backlog, or an end to it */
	enum pool_state state;
	bool sentinels_sent;
	bool joined;
	bool broken;            /* a worker of an executor died */
	bool gathers;           /* the result handler reads ahead, and tells of items when it has handed over all */
	bool news;              /* items of imap that nobody has been told of */
	int started;            /* workers */
	int idle;               /* threads of an executor that nobody counts on yet */
	size_t given_out;       /* tasks that workers have or can read */
	struct thread *task_handler; /* NULL: never needed */
	struct pool_backlog *first;
	struct pool_backlog **end;
	struct pool_job *jobs[POOL_BUCKETS]; /* those that are not complete */
	size_t job_count;
	uint32_t last_job;
	uint32_t last_number;
};

/* ---- pool_submit.c: what goes to the workers ---- */

/* What a job is made of: `items` of them, as values or as `numbers`. */
struct pool_input {
	uintptr_t function;
	size_t count;
	const json_t *values;
	const char *numbers;
};

void pool_submit(struct pool *pool, struct pool_job *job, const struct pool_input *input); /* all its chunks */

/* With the mutex held. */
void pool_send_sentinels(struct pool *pool);
void pool_drop_backlog(struct pool *pool);
size_t pool_drop_backlog_of(struct pool *pool, uint32_t job); /* how many of its chunks; what has begun to go stays */
void pool_move(struct pool *pool); /* what waits for room or its turn, as far as there is any */

/* ---- pool_text.c ---- */

/* What an event says of the `count` arguments or results that follow `skip` bytes of a message. */
void pool_describe(struct message_text *text, const struct buffer *message, size_t skip, uint32_t count, uint32_t form);

/* ---- pool_worker.c ---- */

void pool_work(void *pool); /* what a worker does */

/* ---- pool_handler.c: the workers, and what comes from them ---- */

int pool_start_all(struct pool *pool);
int pool_start_for_task(struct pool *pool); /* an executor's workers, as far as one more task needs them */
void pool_stop(struct pool *pool);    /* with the mutex held: the result handler shall end */

/* ---- pool_job.c ---- */

struct pool_job *pool_job_new(struct pool *pool, enum pool_job_kind kind, size_t items, size_t chunk_size);
void pool_job_free(struct pool_job *job);
int pool_job_enter(struct pool *pool, struct pool_job *job); /* the pool works on it; -EINVAL: "Pool not running" */
void pool_job_abandon(struct pool_job *job);                 /* its owner wants no more of it */
bool pool_job_is_iterator(const struct pool_job *job);

/*
 * With the mutex held, which is given up while callbacks run. The message's bytes are taken over; complete
 * jobs leave the pool.
 */
void pool_job_arrive(struct pool *pool, const struct pool_result_header *header, struct buffer *message);
void pool_tell_news(struct pool *pool);
void pool_job_cancel(struct pool *pool, struct pool_job *job); /* what has not begun of it */
bool pool_job_begin(struct pool *pool, uint32_t id);           /* false: nobody wants it any more */
struct pool_job *pool_job_find(struct pool *pool, uint32_t id);
void pool_break(struct pool *pool); /* no job will ever end: all fail now */

/* What comes after the header of a chunk that raised. */
void pool_add_raised(struct buffer *message, const char *raised);

bool pool_chunk_is_there(const struct pool_job *job, size_t index);
json_t *pool_chunk_take(struct pool_chunk *chunk); /* its next value, a new reference; NULL at its end */
void pool_chunk_release(struct pool_chunk *chunk);

/* ---- pool_result.c ---- */

/* Takes the references to `items` and to the new job. NULL and errno: EINVAL not running, EPIPE broken; pool_error() says it. */
struct pool_job *pool_submit_values(struct pool *pool, struct pool_job *job, pool_function *function, json_t *items);
json_t *pool_job_get(struct pool_job *job, const struct probe_waiting *waiting, double seconds);
int pool_job_wait(struct pool_job *job, const struct probe_waiting *waiting, double seconds);

/* ---- pool_iterator.c ---- */

struct pool_iterator *pool_executor_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk);

/* ---- pool.c ---- */

struct pool *pool_make(const char *name, const struct pool_options *options, const struct pool_temper *temper);
void pool_shut(struct pool *pool);  /* with the mutex held: takes no more, and ends once there is no work */
void pool_end(struct pool *pool);   /* after pool_shut() or pool_stop(): waits for all of it, part of an operation */

void pool_leave_exit(struct pool *pool); /* it has been ended: nothing is left to be done at exit */

void pool_free_jobs(struct pool *pool); /* those that will never end and whose owners have gone */

void pool_fail(const char *message); /* what pool_error() returns */
const char *pool_take_raised(void);  /* what pool_raise() was told, "" for nothing, and forget it */
bool pool_has_raised(void);

#endif
