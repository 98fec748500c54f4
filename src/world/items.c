/* SPDX-License-Identifier: MIT */
/* Lists of items, taken mostly at the head: there `items` only moves on in its storage. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "world/inside.h"

enum { FIRST_CAPACITY = 8 };

static void make_room(struct world_items *items)
{
	size_t taken = items->storage != NULL ? (size_t)(items->items - items->storage) : 0;
	if (taken > 0 && taken >= items->capacity / 2) {
		memmove(items->storage, items->items, items->count * sizeof *items->items);
	} else {
		size_t capacity = items->capacity == 0 ? FIRST_CAPACITY : items->capacity * 2;
		struct world_item *storage = memory_array(capacity, sizeof *storage);
		if (items->count > 0)
			memcpy(storage, items->items, items->count * sizeof *storage);
		free(items->storage);
		items->storage = storage;
		items->capacity = capacity;
	}
	items->items = items->storage;
}

void items_push(struct world_items *items, const struct world_item *item)
{
	if (items->storage == NULL || items->items + items->count == items->storage + items->capacity)
		make_room(items);
	items->items[items->count++] = *item;
}

size_t items_find(const struct world_items *items, uint32_t number)
{
	size_t at = 0;
	while (at < items->count && items->items[at].number != number)
		at++;
	return at;
}

struct world_item items_take(struct world_items *items, size_t at)
{
	struct world_item item = items->items[at];
	if (at > 0)
		memmove(items->items + 1, items->items, at * sizeof item);
	items->items++;
	items->count--;
	return item;
}

void items_copy(struct world_items *to, const struct world_items *from)
{
	*to = (struct world_items){0};
	if (from->count == 0)
		return;
	to->storage = memory_array(from->count, sizeof *to->storage);
	memcpy(to->storage, from->items, from->count * sizeof *to->storage);
	to->items = to->storage;
	to->count = to->capacity = from->count;
}

void items_release(struct world_items *items)
{
	free(items->storage);
	*items = (struct world_items){0};
}
