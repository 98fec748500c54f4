/* SPDX-License-Identifier: MIT */
#include "lesson/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "lesson/mark.h"
#include "wire/wire.h"

enum {
	REPORT = CHILD_WIRE + 1, /* the pipe's descriptor in the child: closed by a successful exec */
	CLEAR_OF_TARGETS = 16,
};

/* The sanitizers reserve terabytes of addresses, which count as memory although nothing is there. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
	__has_feature(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define DATA_MAX (8ull << 30)      /* bytes of memory of one process */
#define FILE_SIZE_MAX (1ull << 30) /* bytes of a file that it writes */

/* Every signal as a fresh process has it: exec keeps what is ignored and what is blocked. */
static int default_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL); /* refuses KILL, STOP and what libc keeps for itself */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

static int set_limit(int resource, uint64_t most)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return -errno;
	if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > most)
		limit.rlim_max = most;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	return setrlimit(resource, &limit) < 0 ? -errno : 0;
}

static int set_limits(void)
{
	int error = set_limit(RLIMIT_CORE, 0);

	if (error == 0)
		error = set_limit(RLIMIT_FSIZE, FILE_SIZE_MAX);
	if (error == 0 && !SANITIZED)
		error = set_limit(RLIMIT_DATA, DATA_MAX);
	return error;
}

static int stay_on(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return 0;
	CPU_ZERO(&set);
	CPU_SET((unsigned int)cpu, &set);
	return sched_setaffinity(0, sizeof set, &set) < 0 ? -errno : 0;
}

/*
 * stdin, stdout, stderr, wire and the pipe to 0 … 4, all else closed. First out of the way, so that
 * no source lies among the targets. `report` is kept right, for it must work to the last.
 */
static int place_descriptors(const struct child *child, int *report)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int from[] = {null, child->output, child->error_output, child->wire, *report};

	if (null < 0)
		return -errno;
	for (int i = 0; i <= REPORT; i++) {
		int source = from[i] >= 0 ? from[i] : null;

		if ((from[i] = fcntl(source, F_DUPFD_CLOEXEC, CLEAR_OF_TARGETS)) < 0)
			return -errno;
	}
	*report = from[REPORT];
	for (int i = 0; i < REPORT; i++)
		if (dup2(from[i], i) < 0)
			return -errno;
	if (dup3(from[REPORT], REPORT, O_CLOEXEC) < 0)
		return -errno;
	*report = REPORT;
	closefrom(REPORT + 1);
	if (child->wire < 0)
		close(CHILD_WIRE);
	return 0;
}

static int set_up(const struct child *child, pid_t supervisor, int *report)
{
	int error = setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? -errno : 0;

	if (error == 0 && getppid() != supervisor)
		error = -ESRCH; /* it died before the request was made: nobody is left to tell */
	if (error == 0)
		error = default_signals();
	if (error == 0)
		error = set_limits();
	if (error == 0)
		error = stay_on(child->cpu);
	return error == 0 ? place_descriptors(child, report) : error;
}

static char *assignment(const char *name, const char *value)
{
	struct text text = TEXT_INIT;

	text_printf(&text, "%s=%s", name, value);
	return text_detach(&text);
}

static bool names(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static char **make_environment(const struct child *child)
{
	size_t count = 0, at = 0;

	while (environ[count] != NULL)
		count++;
	char **environment = memory_array(count + 3, sizeof *environment);
	environment[at++] = assignment(MARK_ENVIRONMENT, child->run);
	if (child->wire >= 0)
		environment[at++] = assignment(WIRE_ENVIRONMENT, "3");
	for (size_t i = 0; i < count; i++)
		if (!names(environ[i], MARK_ENVIRONMENT) && !names(environ[i], WIRE_ENVIRONMENT))
			environment[at++] = environ[i];
	return environment;
}

_Noreturn static void become_lesson(const struct child *child, char **environment, pid_t supervisor, int report)
{
	int error = set_up(child, supervisor, &report);

	if (error == 0) {
		execve(child->arguments[0], child->arguments, environment);
		error = -errno;
	}
	ssize_t ignored = write(report, &error, sizeof error);
	(void)ignored;
	_exit(127);
}

/* What the child said: 0 once the pipe is closed by its exec. */
static int await_exec(int report)
{
	int error = 0;
	ssize_t got;

	while ((got = read(report, &error, sizeof error)) < 0 && errno == EINTR)
		;
	return got == sizeof error ? error : 0;
}

pid_t child_spawn(const struct child *child)
{
	int report[2] = {-1, -1};
	pid_t supervisor = getpid();

	if (pipe2(report, O_CLOEXEC) < 0)
		return -errno;
	char **environment = make_environment(child);
	pid_t pid = fork();
	if (pid == 0)
		become_lesson(child, environment, supervisor, report[1]);
	int error = pid < 0 ? -errno : 0;
	close(report[1]);
	if (pid > 0) {
		setpgid(pid, pid); /* either of us may be first; after the exec it is refused, and done */
		error = await_exec(report[0]);
	}
	if (pid > 0 && error < 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	close(report[0]);
	free(environment[0]);
	if (child->wire >= 0)
		free(environment[1]);
	free(environment);
	return error < 0 ? error : pid;
}
