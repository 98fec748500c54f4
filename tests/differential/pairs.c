/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A descriptor of our own, as in pairs.py: standard output is the pair's to close. */
enum { OUT = 9, LINE_MAX_BYTES = 4096 };

void pair_line(const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line - 1, format, arguments);
	va_end(arguments);
	if (length < 0 || length >= (int)sizeof line - 1)
		abort(); /* half a line would be compared */
	line[length++] = '\n';
	if (write(OUT, line, (size_t)length) != length)
		abort();
}

static const struct pair *find(const char *name)
{
	const struct pair *pair = pairs;
	while (pair->name != NULL && strcmp(pair->name, name) != 0)
		pair++;
	return pair->name != NULL ? pair : NULL;
}

static int list(void)
{
	for (const struct pair *pair = pairs; pair->name != NULL; pair++)
		puts(pair->name);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	const struct pair *pair = argc == 2 ? find(argv[1]) : NULL;
	if (pair == NULL) {
		fprintf(stderr, "usage: %s PAIR | --list\n", argv[0]);
		return 2;
	}
	/* Into a file, lines of children that write at once must not land on one another. */
	if (dup2(STDOUT_FILENO, OUT) < 0 || fcntl(OUT, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(OUT, F_SETFL, fcntl(OUT, F_GETFL) | O_APPEND) < 0)
		return EXIT_FAILURE;
	pair->run();
	return EXIT_SUCCESS;
}
