/* SPDX-License-Identifier: MIT */
#include "mp/process_self.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "mp/finalize.h"
#include "mp/process.h"
#include "mp/thread_internal.h"
#include "probe/probe.h"

#ifdef LOCKSTEP_COVERAGE
void __gcov_dump(void);
#endif

struct process_self process_self = {.name = "MainProcess", .identity = ""};

/* Only what holds something: a page that is written to after a fork is copied first. */
static void flush(FILE *stream)
{
	if (__fpending(stream) > 0)
		fflush(stream);
}

void process_flush(void)
{
	flush(stdout);
	flush(stderr);
}

/* ---- leaving ---- */

void process_finish(void)
{
	if (process_self.leaving)
		return;
	process_self.leaving = true;
	finalize_run(0);
	process_end_children();
	finalize_run(INT_MIN);
}

/* The order of BaseProcess._bootstrap. */
void process_leave(int code, uint32_t place)
{
	process_finish();
	thread_join_all();
	process_flush();
	probe_actor_exit(code & 0xff, place);
#ifdef LOCKSTEP_COVERAGE
	__gcov_dump();
#endif
	_exit(code & 0xff);
}

/* At exit(3) and when main returns. In the order of Py_FinalizeEx: threads first. */
static void at_exit(int status, void *unused)
{
	(void)unused;
	if (getpid() != process_self.pid)
		return; /* a fork that the library was not asked for */
	if (process_self.child)
		process_leave(status, 0);
	thread_join_all();
	process_finish();
	fflush(stdout);
	probe_actor_exit(status & 0xff, 0);
}

/* Registered before anything of the lesson's, so that it runs after all of it. */
__attribute__((constructor)) static void process_self_begin(void)
{
	process_self.pid = getpid();
	on_exit(at_exit, NULL);
}

static _Noreturn void leave_from(int code, uint32_t place)
{
	if (thread_current() != NULL)
		thread_leave(place);
	if (process_self.child)
		process_leave(code, place);
	exit(code);
}

void process_exit(int code)
{
	leave_from(code, PROBE_HERE());
}

void process_fail(const char *format, ...)
{
	uint32_t place = PROBE_HERE();
	struct text message = TEXT_INIT;
	if (process_self.child)
		text_printf(&message, "Process %s:\n", process_self.name);
	va_list arguments;
	va_start(arguments, format);
	text_vprintf(&message, format, arguments);
	va_end(arguments);
	text_add_char(&message, '\n');
	fflush(stdout);
	fwrite(message.bytes, 1, message.length, stderr); /* not buffered: one write(2) */
	text_release(&message);
	leave_from(EXIT_FAILURE, place);
}

/* ---- asking ---- */

const char *process_current_name(void)
{
	return process_self.name;
}

bool process_current_is_daemon(void)
{
	return process_self.daemon;
}

pid_t process_parent_pid(void)
{
	return getppid();
}

const char *process_parent_name(void)
{
	return process_self.parent;
}

int process_cpu_count(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	return count > 0 ? (int)count : 1;
}
