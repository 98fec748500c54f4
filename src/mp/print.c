/* SPDX-License-Identifier: MIT */
#include "mp/print.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "probe/probe.h"

enum { LINE_ON_STACK = 512 };

/* Whoever gave us a non-blocking standard output still gets whole lines. */
static void wait_for_room(void)
{
	struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
	poll(&output, 1, -1);
}

/* One write(2), unless the kernel takes only a part of it. */
static void write_line(const char *line, size_t length)
{
	size_t done = 0;
	while (done < length) {
		ssize_t written = write(STDOUT_FILENO, line + done, length - done);
		if (written > 0)
			done += (size_t)written;
		else if (errno == EAGAIN)
			wait_for_room();
		else if (errno != EINTR)
			return; /* closed, or nobody reads it: the run goes on */
	}
}

/* The end of line takes the place of the NUL, so that both fit and the intent is still a string. */
static void print_line(char *line, size_t length, uint32_t place)
{
	int64_t bytes = (int64_t)length + 1;
	fflush(stdout); /* what the lesson printed with printf(3) before comes first */
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_PRINT, .value = bytes, .place = place, .text = line});
	line[length] = '\n';
	write_line(line, length + 1);
	if (probe_on())
		probe_event_text(EVENT_PRINT, 0, bytes, 0, 0, place, line, length);
}

void print(const char *format, ...)
{
	uint32_t place = probe_place(__builtin_return_address(0));
	char on_stack[LINE_ON_STACK];
	char *line = on_stack;
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(on_stack, sizeof on_stack, format, arguments);
	if (length >= (int)sizeof on_stack) {
		line = memory_new((size_t)length + 1);
		vsnprintf(line, (size_t)length + 1, format, again);
	}
	va_end(again);
	va_end(arguments);
	if (length >= 0)
		print_line(line, (size_t)length, place);
	if (line != on_stack)
		free(line);
}
