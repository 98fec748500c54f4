/* SPDX-License-Identifier: MIT */
#include "mp/finalize.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/books.h"

struct entry {
	struct entry *next;
	void (*function)(void *argument);
	void *argument;
	int priority;
};

/* Newest first; guarded by the books' lock. */
static struct entry *finalizers;
static struct entry *after_forks;

static void add(struct entry **list, void (*function)(void *), void *argument, int priority)
{
	struct entry *entry = memory_new(sizeof *entry);
	*entry = (struct entry){.function = function, .argument = argument, .priority = priority};
	books_lock();
	entry->next = *list;
	*list = entry;
	books_unlock();
}

static void drop(struct entry **list, void (*function)(void *), const void *argument)
{
	books_lock();
	while (*list != NULL && ((*list)->function != function || (*list)->argument != argument))
		list = &(*list)->next;
	struct entry *entry = *list;
	if (entry != NULL)
		*list = entry->next;
	books_unlock();
	free(entry);
}

void finalize_register(void (*function)(void *argument), void *argument, int priority)
{
	add(&finalizers, function, argument, priority);
}

void finalize_cancel(void (*function)(void *argument), void *argument)
{
	drop(&finalizers, function, argument);
}

void after_fork_register(void (*function)(void *argument), void *argument)
{
	add(&after_forks, function, argument, 0);
}

void after_fork_cancel(void (*function)(void *argument), void *argument)
{
	drop(&after_forks, function, argument);
}

/* Takes out the one that is next; NULL when there is none of that priority. */
static struct entry *take_next(int lowest)
{
	struct entry **best = NULL;
	books_lock();
	for (struct entry **at = &finalizers; *at != NULL; at = &(*at)->next)
		if ((*at)->priority >= lowest && (best == NULL || (*at)->priority > (*best)->priority))
			best = at;
	struct entry *entry = best != NULL ? *best : NULL;
	if (entry != NULL)
		*best = entry->next;
	books_unlock();
	return entry;
}

void finalize_run(int lowest)
{
	struct entry *entry;
	while ((entry = take_next(lowest)) != NULL) {
		entry->function(entry->argument);
		free(entry);
	}
}

/* They are not freed: pages that nobody writes to stay shared with the parent. */
void finalize_forget(void)
{
	finalizers = NULL;
}

/* In the order of registration, as in Python. The functions may register and cancel. */
void after_fork_run(void)
{
	size_t count = 0;
	if (after_forks == NULL)
		return;
	for (const struct entry *entry = after_forks; entry != NULL; entry = entry->next)
		count++;
	struct entry *copy = memory_array(count, sizeof *copy);
	size_t place = count;
	for (const struct entry *entry = after_forks; entry != NULL; entry = entry->next)
		copy[--place] = *entry;
	for (size_t i = 0; i < count; i++)
		copy[i].function(copy[i].argument);
	free(copy);
}
