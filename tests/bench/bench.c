/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 11, ROUNDS_MAX = 101 };

struct figures {
	double round[ROUNDS_MAX];
	unsigned int count;
};

uint64_t bench_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void bench_pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof set, &set);
}

void bench_unpin(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (long cpu = 0; cpu < sysconf(_SC_NPROCESSORS_CONF) && cpu < CPU_SETSIZE; cpu++)
		CPU_SET((size_t)cpu, &set);
	sched_setaffinity(0, sizeof set, &set);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(struct figures *figures)
{
	qsort(figures->round, figures->count, sizeof *figures->round, by_size);
	return figures->round[figures->count / 2];
}

static void print_figures(const char *label, struct figures *figures, const char *unit)
{
	double middle = median(figures);
	printf("     %-62s %12.2f %12.2f %12.2f %s\n", label, middle, figures->round[0],
	       figures->round[figures->count - 1], unit);
}

static void print_verdict(const struct bench_row *row, struct figures *ours, struct figures *against)
{
	double figure = median(ours);
	if (row->floor != NULL)
		figure = row->at_least ? median(against) / figure : figure / median(against);
	bool met = row->at_least ? figure >= row->goal : figure <= row->goal;
	printf("%-4s %s %.2f%s%s, goal %s %g: %s\n\n", row->id, row->floor != NULL ? "ratio" : "figure", figure,
	       row->floor != NULL ? "x" : " ", row->floor != NULL ? "" : row->unit, row->at_least ? ">=" : "<=",
	       row->goal, met ? "met" : "NOT MET");
	fflush(stdout);
}

static void run_row(const struct bench_row *row)
{
	static struct figures ours, against;
	ours.count = against.count = 0;
	unsigned int rounds = row->rounds != 0 ? row->rounds : ROUNDS;
	for (unsigned int i = 0; i < rounds; i++) {
		ours.round[ours.count++] = row->ours();
		if (row->floor != NULL)
			against.round[against.count++] = row->floor();
	}
	if (median(&ours) < 0 || (row->floor != NULL && median(&against) < 0)) {
		printf("%-4s %s, against %s: cannot be measured here\n\n", row->id, row->what, row->against);
		return;
	}
	print_figures(row->what, &ours, row->unit);
	if (row->floor != NULL)
		print_figures(row->against, &against, row->unit);
	print_verdict(row, &ours, &against);
}

void bench_note(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("     ");
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

static const struct group {
	const char *name;
	const struct bench_row *rows;
	const unsigned int *count;
} groups[] = {
	{"library", bench_library, &bench_library_count},
	{"pool", bench_pool, &bench_pool_count},
	{"messages", bench_messages, &bench_messages_count},
	{"events", bench_events, &bench_events_count},
	{"director", bench_director, &bench_director_count},
	{"screen", bench_screen, &bench_screen_count},
	{"world", bench_world, &bench_world_count},
	{"export", bench_export, &bench_export_count},
	{"recording", bench_recording, &bench_recording_count},
	{"speedup", bench_speedup, &bench_speedup_count},
};

struct launcher bench_launcher;

static bool is_named(const char *name, char **names)
{
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* Returns how many of its rows were wanted. */
static unsigned int run_group(const struct group *group, char **names)
{
	bool all = names[0] == NULL || is_named(group->name, names);
	unsigned int count = 0;
	for (unsigned int i = 0; i < *group->count; i++)
		if (all || is_named(group->rows[i].id, names)) {
			run_row(&group->rows[i]);
			count++;
		}
	return count;
}

static int run_groups(int channel, void *context)
{
	char **names = context;
	unsigned int measured = 0;
	launcher_init(&bench_launcher, channel);
	printf("     %-62s %12s %12s %12s\n", "", "median", "min", "max");
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		measured += run_group(&groups[i], names);
	if (measured == 0)
		fprintf(stderr, "bench: nothing has such a name; rows are named P1 to P20, groups as the files in tests/bench\n");
	return measured > 0 ? 0 : 2;
}

/* Without arguments all is measured; else the groups and the rows named. */
int main(int argc, char **argv)
{
	(void)argc;
	return supervisor_run(run_groups, argv + 1, &(struct supervisor_hooks){0});
}
