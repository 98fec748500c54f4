/* SPDX-License-Identifier: MIT */
/*
 * Process: multiprocessing.Process with the fork start method (CPython 3.11,
 * Lib/multiprocessing/process.py and popen_fork.py). Each process is a real fork(2).
 *
 * A child runs `target(argument)` and leaves by _exit: status 0 when the target returns, what it
 * gave process_exit(), 1 when it called process_fail(); a signal n gives the exit code -n.
 * Children that are not daemons are joined when their parent ends; daemons are terminated.
 *
 * Runs in: lesson. Owns: a process object belongs to the process that made it.
 * May block: process_join*, process_start (under the gate).
 */
#ifndef LOCKSTEP_MP_PROCESS_H
#define LOCKSTEP_MP_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process;

/* Process(target=…, args=…, name=…). `name` NULL: "Process-N", nested "Process-3:1". Copied. `target` NULL: nothing to do. */
struct process *process_new(const char *name, void (*target)(void *argument), void *argument);

/* p.daemon = …; -EBUSY once started. Unless set, it is what the creating process is. */
int process_set_daemon(struct process *process, bool daemon);
bool process_is_daemon(const struct process *process);

/*
 * p.start(). 0, or: -EALREADY started before; -ECHILD made by another process; -EPERM a daemon may
 * not have children; -EAGAIN the run's limit of processes is reached, or fork(2) said so.
 */
int process_start(struct process *process);

/* p.join(). 0, also when the time was up; -EINVAL before start; -ECHILD when not its parent. */
int process_join(struct process *process);
int process_join_timeout(struct process *process, double seconds); /* 0 looks once; negative: as process_join */

bool process_is_alive(struct process *process);

/* p.exitcode: false while it is None (not started or alive). -n: ended by signal n. */
bool process_exitcode(struct process *process, int *code);

pid_t process_pid(const struct process *process); /* 0 before start */
const char *process_name(const struct process *process);

int process_terminate(struct process *process); /* SIGTERM; 0 or -errno; ended already: 0 */
int process_kill(struct process *process);      /* SIGKILL */

/* p.close(): forgets it; -EBUSY while it runs. The object is freed by process_free(). */
int process_close(struct process *process);
void process_free(struct process *process); /* NULL is allowed; one that runs is left running, unwatched */

/* "<Process name='Process-1' pid=… parent=… started>" as repr(p), into `text`. */
void process_describe(struct process *process, char *text, size_t size);

/* ---- the process that asks ---- */

const char *process_current_name(void); /* current_process().name: "MainProcess" in the first */
bool process_current_is_daemon(void);   /* current_process().daemon */
pid_t process_parent_pid(void);         /* os.getppid() */
const char *process_parent_name(void);  /* parent_process().name; NULL (None) in the first */
int process_cpu_count(void);            /* multiprocessing.cpu_count() */
size_t process_active_children(void);   /* len(active_children()): reaps those that ended */

_Noreturn void process_exit(int code);  /* sys.exit(code) */
/* An exception that nobody catches: the message goes to standard error, the exit code is 1. */
_Noreturn void process_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
