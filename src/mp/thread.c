/* SPDX-License-Identifier: MIT */
/*
 * A thread says that it has ended by `ended`; whoever joins waits for that, passes it on to the
 * next who joins, and the first of them collects the pthread.
 */
#include "mp/thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/books.h"
#include "mp/semlock.h"
#include "mp/target.h"
#include "mp/thread_internal.h"
#include "probe/probe.h"

enum { NAME_SIZE = 40 }; /* of a name that is made here */

struct thread {
	struct thread *next; /* in `running`; guarded by the books' lock */
	char *name;
	void (*target)(void *argument);
	void *argument;
	enum actor_kind kind;
	bool daemon;
	bool worker; /* of a pool: begins where that was made */
	pthread_t pthread;
	struct semlock ended;    /* up: it has */
	struct semlock known;    /* up: `tid` is */
	_Atomic pid_t tid;         /* 0 before start */
	atomic_bool started;
	atomic_bool over;
	atomic_bool collected;
	uint16_t actor;
	uint16_t object;
	uint32_t place;            /* where it begins */
};

static struct thread *running; /* started here and not yet collected; helpers are not in it */
static unsigned int thread_count;
static _Thread_local struct thread *current;

/* ---- making ---- */

static struct thread *make(const char *name, void (*target)(void *), void *argument, enum actor_kind kind)
{
	struct thread *thread = memory_new(sizeof *thread);
	thread->name = memory_copy_string(name);
	thread->target = target;
	thread->argument = argument;
	thread->kind = kind;
	thread->daemon = current != NULL && current->daemon;
	semlock_init(&thread->ended, 0);
	semlock_init(&thread->known, 0);
	return thread;
}

/* The next name, "Thread-3", as Python gives it to threads that are given none. */
static const char *number(char name[NAME_SIZE], const char *end)
{
	books_lock();
	snprintf(name, NAME_SIZE, "Thread-%u%s", ++thread_count, end);
	books_unlock();
	return name;
}

struct thread *thread_new(const char *name, void (*target)(void *argument), void *argument)
{
	char numbered[NAME_SIZE];
	if (name == NULL)
		name = number(numbered, "");
	struct thread *thread = make(name, target, argument, ACTOR_THREAD);
	thread->object = probe_object_new(OBJECT_THREAD, name, 0, 0, 0, PROBE_HERE());
	return thread;
}

struct thread *thread_new_helper(const char *name, void (*target)(void *argument), void *argument)
{
	return make(name, target, argument, ACTOR_HELPER);
}

struct thread *thread_new_worker(const char *name, void (*target)(void *argument), void *argument)
{
	char numbered[NAME_SIZE];
	if (name == NULL)
		name = number(numbered, " (worker)");
	struct thread *thread = make(name, target, argument, ACTOR_THREAD);
	thread->daemon = thread->worker = true;
	thread->object = probe_object_new(OBJECT_THREAD, name, 0, 0, 0, PROBE_HERE());
	return thread;
}

int thread_set_daemon(struct thread *thread, bool daemon)
{
	if (atomic_load(&thread->started))
		return -EBUSY;
	thread->daemon = daemon;
	return 0;
}

bool thread_is_daemon(const struct thread *thread)
{
	return thread->daemon;
}

uint16_t thread_actor(const struct thread *thread)
{
	return thread->actor;
}

uint16_t thread_object(const struct thread *thread)
{
	return thread->object;
}

void thread_free(struct thread *thread)
{
	if (thread == NULL)
		return;
	semlock_release(&thread->ended);
	semlock_release(&thread->known);
	free(thread->name);
	free(thread);
}

/* ---- running ---- */

static void finish(struct thread *thread, uint32_t place)
{
	probe_actor_exit(0, place);
	atomic_store(&thread->over, true);
	semlock_up(&thread->ended); /* from here on the thread may be freed */
}

static void *run(void *argument)
{
	struct thread *thread = argument;
	current = thread;
	atomic_store(&thread->tid, gettid());
	semlock_up(&thread->known);
	if (probe_on())
		probe_actor_begin(thread->actor, thread->place);
	if (thread->target != NULL) /* Thread.run */
		thread->target(thread->argument);
	finish(thread, 0);
	return NULL;
}

struct thread *thread_current(void)
{
	return current;
}

void thread_leave(uint32_t place)
{
	finish(current, place);
	pthread_exit(NULL);
}

static void enlist(struct thread *thread)
{
	if (thread->kind == ACTOR_HELPER)
		return;
	books_lock();
	thread->next = running;
	running = thread;
	books_unlock();
}

static void strike(const struct thread *thread)
{
	books_lock();
	struct thread **at = &running;
	while (*at != NULL && *at != thread)
		at = &(*at)->next;
	if (*at != NULL)
		*at = thread->next;
	books_unlock();
}

