/* SPDX-License-Identifier: MIT */
#include "mp/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "mp/books.h"
#include "mp/finalize.h"
#include "mp/process_internal.h"
#include "mp/process_object.h"
#include "mp/process_self.h"
#include "mp/target.h"
#include "mp/thread_internal.h"
#include "probe/probe.h"

struct process *process_children;

/* ---- making ---- */

/* The next identity, and the name that goes with it: "Process-3:1". */
static void number(struct process *process, const char *prefix)
{
	struct text identity = TEXT_INIT, name = TEXT_INIT;
	books_lock();
	unsigned int count = ++process_self.made;
	books_unlock();
	text_printf(&identity, "%s%s%u", process_self.identity, *process_self.identity != '\0' ? ":" : "", count);
	text_printf(&name, "%s-%s", prefix, identity.bytes);
	process->identity = text_detach(&identity);
	process->name = text_detach(&name);
}

static struct process *make(const char *prefix, void (*target)(void *), void *argument)
{
	struct process *process = memory_new(sizeof *process);
	number(process, prefix);
	process->target = target;
	process->argument = argument;
	process->creator = process_self.pid;
	process->daemon = process_self.daemon;
	return process;
}

struct process *process_new(const char *name, void (*target)(void *argument), void *argument)
{
	struct process *process = make("Process", target, argument);
	if (name != NULL) {
		free(process->name);
		process->name = memory_copy_string(name);
	}
	process->object = probe_object_new(OBJECT_PROCESS, process->name, 0, 0, 0, PROBE_HERE());
	return process;
}

struct process *process_new_worker(const char *prefix, void (*target)(void *argument), void *argument)
{
	struct process *process = make(prefix, target, argument);
	process->daemon = true;
	process->worker = true;
	process->object = probe_object_new(OBJECT_PROCESS, process->name, 0, 0, 0, PROBE_HERE());
	return process;
}

int process_set_daemon(struct process *process, bool daemon)
{
	if (process->pid != 0)
		return -EBUSY;
	process->daemon = daemon;
	return 0;
}

bool process_is_daemon(const struct process *process)
{
	return process->daemon;
}

void process_release(struct process *process)
{
	free(process->name);
	free(process->identity);
	free(process);
}

void process_free(struct process *process)
{
	if (process == NULL)
		return;
	books_lock();
	bool running = process->pid != 0 && !process->ended && process->creator == process_self.pid;
	process->forgotten = running;
	books_unlock();
	if (!running)
		process_release(process);
}

/* ---- starting ---- */

/*
 * A watched child goes with its parent, however that ends. The signal is tied to the thread that
 * forked, see prctl(2): only one that lasts as long as its process will do.
 */
static void follow_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE); /* it ended before we asked */
}

static void stdin_from_nowhere(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	if (null != STDIN_FILENO)
		close(null);
}

static void become(const struct process *process)
{
	process_self = (struct process_self){.pid = getpid(), .name = process->name, .parent = process_self.name,
	                                     .identity = process->identity, .daemon = process->daemon,
	                                     .child = true};
	process_children = NULL;
	finalize_forget();
	thread_after_fork();
	books_unlock();
}

static _Noreturn void run_child(const struct process *process, bool watched, uint32_t place)
{
	become(process);
	stdin_from_nowhere();
	if (watched)
		probe_actor_begin(process->actor, place);
	after_fork_run();
	if (process->target != NULL) /* BaseProcess.run */
		process->target(process->argument);
	process_leave(0, 0);
}

/* With the books' lock held; in the child it does not return. */
static int fork_child(struct process *process, uint32_t place)
{
	bool watched = probe_on();
	bool lasting = gettid() == process_self.pid;
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		if (watched && lasting)
			follow_parent(process->creator);
		run_child(process, watched, process->worker ? place : target_place(process->target));
	}
	process->pid = pid;
	process->next = process_children;
	process_children = process;
	return 0;
}

static int launch(struct process *process, uint32_t place)
{
	int error = probe_actor_new(ACTOR_PROCESS, process->name, process->object, &process->actor);
	if (error != 0)
		return error;
	process_flush(); /* what is buffered is the parent's to write: util._flush_std_streams() */
	books_lock();
	error = fork_child(process, place);
	books_unlock();
	if (error != 0) {
		probe_actor_cancel(process->actor);
		process->actor = 0;
	}
	return error;
}

static int may_start(const struct process *process)
{
	if (process->closed)
		return -EINVAL;
	if (process->pid != 0)
		return -EALREADY;
	if (process->creator != process_self.pid)
		return -ECHILD;
	return process_self.daemon ? -EPERM : 0;
}

int process_start(struct process *process)
{
	uint32_t place = PROBE_HERE();
	int error = may_start(process);
	if (error != 0)
		return error;
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_PROCESS_START, .object = process->object,
		                                  .place = place, .text = process->name});
	process_reap_all(place);
	error = launch(process, place);
	if (probe_on())
		probe_event_text(EVENT_PROCESS_START, process->object, process->pid, process->actor,
		                 error != 0 ? EVENT_FAILED : 0, place, process->name, strlen(process->name));
	return error;
}

/* ---- asking ---- */

static bool is_mine(const struct process *process)
{
	return process->pid != 0 && !process->closed && process->creator == process_self.pid;
}

size_t process_active_children(void)
{
	return process_reap_all(PROBE_HERE());
}

bool process_is_alive(struct process *process)
{
	return is_mine(process) && !process_has_ended(process, PROBE_HERE());
}

bool process_exitcode(struct process *process, int *code)
{
	if (!is_mine(process) || !process_has_ended(process, PROBE_HERE()))
		return false;
	*code = process->code;
	return true;
}

pid_t process_pid(const struct process *process)
{
	return process->pid;
}

const char *process_name(const struct process *process)
{
	return process->name;
}

uint16_t process_actor(const struct process *process)
{
	return process->actor;
}

uint16_t process_object(const struct process *process)
{
	return process->object;
}

int process_close(struct process *process)
{
	if (is_mine(process) && !process_has_ended(process, PROBE_HERE()))
		return -EBUSY;
	process->closed = true;
	return 0;
}

static const char *status_of(struct process *process, uint32_t place)
{
	if (process->closed)
		return "closed";
	if (process->creator != process_self.pid)
		return "unknown";
	if (process->pid == 0)
		return "initial";
	return process_has_ended(process, place) ? "stopped" : "started";
}

/* BaseProcess.__repr__ */
void process_describe(struct process *process, char *text, size_t size)
{
	const char *status = status_of(process, PROBE_HERE());
	char quote = strchr(process->name, '\'') != NULL && strchr(process->name, '"') == NULL ? '"' : '\'';
	struct text out = TEXT_INIT;
	text_printf(&out, "<Process name=%c%s%c", quote, process->name, quote);
	if (process->pid != 0 && !process->closed)
		text_printf(&out, " pid=%d", (int)process->pid);
	text_printf(&out, " parent=%d %s", (int)process->creator, status);
	if (*status == 's' && process->ended) {
		const char *signal = process->code < 0 ? sigabbrev_np(-process->code) : NULL;
		if (signal != NULL)
			text_printf(&out, " exitcode=-SIG%s", signal);
		else
			text_printf(&out, " exitcode=%d", process->code);
	}
	text_printf(&out, "%s>", process->daemon ? " daemon" : "");
	snprintf(text, size, "%s", out.bytes);
	text_release(&out);
}
