/* SPDX-License-Identifier: MIT */
/* Four children each set one slot of a global list. Who sees what? */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "write", .choices = "off|on", .fallback = "on",
	 .help = "each child sets its slot, or only looks"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.5",
	 .help = "seconds that each child works before it looks again"},
	{0}};

static const struct lesson_variant variants[] = {
	{"they write", "write=on", "each has a page of its own, and sees that"},
	{"they look", "write=off", "one page for all five, and nothing in it"},
	{0}};

static const struct lesson lesson = {
	.title = "Memory is private",
	.summary = "Four children each set their slot of a global list. Each "
	           "then has a list of its own. Where does it come from?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "children: the list as each child sees it in the end; "
	           "parent: as the parent does; copied: children that have a "
	           "page of their own (null: this system does not say)",
	.right = "each child sees its own slot; the parent sees none",
	.step_settings = "work=0"};

enum { CHILDREN = 4, PAGE = 4096 };

/* A page of memory for it alone; 0 is Python's None, 1 its True. */
static _Alignas(PAGE) char list[PAGE];

static struct queue *queue;

/*
 * Does this process have the page for itself? The kernel says so in its page
 * map, see proc_pid_pagemap(5): 8 bytes for each page, bit 56 "exclusive".
 */
static int page_is_mine(void)
{
	uint64_t entry = 0;
	off_t place = (off_t)((uintptr_t)list / PAGE * sizeof(entry));

	int map = open("/proc/self/pagemap", O_RDONLY);
	ssize_t got = pread(map, &entry, sizeof(entry), place);
	close(map);
	if (got != sizeof(entry) || !(entry >> 63 & 1))
		return -1;
	return entry >> 56 & 1;
}

/* Page faults so far, of the kind that needs no disk. */
static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static json_t *what_is_in_it(void)
{
	json_t *seen = json_array();

	for (int i = 0; i < CHILDREN; i++)
		json_array_append_new(seen,
			list[i] ? json_true() : json_null());
	return seen;
}

/* As Python would print it. */
static void print_list(const char *who)
{
	static const char *const words[] = {"None", "True"};

	print("%s: [%s,%s,%s,%s]", who, words[(int)list[0]],
	      words[(int)list[1]], words[(int)list[2]], words[(int)list[3]]);
}

static const char *said(int mine)
{
	return mine < 0 ? "not known" : mine ? "mine alone" : "shared";
}

static void heavy_op(void *argument)
{
	int me = *(int *)argument;
	double work = lesson_real("work");
	const char *name = process_current_name();

	int before = page_is_mine();
	print("%s: page %s", name, said(before));
	long faults_before = faults();
	if (lesson_is("write", "on"))
		list[me] = 1; /* here the kernel copies the page */
	long faulted = faults() - faults_before;
	int after = page_is_mine();
	print("%s: page %s (page faults: %ld)", name, said(after), faulted);

	if (work > 0)
		clock_sleep(work);
	print_list(name);
	queue_put(queue, json_pack("{s:i, s:o, s:b}", "child", me, "list",
	                           what_is_in_it(), "copied",
	                           before == 0 && after == 1));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool write = lesson_is("write", "on");

	queue = queue_new("queue", 0);
	list[PAGE - 1] = 1; /* the page exists: this process made it */
	bool known = page_is_mine() >= 0;

	static const char *const names[CHILDREN] = {"child 0", "child 1",
	                                            "child 2", "child 3"};
	int numbers[CHILDREN] = {0, 1, 2, 3};
	struct process *processes[CHILDREN];
	for (int i = 0; i < CHILDREN; i++) {
		processes[i] = process_new(names[i], heavy_op, &numbers[i]);
		process_start(processes[i]);
	}

	/* They report in any order; main sorts the lists by their slots. */
	json_t *children = json_pack("[n, n, n, n]");
	int copied = 0;
	for (int i = 0; i < CHILDREN; i++) {
		json_t *report = queue_get(queue), *number =
			json_object_get(report, "child");
		json_array_set(children, (size_t)json_integer_value(number),
		               json_object_get(report, "list"));
		copied += json_is_true(json_object_get(report, "copied"));
		json_decref(report);
	}
	for (int i = 0; i < CHILDREN; i++)
		process_join(processes[i]);
	print_list("main");

	json_t *set = write ? json_true() : json_null();
	json_t *expected = json_pack(
		"[[O, n, n, n], [n, O, n, n], [n, n, O, n], [n, n, n, O]]",
		set, set, set, set);
	json_t *parent = what_is_in_it(), *none = json_pack("[n, n, n, n]");
	bool right = json_equal(children, expected) &&
	             json_equal(parent, none) &&
	             (!known || copied == (write ? CHILDREN : 0));
	lesson_outcome(right, write ? "four writers, four lists"
	                            : "nobody wrote, one page for all",
	               json_pack("{s:o, s:o, s:o}", "children", children,
	                         "parent", parent, "copied",
	                         known ? json_integer(copied) : json_null()),
	               json_pack("{s:o, s:o}", "children", expected, "parent",
	                         none));
	return lesson_end();
}
