/* SPDX-License-Identifier: MIT */
/*
 * Thread: threading.Thread (CPython 3.11, Lib/threading.py) on a real pthread. There is no global
 * interpreter lock here: two threads do run at once, which is what lessons about races need.
 *
 * Runs in: lesson. May block: thread_join*, thread_start (under the gate).
 */
#ifndef LOCKSTEP_MP_THREAD_H
#define LOCKSTEP_MP_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct thread;

/* Thread(target=…, args=…, name=…). `name` NULL: "Thread-N". Copied. `target` NULL: nothing to do. */
struct thread *thread_new(const char *name, void (*target)(void *argument), void *argument);

/*
 * t.daemon = …; -EBUSY once started. A process does not wait for its daemon threads when it ends. Unless
 * set, it is what the creating thread is.
 */
int thread_set_daemon(struct thread *thread, bool daemon);
bool thread_is_daemon(const struct thread *thread);

/* 0; -EALREADY when started before; -EAGAIN at the run's limit or as pthread_create(3). */
int thread_start(struct thread *thread);

/* 0, also when the time was up; -EINVAL before start; -EDEADLK a thread joins itself. */
int thread_join(struct thread *thread);
int thread_join_timeout(struct thread *thread, double seconds);

bool thread_is_alive(struct thread *thread);
pid_t thread_id(const struct thread *thread); /* native_id: the kernel's TID; 0 before start */
const char *thread_name(const struct thread *thread);
const char *thread_current_name(void); /* current_thread().name: "MainThread" in a process's first */
size_t thread_active_count(void);      /* threading.active_count(): the first and those that were started and run */
void thread_free(struct thread *thread); /* joined or never started; NULL is allowed */

#endif
