/* SPDX-License-Identifier: MIT */
#include "lesson/families.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/monotonic.h"

/* ---- our children, as the kernel lists them ---- */

struct pids {
	pid_t *list;
	size_t count;
};

static void pids_add(struct pids *pids, pid_t pid)
{
	pids->list = memory_resize(pids->list, pids->count + 1, sizeof *pids->list);
	pids->list[pids->count++] = pid;
}

/* /proc/…/children is exact for us: a child leaves it only when we reap it, new orphans come at its end. */
static struct pids children_of_ours(void)
{
	struct pids pids = {0};
	FILE *file = fopen("/proc/thread-self/children", "re");
	int pid;

	if (file == NULL)
		return pids;
	while (fscanf(file, "%d", &pid) == 1)
		pids_add(&pids, pid);
	fclose(file);
	return pids;
}

/* ---- one family ---- */

static bool is_alive(const struct family *family)
{
	return family->main != 0 && !family->dying && !family->gone;
}

static void signal_group(const struct family *family, int number)
{
	if (family->main != 0 && !family->gone)
		kill(-family->main, number);
}

void family_stop(struct family *family, int grace_ms)
{
	if (grace_ms <= 0) {
		signal_group(family, SIGKILL);
		return;
	}
	signal_group(family, SIGTERM);
	signal_group(family, SIGCONT);
	family->paused = false;
	family->deadline = monotonic_ns() + (uint64_t)grace_ms * 1000000u;
}

void family_pause(struct family *family, bool pause)
{
	family->paused = pause;
	signal_group(family, pause ? SIGSTOP : SIGCONT);
}

/* ---- all of them ---- */

void families_init(struct families *families)
{
	struct pids pids = children_of_ours();

	*families = (struct families){.strangers = pids.count > 0};
	mark_init(&families->mark);
	free(pids.list);
}

struct family *families_find(struct families *families, pid_t main)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++)
		if (families->list[i].main == main && is_alive(&families->list[i]))
			return &families->list[i];
	return NULL;
}

pid_t families_start(struct families *families, const struct child *child)
{
	struct family *family = NULL;
	struct child own = *child;
	char run[MARK_VALUE_MAX];

	for (int i = 0; i < LESSONS_AT_ONCE && family == NULL; i++)
		if (families->list[i].main == 0)
			family = &families->list[i];
	if (family == NULL)
		return -EAGAIN;
	uint32_t number = ++families->started;
	mark_print(&families->mark, number, run);
	own.run = run;
	pid_t main = child_spawn(&own);
	if (main > 0)
		*family = (struct family){.main = main, .number = number};
	return main;
}

void families_freeze(struct families *families, bool freeze)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++)
		if (is_alive(&families->list[i]) && !families->list[i].paused)
			signal_group(&families->list[i], freeze ? SIGSTOP : SIGCONT);
}

void families_kill(struct families *families)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++)
		signal_group(&families->list[i], SIGKILL);
}

uint64_t families_expire(struct families *families)
{
	uint64_t now = monotonic_ns(), next = 0;

	for (int i = 0; i < LESSONS_AT_ONCE; i++) {
		struct family *family = &families->list[i];

		if (family->deadline == 0 || !is_alive(family))
			continue;
		if (family->deadline <= now) {
			signal_group(family, SIGKILL);
			family->deadline = 0;
		} else if (next == 0 || family->deadline < next) {
			next = family->deadline;
		}
	}
	return next;
}

/* ---- reaping ---- */

/* Mains that ended are looked at only: they are reaped last. */
static void note_deaths(struct families *families)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++) {
		struct family *family = &families->list[i];
		siginfo_t end = {0};

		if (is_alive(family) &&
		    waitid(P_PID, (id_t)family->main, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid != 0) {
			family->dying = true;
			signal_group(family, SIGKILL);
		}
	}
}

static bool is_main(const struct families *families, pid_t pid)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++)
		if (families->list[i].main == pid && !families->list[i].gone)
			return true;
	return false;
}

/* Whose an orphan is. NULL: nobody's that we may judge. */
static struct family *family_of(struct families *families, pid_t orphan)
{
	struct family *dying = NULL;
	uint32_t number = mark_number_of(&families->mark, orphan);
	pid_t group = getpgid(orphan);

	for (int i = 0; i < LESSONS_AT_ONCE; i++) {
		struct family *family = &families->list[i];

		if (family->main == 0 || family->gone)
			continue;
		if (family->main == group || (number != 0 && family->number == number))
			return family;
		if (family->dying)
			dying = family;
	}
	return number == 0 && !families->strangers ? dying : NULL;
}

/*
 * Kills what is left of dying families and marks in `left` those that still have somebody. Returns
 * how many were reaped: their children may have become ours since the list was read.
 */
static size_t sweep(struct families *families, bool left[LESSONS_AT_ONCE])
{
	struct pids pids = children_of_ours();
	size_t reaped = 0;

	for (size_t i = 0; i < pids.count; i++) {
		pid_t pid = pids.list[i];

		if (pid == families->front || is_main(families, pid))
			continue;
		if (waitpid(pid, NULL, WNOHANG) == pid) {
			reaped++;
			continue;
		}
		struct family *family = family_of(families, pid);
		if (family != NULL && family->dying) {
			kill(pid, SIGKILL);
			left[family - families->list] = true;
		}
	}
	free(pids.list);
	return reaped;
}

void families_reap(struct families *families)
{
	bool left[LESSONS_AT_ONCE];

	note_deaths(families);
	do
		memset(left, 0, sizeof left);
	while (sweep(families, left) > 0);
	for (int i = 0; i < LESSONS_AT_ONCE; i++) {
		struct family *family = &families->list[i];

		if (family->dying && !family->gone && !left[i] &&
		    waitpid(family->main, &family->status, WNOHANG) == family->main)
			family->gone = true;
	}
}

bool families_all_gone(const struct families *families)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++)
		if (families->list[i].main != 0 && !families->list[i].gone)
			return false;
	return true;
}
