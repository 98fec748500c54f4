/* SPDX-License-Identifier: MIT */
/*
 *     caller ── keeper ── first process of the namespace: the function
 *
 * The keeper leaves the caller's namespaces for good, which the caller must not; its next child is
 * in the new ones. What goes wrong before the function is called travels up a pipe. Each dies with the one
 * above it, and with the first process everything in its namespace. A signal that asks the caller to
 * go ends them, and it returns when nothing of them is left.
 */
#include "lesson/pid_space.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What could not be done, from wherever it happened. */
struct refusal {
	int error; /* errno */
	char what[60];
};

struct space {
	int (*function)(void *context);
	void *context;
	int first;
	int refusals; /* write end; closed as soon as all is well */
};

_Noreturn static void refuse(const struct space *space, const char *what)
{
	struct refusal refusal = {.error = errno};

	snprintf(refusal.what, sizeof refusal.what, "%s", what);
	if (write(space->refusals, &refusal, sizeof refusal) < 0)
		_exit(126);
	_exit(125);
}

static void die_with(const struct space *space, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		refuse(space, "prctl");
	/* In its namespace the first process sees no parent: 0. */
	if (getppid() != parent && getppid() != 0)
		_exit(128 + SIGKILL);
}

static bool write_file(const char *path, const char *words)
{
	FILE *file = fopen(path, "we");

	if (file == NULL)
		return false;
	int written = fputs(words, file);
	return fclose(file) == 0 && written >= 0;
}

static bool map_id(const char *path, unsigned int id)
{
	char words[40];

	snprintf(words, sizeof words, "%u %u 1", id, id);
	return write_file(path, words);
}

/* Everybody is in the new user namespace who he was outside. */
static void map_ids(const struct space *space, unsigned int user, unsigned int group)
{
	if (!write_file("/proc/self/setgroups", "deny") || !map_id("/proc/self/uid_map", user) ||
	    !map_id("/proc/self/gid_map", group))
		refuse(space, "mapping ids into a user namespace");
}

static void leave_namespaces(const struct space *space)
{
	unsigned int user = getuid(), group = getgid();

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) == 0)
		return;
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		refuse(space, "a PID namespace");
	map_ids(space, user, group);
}

_Noreturn static void be_first(struct space *space, pid_t keeper)
{
	char before[16];

	die_with(space, keeper);
	snprintf(before, sizeof before, "%d", space->first - 1);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		refuse(space, "a /proc of its own");
	if (!write_file("/proc/sys/kernel/ns_last_pid", before))
		refuse(space, "/proc/sys/kernel/ns_last_pid");
	personality(ADDR_NO_RANDOMIZE); /* of what is executed from here on */
	close(space->refusals);
	int status = space->function(space->context);
	fflush(NULL);
	_exit(status);
}

static const int ENDING[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};

enum { ENDINGS = sizeof ENDING / sizeof ENDING[0] };

static void on_ending(int number)
{
	(void)number; /* that it interrupts the wait is all it is for */
}

/* Ignored when we came (nohup, a script's background) stays ignored. */
static void set_handlers(void (*handler)(int number))
{
	struct sigaction action = {.sa_handler = handler}, old; /* no SA_RESTART */

	for (int i = 0; i < ENDINGS; i++)
		if (sigaction(ENDING[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(ENDING[i], &action, NULL);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return 128 + SIGKILL;
		kill(pid, SIGTERM);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

_Noreturn static void keep(struct space *space, pid_t caller)
{
	set_handlers(SIG_DFL);
	die_with(space, caller);
	leave_namespaces(space);
	pid_t self = getpid(), first = fork();

	if (first < 0)
		refuse(space, "fork in a PID namespace");
	if (first == 0)
		be_first(space, self);
	close(space->refusals);
	_exit(wait_for(first));
}

bool pid_space_run(int (*function)(void *context), void *context, int first, int *status, struct text *problem)
{
	struct space space = {.function = function, .context = context, .first = first};
	struct refusal refusal = {0};
	int ends[2];
	pid_t self = getpid(), keeper = -1;

	fflush(NULL); /* or it would be printed twice */
	set_handlers(on_ending);
	if (pipe2(ends, O_CLOEXEC) < 0 || (space.refusals = ends[1], keeper = fork()) < 0) {
		text_printf(problem, "fork: %s", strerror(errno));
		return false;
	}
	if (keeper == 0) {
		close(ends[0]);
		keep(&space, self);
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &refusal, sizeof refusal);
	close(ends[0]);
	*status = wait_for(keeper);
	set_handlers(SIG_DFL);
	if (got != sizeof refusal)
		return true;
	refusal.what[sizeof refusal.what - 1] = '\0';
	text_printf(problem, "%s: %s", refusal.what, strerror(refusal.error));
	return false;
}
