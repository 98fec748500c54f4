/* SPDX-License-Identifier: MIT */
/*
 * Asking a lesson that has no lesson.json what it is: a child of our own runs `lesson --describe`
 * with its output in a pipe. What it prints and how long it takes is limited.
 */
#include "lesson/describe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"

_Noreturn static void become_lesson(const char *program, int out, pid_t parent)
{
	static char word_describe[] = "--describe";
	char *name = strdup(program);
	char *arguments[] = {name, word_describe, NULL};
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || null < 0 || name == NULL)
		_exit(127);
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	closefrom(3);
	execv(program, arguments);
	_exit(127);
}

/* Until the end of the output. 0, -ETIMEDOUT or -EFBIG. */
static int collect(struct text *json, int in, int64_t limit)
{
	char buffer[4096];

	for (;;) {
		struct pollfd wait = {.fd = in, .events = POLLIN};
		int64_t left = limit - monotonic_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		ssize_t got = read(in, buffer, sizeof buffer);
		if (got == 0)
			return 0;
		if (got > 0)
			text_add_bytes(json, buffer, (size_t)got);
		if (json->length > DESCRIBE_BYTES_MAX)
			return -EFBIG;
	}
}

/* It may have closed its output and gone on. 0 or -ETIMEDOUT. */
static int await_end(pid_t pid, int64_t limit)
{
	int64_t left = limit - monotonic_ms();
	int ready = 1, process = (int)syscall(SYS_pidfd_open, pid, 0);

	if (process < 0)
		return 0;
	while (left > 0 && (ready = poll(&(struct pollfd){.fd = process, .events = POLLIN}, 1, (int)left)) < 0)
		left = limit - monotonic_ms();
	close(process);
	return left > 0 && ready > 0 ? 0 : -ETIMEDOUT;
}

static int judge(int error, int status, struct text *problem)
{
	if (error == -ETIMEDOUT)
		text_printf(problem, "`lesson --describe` took longer than %d seconds", DESCRIBE_SECONDS);
	else if (error < 0)
		text_printf(problem, "`lesson --describe` printed more than %d bytes", DESCRIBE_BYTES_MAX);
	else if (WIFSIGNALED(status))
		text_printf(problem, "`lesson --describe` was killed by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		text_printf(problem, "`lesson --describe` ended with status %d", WEXITSTATUS(status));
	else
		return 0;
	return -EINVAL;
}

int describe_run(struct text *json, const char *program, struct text *problem)
{
	int pipe_ends[2], status = 0;
	pid_t parent = getpid();

	if (pipe2(pipe_ends, O_CLOEXEC) < 0) {
		text_printf(problem, "no pipe: %s", strerror(errno));
		return -EINVAL;
	}
	pid_t pid = fork();
	if (pid == 0)
		become_lesson(program, pipe_ends[1], parent);
	close(pipe_ends[1]);
	if (pid < 0) {
		text_printf(problem, "no process: %s", strerror(errno));
		close(pipe_ends[0]);
		return -EINVAL;
	}
	setpgid(pid, pid);
	int64_t limit = monotonic_ms() + DESCRIBE_SECONDS * 1000;
	int error = collect(json, pipe_ends[0], limit);
	close(pipe_ends[0]);
	if (error == 0)
		error = await_end(pid, limit);
	if (error < 0)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return judge(error, status, problem);
}
