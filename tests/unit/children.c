/* SPDX-License-Identifier: MIT */
#include "children.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLED_LATE = 1000 };

double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

pid_t child_start(int (*body)(void *argument), void *argument)
{
	pid_t child = fork();
	if (child == 0)
		_exit(body(argument));
	return child;
}

bool child_runs(pid_t child)
{
	siginfo_t info = {0};
	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

static bool has_ended(void *argument)
{
	const pid_t *child = argument;
	return !child_runs(*child);
}

int child_wait(pid_t child, double seconds)
{
	int status;
	bool late = !eventually(has_ended, &child, seconds);
	if (late)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (late)
		return KILLED_LATE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool eventually(bool (*holds)(void *argument), void *argument, double seconds)
{
	double limit = seconds_now() + seconds;
	while (!holds(argument)) {
		if (seconds_now() > limit)
			return false;
		poll(NULL, 0, 1);
	}
	return true;
}

static timer_t interrupter;

static void nothing(int signal)
{
	(void)signal;
}

void interrupt_often(void)
{
	struct sigaction action = {.sa_handler = nothing}; /* without SA_RESTART */
	sigaction(SIGUSR1, &action, NULL);
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	timer_create(CLOCK_MONOTONIC, &event, &interrupter);
	struct itimerspec often = {.it_value.tv_nsec = 1000000, .it_interval.tv_nsec = 1000000};
	timer_settime(interrupter, 0, &often, NULL);
}

void interrupt_no_more(void)
{
	timer_delete(interrupter);
	signal(SIGUSR1, SIG_IGN);
}
