/* SPDX-License-Identifier: MIT */
#include "python.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void run(const char *program, int out)
{
	int nothing = open("/dev/null", O_WRONLY);
	dup2(out, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	execlp("python3", "python3", "-c", program, (char *)NULL);
	_exit(127);
}

double bench_python(const char *program)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		run(program, ends[1]);
	close(ends[1]);
	FILE *out = fdopen(ends[0], "r");
	double figure = -1;
	if (fscanf(out, "%lf", &figure) != 1)
		figure = -1;
	fclose(out);
	waitpid(pid, NULL, 0);
	return figure;
}
