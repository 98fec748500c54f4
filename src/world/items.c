/* SPDX-License-Identifier: MIT */
/* Lists of items, taken mostly at the head. */
#include "world/inside.h"

void items_push(struct pages *items, const struct world_item *item)
{
	struct world_item *added = pages_add(items);
	*added = *item;
}

size_t items_find(const struct pages *items, uint32_t number)
{
	size_t at = 0;
	while (at < items->count && world_item(items, at)->number != number)
		at++;
	return at;
}

/* Those before it move up. */
struct world_item items_take(struct pages *items, size_t at)
{
	struct world_item item = *world_item(items, at);
	for (; at > 0; at--) {
		struct world_item *next = pages_edit(items, at);
		*next = *world_item(items, at - 1);
	}
	pages_drop_first(items);
	return item;
}

void items_keep(struct pages *items, bool (*wanted)(const struct world_item *item, const void *context), const void *context)
{
	size_t kept = 0;
	for (size_t i = 0; i < items->count; i++) {
		const struct world_item *item = world_item(items, i);
		if (!wanted(item, context))
			continue;
		if (kept < i)
			*(struct world_item *)pages_edit(items, kept) = *item;
		kept++;
	}
	pages_cut(items, kept);
}
