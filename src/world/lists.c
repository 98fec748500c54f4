/* SPDX-License-Identifier: MIT */
/* The lists that an object has, of items and of tasks: a new one is a row of the table. */
#include <stddef.h>

#include "world/inside.h"

static const struct page_kind ITEMS = {.size = sizeof(struct world_item), .shift = 7};
static const struct page_kind TASKS = {.size = sizeof(struct world_task), .shift = 6};

static const struct list {
	size_t offset;
	const struct page_kind *kind;
} LISTS[] = {
	{offsetof(struct world_object, direction[0]), &ITEMS},
	{offsetof(struct world_object, direction[1]), &ITEMS},
	{offsetof(struct world_object, closers[0]), &ITEMS},
	{offsetof(struct world_object, closers[1]), &ITEMS},
	{offsetof(struct world_object, buffer), &ITEMS},
	{offsetof(struct world_object, in_pipe), &ITEMS},
	{offsetof(struct world_object, early), &ITEMS},
	{offsetof(struct world_object, requests), &ITEMS},
	{offsetof(struct world_object, answers), &ITEMS},
	{offsetof(struct world_object, tasks), &TASKS},
};
enum { LIST_COUNT = sizeof LISTS / sizeof *LISTS };

static struct pages *list_of(struct world_object *object, size_t number)
{
	return (struct pages *)(void *)((char *)object + LISTS[number].offset);
}

static const struct pages *list_in(const struct world_object *object, size_t number)
{
	return (const struct pages *)(const void *)((const char *)object + LISTS[number].offset);
}

void lists_init(struct world_object *object, size_t *held)
{
	for (size_t i = 0; i < LIST_COUNT; i++)
		pages_init(list_of(object, i), LISTS[i].kind, held);
}

void lists_share(struct world_object *to, const struct world_object *from)
{
	for (size_t i = 0; i < LIST_COUNT; i++)
		pages_share(list_of(to, i), list_in(from, i));
}

void lists_release(struct world_object *object)
{
	for (size_t i = 0; i < LIST_COUNT; i++)
		pages_release(list_of(object, i));
}

size_t lists_copy_bytes(const struct world_object *object)
{
	size_t bytes = 0;
	for (size_t i = 0; i < LIST_COUNT; i++)
		bytes += pages_copy_bytes(list_in(object, i));
	return bytes;
}

size_t lists_bytes(const struct world_object *object)
{
	size_t bytes = 0;
	for (size_t i = 0; i < LIST_COUNT; i++)
		bytes += pages_bytes(list_in(object, i));
	return bytes;
}
