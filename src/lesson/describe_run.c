/* SPDX-License-Identifier: MIT */
/* Asking a lesson that has no lesson.json what it is: `lesson --describe`. */
#include "lesson/describe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "lesson/command.h"

static int judge(int error, int status, struct text *problem)
{
	if (error == -ETIMEDOUT)
		text_printf(problem, "`lesson --describe` took longer than %d seconds", DESCRIBE_SECONDS);
	else if (error == -EFBIG)
		text_printf(problem, "`lesson --describe` printed more than %d bytes", DESCRIBE_BYTES_MAX);
	else if (error < 0)
		text_printf(problem, "`lesson --describe` cannot be run: %s", strerror(-error));
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
	static char word_describe[] = "--describe";
	char *name = memory_copy_string(program);
	char *arguments[] = {name, word_describe, NULL};
	const struct command command = {.arguments = arguments, .output_max = DESCRIBE_BYTES_MAX, .seconds = DESCRIBE_SECONDS};
	int status = 0, error = command_run(&command, json, &status);

	free(name);
	return judge(error, status, problem);
}
