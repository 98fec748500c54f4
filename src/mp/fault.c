/* SPDX-License-Identifier: MIT */
#include "mp/fault.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "mp/process_self.h"

enum {
	OBJECT_MAX = 65536, /* none is larger, and nothing else lies so low */
	FRAMES_MAX = 32,
	LINE_BYTES = 512,
};

struct line {
	char bytes[LINE_BYTES];
	size_t length;
};

static void add(struct line *line, const char *words)
{
	size_t room = sizeof line->bytes - 1 - line->length; /* the end of the line has a place */
	size_t length = strnlen(words, room);
	memcpy(line->bytes + line->length, words, length);
	line->length += length;
}

/*
 * Who called whom, the last call last, as in Python; of the program's functions those that -rdynamic names. That
 * is more than signal-safety(7) lists, but it allocates nothing once it was called before.
 */
static void add_calls(struct line *line)
{
	void *frames[FRAMES_MAX];
	Dl_info own, found;
	const char *between = ", in ";
	dladdr(&process_self, &own);
	for (int i = backtrace(frames, FRAMES_MAX) - 1; i >= 0; i--) {
		if (dladdr(frames[i], &found) == 0 || found.dli_fbase != own.dli_fbase || found.dli_sname == NULL ||
		    found.dli_sname[0] == '_')
			continue; /* "_start" is nobody's */
		add(line, between);
		add(line, found.dli_sname);
		between = " > ";
	}
}

static void say(int number, siginfo_t *info, void *context)
{
	(void)context;
	bool is_null = info->si_code == SEGV_MAPERR && (uintptr_t)info->si_addr < OBJECT_MAX;
	struct line line = {.length = 0};
	if (info->si_code <= 0)
		raise(number); /* sent, not caused: it would not come again by itself */
	if (!is_null)
		return;
	add(&line, process_self.name);
	add(&line, ": AttributeError: NULL (None) was used as an object");
	add_calls(&line);
	line.bytes[line.length++] = '\n';
	ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
	(void)written; /* closed: then without a word */
}

void fault_watch(void)
{
	struct sigaction old, action = {.sa_sigaction = say, .sa_flags = SA_SIGINFO | SA_RESETHAND};
	void *frame;
	backtrace(&frame, 1); /* the first call loads what it needs, for which a handler may not ask: see backtrace(3) */
	if (sigaction(SIGSEGV, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(SIGSEGV, &action, NULL);
}
