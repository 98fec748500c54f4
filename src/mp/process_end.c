/* SPDX-License-Identifier: MIT */
/* Waiting for processes, reaping them, ending them. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mp/books.h"
#include "mp/process_internal.h"
#include "mp/process_object.h"
#include "mp/process_self.h"
#include "probe/probe.h"

enum {
	GRACE_MS = 200,     /* gated: how long a signal may take to end a process before the run goes on */
	CODE_UNKNOWN = 255, /* somebody else reaped it */
};

/* ---- reaping; with the books' lock held ---- */

static int code_of(const siginfo_t *end)
{
	return end->si_code == CLD_EXITED ? end->si_status : -end->si_status;
}

static void strike(struct process *process)
{
	struct process **at = &process_children;
	while (*at != NULL && *at != process)
		at = &(*at)->next;
	if (*at != NULL)
		*at = process->next;
}

/*
 * True when it has ended, and then it is reaped. Under the gate that is so once it has told its
 * exit, however long the machine takes then: a run repeats. Its code is noted before it is reaped:
 * whoever watches finds the zombie or the note.
 */
static bool reap(struct process *process)
{
	if (process->ended)
		return true;
	siginfo_t end = {0};
	int flags = WEXITED | WNOWAIT | (probe_gated() && probe_actor_exited(process->actor) ? 0 : WNOHANG);
	int error;
	while ((error = waitid(P_PID, (id_t)process->pid, &end, flags)) < 0 && errno == EINTR)
		;
	if (error == 0 && end.si_pid == 0)
		return false;
	process->code = error == 0 ? code_of(&end) : CODE_UNKNOWN;
	process->ended = true;
	probe_actor_reaped(process->actor, process->code);
	waitpid(process->pid, NULL, 0); /* there: it does not wait */
	strike(process);
	return true;
}

static bool reap_and_tell(struct process *process, uint32_t place)
{
	bool known = process->ended, ended = reap(process);
	if (ended && !known && probe_on())
		probe_event(EVENT_PROCESS_REAP, process->object, process->code, process->actor, 0, place);
	return ended;
}

bool process_has_ended(struct process *process, uint32_t place)
{
	books_lock();
	bool ended = reap_and_tell(process, place);
	books_unlock();
	return ended;
}

size_t process_reap_all(uint32_t place)
{
	size_t count = 0;
	books_lock();
	for (struct process *process = process_children, *next; process != NULL; process = next) {
		next = process->next;
		if (!reap_and_tell(process, place))
			count++;
		else if (process->forgotten)
			process_release(process);
	}
	books_unlock();
	return count;
}

/* ---- joining ---- */

bool process_reap(struct process *process)
{
	books_lock();
	bool ended = reap(process);
	books_unlock();
	return ended;
}

static int attempt_join(void *context)
{
	return process_reap(context) ? 0 : -EAGAIN;
}

static int milliseconds_until(const struct timespec *deadline)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t ns = (deadline->tv_sec - now.tv_sec) * 1000000000ll + deadline->tv_nsec - now.tv_nsec;
	if (ns <= 0)
		return 0;
	return ns > 1000000000000000 ? INT32_MAX : (int)((ns + 999999) / 1000000); /* rounded up: never early */
}

/* Until it has ended, at most `ms`; leaves it to be reaped. 0, -ETIMEDOUT or -EINTR. Works for any process. */
static int await_end(pid_t pid, int ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0) {
		/* No descriptor left, or the process gone: come back in a moment and look. */
		poll(NULL, 0, ms < 1 ? ms : 1);
		return ms < 1 ? -ETIMEDOUT : -EINTR;
	}
	struct pollfd end = {.fd = fd, .events = POLLIN};
	int count = poll(&end, 1, ms);
	int error = count < 0 ? -errno : count == 0 ? -ETIMEDOUT : 0;
	close(fd);
	return error;
}

static int await_end_for_ever(pid_t pid)
{
	siginfo_t info;
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 ? -errno : 0;
}

static int block_join(void *context, const struct timespec *deadline)
{
	struct process *process = context;
	int error = deadline == NULL ? await_end_for_ever(process->pid)
	                             : await_end(process->pid, milliseconds_until(deadline));
	/* When another thread reaped it meanwhile, that is an end too. */
	return process_reap(process) ? 0 : error != 0 ? error : -EINTR;
}

int process_join_as(struct process *process, const struct probe_intent *intent, bool inside, double seconds)
{
	if (process->pid == 0 || process->closed)
		return -EINVAL;
	if (process->creator != process_self.pid)
		return -ECHILD;
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt_join, .block = block_join,
	                                .inside = inside};
	return probe_perform(&waiting, process, seconds);
}

static int join(struct process *process, double seconds, uint32_t place)
{
	struct probe_intent intent = {.kind = EVENT_PROCESS_JOIN, .wait_kind = EVENT_PROCESS_WAIT,
	                              .object = process->object, .aux = process->actor, .place = place};
	int error = process_join_as(process, &intent, false, seconds);
	if (error != 0 && error != -ETIMEDOUT)
		return error;
	if (probe_on())
		probe_event(EVENT_PROCESS_JOIN, process->object, process->code, process->actor,
		            error != 0 ? EVENT_FAILED : 0, place);
	return 0;
}

int process_join(struct process *process)
{
	return join(process, -1, PROBE_HERE());
}

int process_join_timeout(struct process *process, double seconds)
{
	return join(process, seconds, PROBE_HERE());
}

/* ---- signals ---- */

static int send(struct process *process, int signal)
{
	books_lock(); /* so that nobody reaps it and gives its number to another */
	int error = process->ended || kill(process->pid, signal) == 0 || errno == ESRCH ? 0 : -errno;
	books_unlock();
	return error;
}

static int end(struct process *process, int signal, enum event_kind kind, bool inside, uint32_t place)
{
	if (process->pid == 0 || process->closed)
		return -EINVAL;
	if (probe_on() && !inside)
		probe_gate(&(struct probe_intent){.kind = kind, .object = process->object, .aux = process->actor,
		                                  .place = place});
	if (probe_on())
		probe_event(kind, process->object, 0, process->actor, 0, place);
	int error = send(process, signal);
	/* Signals take their time; under the gate the run goes on when it is dead, so that it repeats. */
	if (probe_gated() && error == 0 && !process->ended)
		await_end(process->pid, GRACE_MS);
	probe_wake(process->object);
	return error;
}

int process_terminate(struct process *process)
{
	return end(process, SIGTERM, EVENT_PROCESS_TERMINATE, false, PROBE_HERE());
}

int process_terminate_inside(struct process *process)
{
	return end(process, SIGTERM, EVENT_PROCESS_TERMINATE, true, PROBE_HERE());
}

int process_kill(struct process *process)
{
	return end(process, SIGKILL, EVENT_PROCESS_KILL, false, PROBE_HERE());
}

void process_end_children(void)
{
	uint32_t place = probe_self.place; /* of the lesson's call that brought us here, or none */
	process_reap_all(place);
	for (struct process *process = process_children; process != NULL; process = process->next)
		if (process->daemon)
			end(process, SIGTERM, EVENT_PROCESS_TERMINATE, false, place);
	while (process_children != NULL) {
		struct process *process = process_children;
		bool forgotten = process->forgotten;
		process->forgotten = false; /* it is needed a little longer */
		join(process, -1, place);
		if (forgotten)
			process_release(process);
	}
}
