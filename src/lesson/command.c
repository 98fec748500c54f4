/* SPDX-License-Identifier: MIT */
#include "lesson/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"

_Noreturn static void become(const struct command *command, int out, pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || null < 0 || (command->folder != NULL && chdir(command->folder) < 0))
		_exit(127);
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(command->errors ? out : null, STDERR_FILENO);
	closefrom(3);
	execvp(command->arguments[0], command->arguments);
	_exit(127);
}

/* Until the end of the output. 0, -ETIMEDOUT or -EFBIG. */
static int collect(const struct command *command, struct text *output, int in, int64_t limit)
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
			text_add_bytes(output, buffer, (size_t)got);
		if (output->length > command->output_max)
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

int command_run(const struct command *command, struct text *output, int *status)
{
	int pipe_ends[2];
	pid_t parent = getpid();

	if (pipe2(pipe_ends, O_CLOEXEC) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0)
		become(command, pipe_ends[1], parent);
	int error = pid < 0 ? -errno : 0;
	close(pipe_ends[1]);
	if (error < 0) {
		close(pipe_ends[0]);
		return error;
	}
	setpgid(pid, pid);
	int64_t limit = monotonic_ms() + command->seconds * 1000;
	error = collect(command, output, pipe_ends[0], limit);
	close(pipe_ends[0]);
	if (error == 0)
		error = await_end(pid, limit);
	if (error < 0)
		kill(-pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return error;
}