static int launch(struct thread *thread)
{
	int error = probe_actor_new(thread->kind, thread->name, thread->object, &thread->actor);
	if (error != 0)
		return error;
	enlist(thread);
	error = -pthread_create(&thread->pthread, NULL, run, thread);
	if (error != 0) {
		strike(thread);
		probe_actor_cancel(thread->actor);
		return error;
	}
	while (semlock_block(&thread->known, NULL) == -EINTR)
		;
	return 0;
}

int thread_start(struct thread *thread)
{
	uint32_t place = PROBE_HERE();
	if (atomic_exchange(&thread->started, true))
		return -EALREADY;
	/* One of the lesson's begins in the lesson's function, a helper where the library was called. */
	thread->place = thread->kind == ACTOR_HELPER || thread->worker ? place : target_place(thread->target);
	if (probe_on() && thread->kind != ACTOR_HELPER)
		probe_gate(&(struct probe_intent){.kind = EVENT_THREAD_START, .object = thread->object, .place = place,
		                                  .text = thread->name});
	int error = launch(thread);
	if (error != 0)
		atomic_store(&thread->started, false);
	else if (probe_on())
		probe_event_text(EVENT_THREAD_START, thread->object, 0, thread->actor, 0, place,
		                 thread->name, strlen(thread->name));
	return error;
}

/* ---- joining ---- */

/* Has it ended? Under the gate that is so once it has told its exit, however long the machine takes then. */
static int attempt_join(void *context)
{
	struct thread *thread = context;
	if (probe_gated() && probe_actor_exited(thread->actor)) {
		while (semlock_block(&thread->ended, NULL) == -EINTR)
			;
		return 0;
	}
	return semlock_try_down(&thread->ended) ? 0 : -EAGAIN;
}

static int block_join(void *context, const struct timespec *deadline)
{
	struct thread *thread = context;
	return semlock_block(&thread->ended, deadline);
}

/* `ended` was taken: it is for the next one too. */
static void collect(struct thread *thread)
{
	if (!atomic_exchange(&thread->collected, true)) {
		strike(thread);
		pthread_join(thread->pthread, NULL);
	}
	semlock_up(&thread->ended);
}

int thread_join_as(struct thread *thread, const struct probe_intent *intent, bool inside, double seconds)
{
	if (!atomic_load(&thread->started))
		return -EINVAL;
	if (thread == current)
		return -EDEADLK;
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt_join, .block = block_join,
	                                .inside = inside};
	int error = probe_perform(&waiting, thread, seconds);
	if (error == 0)
		collect(thread);
	return error;
}

static int join(struct thread *thread, double seconds, uint32_t place)
{
	struct probe_intent intent = {.kind = EVENT_THREAD_JOIN, .wait_kind = EVENT_THREAD_WAIT,
	                              .object = thread->object, .aux = thread->actor, .place = place};
	int error = thread_join_as(thread, &intent, false, seconds);
	if (error != 0 && error != -ETIMEDOUT)
		return error;
	if (probe_on())
		probe_event(EVENT_THREAD_JOIN, thread->object, 0, thread->actor, error != 0 ? EVENT_FAILED : 0, place);
	return 0;
}

int thread_join(struct thread *thread)
{
	return join(thread, -1, PROBE_HERE());
}

int thread_join_timeout(struct thread *thread, double seconds)
{
	return join(thread, seconds > 0 ? seconds : 0, PROBE_HERE());
}

/* ---- asking ---- */

bool thread_is_alive(struct thread *thread)
{
	return atomic_load(&thread->started) && !atomic_load(&thread->over);
}

pid_t thread_id(const struct thread *thread)
{
	return atomic_load(&thread->tid);
}

const char *thread_name(const struct thread *thread)
{
	return thread->name;
}

const char *thread_current_name(void)
{
	return current != NULL ? current->name : "MainThread";
}

size_t thread_active_count(void)
{
	size_t count = 1;
	books_lock();
	for (const struct thread *thread = running; thread != NULL; thread = thread->next)
		count += !atomic_load(&thread->over);
	books_unlock();
	return count;
}

/* ---- the process's ends ---- */

/* One that is waited for when its process ends. */
static struct thread *any_running(void)
{
	books_lock();
	struct thread *thread = running;
	while (thread != NULL && (thread == current || thread->daemon))
		thread = thread->next;
	books_unlock();
	return thread;
}

void thread_join_all(void)
{
	struct thread *thread;
	while ((thread = any_running()) != NULL)
		join(thread, -1, 0);
}

/* The parent's threads do not run here: for whoever asks in the child, they are over. */
void thread_after_fork(void)
{
	for (struct thread *thread = running; thread != NULL; thread = thread->next) {
		atomic_store(&thread->over, true);
		atomic_store(&thread->collected, true);
		semlock_up(&thread->ended);
	}
	current = NULL;
	running = NULL;
}
