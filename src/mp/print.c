/* SPDX-License-Identifier: MIT */
#include "mp/print.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "probe/probe.h"

enum { TEXT_ON_STACK = 512 };

/* Whoever gave us a non-blocking standard output still gets whole lines. */
static void wait_for_room(void)
{
	struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
	poll(&output, 1, -1);
}

/* One write(2), unless the kernel takes only a part of it. */
static void write_all(const char *bytes, size_t length)
{
	size_t done = 0;
	while (done < length) {
		ssize_t written = write(STDOUT_FILENO, bytes + done, length - done);
		if (written > 0)
			done += (size_t)written;
		else if (errno == EAGAIN)
			wait_for_room();
		else if (errno != EINTR)
			return; /* closed, or nobody reads it: the run goes on */
	}
}

/* `end` is "\n" or ""; it takes the place of the NUL, so that both fit and the intent is still a string. */
static void print_text(char *text, size_t length, const char *end, uint32_t place)
{
	size_t bytes = length + strlen(end);
	fflush(stdout); /* what the lesson printed with printf(3) before comes first */
	if (probe_on())
		probe_gate(&(struct probe_intent){
			.kind = EVENT_PRINT, .value = (int64_t)bytes, .place = place, .text = text});
	text[length] = *end;
	write_all(text, bytes);
	if (probe_on())
		probe_event_text(EVENT_PRINT, 0, (int64_t)bytes, 0, 0, place, text, length);
}

__attribute__((format(printf, 1, 0)))
static void print_with_end(const char *format, va_list arguments, const char *end, uint32_t place)
{
	char on_stack[TEXT_ON_STACK];
	char *text = on_stack;
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(on_stack, sizeof on_stack, format, arguments);
	if (length >= (int)sizeof on_stack) {
		text = memory_new((size_t)length + 1);
		vsnprintf(text, (size_t)length + 1, format, again);
	}
	va_end(again);
	if (length >= 0)
		print_text(text, (size_t)length, end, place);
	if (text != on_stack)
		free(text);
}

void print(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print_with_end(format, arguments, "\n", PROBE_HERE());
	va_end(arguments);
}

void print_part(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print_with_end(format, arguments, "", PROBE_HERE());
	va_end(arguments);
}
