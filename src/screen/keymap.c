/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

#include "base/utf8.h"

static const struct {
	const char *name;
	uint32_t key;
} NAMES[] = {
	{"space", ' '},
	{"enter", TERM_KEY_ENTER},
	{"esc", TERM_KEY_ESCAPE},
	{"tab", TERM_KEY_TAB},
	{"up", TERM_KEY_UP},
	{"down", TERM_KEY_DOWN},
	{"left", TERM_KEY_LEFT},
	{"right", TERM_KEY_RIGHT},
	{"pgup", TERM_KEY_PAGE_UP},
	{"pgdn", TERM_KEY_PAGE_DOWN},
	{"home", TERM_KEY_HOME},
	{"end", TERM_KEY_END},
	{"backspace", TERM_KEY_BACKSPACE},
};

static const struct {
	enum action action;
	const char *keys;
} ROWS[] = {
#define X(action, keys, label, group, help) {action, keys},
	KEY_TABLE(X)
#undef X
};

/* The key that a name of the table stands for: "up", "^L", or the character itself. */
static uint32_t key_named(const char *name, size_t length)
{
	uint32_t character;

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strlen(NAMES[i].name) == length && memcmp(NAMES[i].name, name, length) == 0)
			return NAMES[i].key;
	if (length == 2 && name[0] == '^')
		return (uint32_t)(name[1] & 0x1f);
	utf8_decode(name, length, &character);
	return character;
}

static bool row_has(const char *keys, uint32_t key)
{
	while (*keys != '\0') {
		size_t length = strcspn(keys, " ");
		if (key_named(keys, length) == key)
			return true;
		keys += length;
		keys += strspn(keys, " ");
	}
	return false;
}

enum action keymap_find(uint32_t key)
{
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		if (row_has(ROWS[i].keys, key))
			return ROWS[i].action;
	return ACTION_NONE;
}

uint32_t keymap_key(const char *name)
{
	size_t length = strlen(name);
	uint32_t character, key = key_named(name, length);

	return key < TERM_KEY_UP && key >= ' ' && key != ' ' && utf8_decode(name, length, &character) != length ? 0 : key;
}

void keymap_name(struct text *out, uint32_t key)
{
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (NAMES[i].key == key) {
			text_add(out, NAMES[i].name);
			return;
		}
	if (key < ' ')
		text_printf(out, "^%c", (char)(key | 0x40));
	else if (key < TERM_KEY_UP)
		text_add_unicode(out, key);
}
