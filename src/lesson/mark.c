/* SPDX-License-Identifier: MIT */
#include "lesson/mark.h"

#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "lesson/file.h"

enum {
	ENVIRONMENT_BYTES_MAX = 4 << 20, /* more than exec(2) takes */
	BETWEEN_MS = 5,                  /* a process in the middle of exec has no environment to be seen: longer than that takes */
	CLEAN_PASSES = 2,
};

void mark_init(struct mark *mark)
{
	/* The clock is the machine's; a process of our number in another namespace was not started in our nanosecond. */
	snprintf(mark->supervisor, sizeof mark->supervisor, "%d-%016llx", (int)getpid(), (unsigned long long)monotonic_ns());
}

void mark_print(const struct mark *mark, uint32_t number, char value[MARK_VALUE_MAX])
{
	snprintf(value, MARK_VALUE_MAX, "%s.%u", mark->supervisor, number);
}

/* The value of the mark among NUL-terminated strings. NULL: it is not there. */
static const char *find_value(const struct text *environment)
{
	const char *end = environment->bytes + environment->length;

	for (const char *at = environment->bytes; at < end; at += strlen(at) + 1)
		if (strncmp(at, MARK_ENVIRONMENT "=", sizeof MARK_ENVIRONMENT) == 0)
			return at + sizeof MARK_ENVIRONMENT;
	return NULL;
}

uint32_t mark_number_of(const struct mark *mark, pid_t pid)
{
	struct text environment = TEXT_INIT;
	size_t length = strlen(mark->supervisor);
	unsigned int number = 0;
	char path[64];
	bool whole;

	snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
	const char *value = file_read(&environment, path, ENVIRONMENT_BYTES_MAX, &whole) == 0 ? find_value(&environment) : NULL;
	if (value != NULL && strncmp(value, mark->supervisor, length) == 0 && sscanf(value + length, ".%u", &number) != 1)
		number = 0;
	text_release(&environment);
	return number;
}

/* ---- searching ---- */

/* Opened first and looked at then: whoever may have got the same number meanwhile is not hit. */
static bool kill_if_marked(const struct mark *mark, pid_t pid)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0)
		return false;
	bool marked = mark_number_of(mark, pid) != 0;
	if (marked)
		pidfd_send_signal(fd, SIGKILL, NULL, 0);
	close(fd);
	return marked;
}

/* True when somebody was found: those that he has forked meanwhile may stand where we had been. */
static bool kill_marked(const struct mark *mark)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	while (proc != NULL && (entry = readdir(proc)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) && kill_if_marked(mark, atoi(entry->d_name)))
			found = true;
	if (proc != NULL)
		closedir(proc);
	return found;
}

void mark_kill_all(const struct mark *mark, int ms)
{
	int64_t limit = monotonic_ms() + ms;

	for (int clean = 0; clean < CLEAN_PASSES && monotonic_ms() < limit;) {
		clean = kill_marked(mark) ? 0 : clean + 1;
		poll(NULL, 0, BETWEEN_MS);
	}
}
