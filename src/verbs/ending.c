/* SPDX-License-Identifier: MIT */
#include "verbs/ending.h"

#include <unistd.h>

#include "verbs/verb.h"

volatile sig_atomic_t ending_signal;

static pid_t parent;

static void note(int number)
{
	ending_signal = number;
}

static void note_or_go(int number)
{
	if (ending_signal && getppid() == parent)
		_exit(STATUS_SIGNAL + number);
	ending_signal = number;
}

void ending_hear(bool impatient)
{
	static const int ending[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
	struct sigaction action = {.sa_handler = impatient ? note_or_go : note}; /* no SA_RESTART: waits are to end */

	parent = getppid();
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		struct sigaction old;

		/* Ignored when we came (nohup, a script's background) stays ignored. */
		if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN); /* it shows as EPIPE */
}
