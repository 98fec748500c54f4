/* SPDX-License-Identifier: MIT */
#include "world/place_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct place_entry {
	uint32_t key;
	struct place what;
};

enum { FIRST_CAPACITY = 32 };

void place_table_release(struct place_table *table)
{
	for (size_t i = 0; i < table->string_count; i++)
		free(table->strings[i]);
	free(table->strings);
	free(table->entries);
	*table = (struct place_table){0};
}

/* The entry of a key, or the free one where it belongs. There is always a free one. */
static struct place_entry *entry_of(struct place_entry *entries, size_t capacity, uint32_t key)
{
	size_t at = (key * UINT32_C(2654435769)) & (capacity - 1);
	while (entries[at].key != 0 && entries[at].key != key)
		at = (at + 1) & (capacity - 1);
	return &entries[at];
}

static void grow(struct place_table *table)
{
	size_t capacity = table->capacity == 0 ? FIRST_CAPACITY : table->capacity * 2;
	struct place_entry *entries = memory_array(capacity, sizeof *entries);
	for (size_t i = 0; i < table->capacity; i++)
		if (table->entries[i].key != 0)
			*entry_of(entries, capacity, table->entries[i].key) = table->entries[i];
	free(table->entries);
	table->entries = entries;
	table->capacity = capacity;
}

/* A program has few files and functions but many places: each name is kept once. */
static const char *keep_string(struct place_table *table, const char *string)
{
	if (string == NULL || string[0] == '\0')
		return "";
	for (size_t i = table->string_count; i > 0; i--)
		if (strcmp(table->strings[i - 1], string) == 0)
			return table->strings[i - 1];
	table->strings = memory_resize(table->strings, table->string_count + 1, sizeof *table->strings);
	return table->strings[table->string_count++] = memory_copy_string(string);
}

void place_table_set(struct place_table *table, uint32_t key, const struct place *what)
{
	if (key == 0)
		return;
	if (2 * (table->count + 1) > table->capacity)
		grow(table);
	struct place_entry *entry = entry_of(table->entries, table->capacity, key);
	if (entry->key == 0)
		table->count++;
	entry->key = key;
	entry->what.file = keep_string(table, what->file);
	entry->what.function = keep_string(table, what->function);
	entry->what.line = what->line;
}

const struct place *place_table_find(const struct place_table *table, uint32_t key)
{
	if (key == 0 || table->capacity == 0)
		return NULL;
	const struct place_entry *entry = entry_of(table->entries, table->capacity, key);
	return entry->key == key ? &entry->what : NULL;
}
