/* SPDX-License-Identifier: MIT */
/*
 * Search: an event matches when each word of the pattern is in its operation's name, in its actor's or
 * object's name, or in its text, or is the number that it read, wrote, drew, …; case does not matter.
 * "=199" is the number, or stands so in a text; "balance=199" is two words. Histories may be long and grow: they are looked through in slices, and what
 * each kind, actor and object amounts to is worked out once.
 */
#include "screen/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BATCH = 4096 }; /* events between two looks at the clock */

/* The kinds whose number means something to a reader. */
static const bool NUMBERS[EVENT_KIND_COUNT] = {
	[EVENT_VALUE_READ] = true,      [EVENT_VALUE_WRITE] = true,    [EVENT_ARRAY_READ] = true,
	[EVENT_ARRAY_WRITE] = true,     [EVENT_RANDOM_DRAW] = true,    [EVENT_SEMAPHORE_VALUE] = true,
	[EVENT_QUEUE_QSIZE] = true,     [EVENT_RLOCK_ACQUIRE] = true,  [EVENT_RLOCK_RELEASE] = true,
	[EVENT_PROCESS_EXIT] = true,    [EVENT_PROCESS_JOIN] = true,   [EVENT_KILLED] = true,
	[EVENT_PROCESS_START] = true,   [EVENT_PROCESS_BEGIN] = true,  [EVENT_PROCESS_REAP] = true,
};

/* ---- words ---- */

static bool contains(const struct search_word *word, const char *text)
{
	return word->text[0] != '\0' && strcasestr(text, word->text) != NULL;
}

static void read_number(struct search_word *word, const char *digits)
{
	char *end;

	word->number = strtod(digits, &end);
	word->is_number = end != digits && *end == '\0' && isfinite(word->number);
}

static void add_word(struct search *search, const char *bytes, size_t length)
{
	struct search_word *word = &search->words[search->word_count];

	if (length >= sizeof(word->text))
		length = sizeof(word->text) - 1;
	*word = (struct search_word){0};
	memcpy(word->text, bytes, length);
	read_number(word, word->text + (word->text[0] == '='));
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		word->kinds[kind] = contains(word, event_kind_info(kind)->op);
	search->word_count++;
}

static void split_pattern(struct search *search)
{
	const char *at = search->pattern.bytes;

	search->word_count = 0;
	while (*(at += strspn(at, " ")) != '\0' && search->word_count < SEARCH_WORDS) {
		size_t length = 1 + strcspn(at + 1, " =");
		add_word(search, at, length);
		at += length;
	}
}

/* ---- names ---- */

static uint8_t *reserve(uint8_t *table, size_t *count, size_t id)
{
	if (id < *count)
		return table;
	size_t grown = id * 2 + 64;
	table = memory_resize(table, grown, sizeof(*table));
	memset(table + *count, 0, grown - *count);
	*count = grown;
	return table;
}

/* Which words are in a name, a bit a word. */
static uint8_t words_in(const struct search *search, const char *name)
{
	uint8_t words = 0;

	for (size_t i = 0; i < search->word_count; i++)
		words |= (uint8_t)(contains(&search->words[i], name) << i);
	return words;
}

static void learn_actor(struct search *search, size_t id, const char *name)
{
	search->actors = reserve(search->actors, &search->actor_count, id);
	search->actors[id] = words_in(search, name);
}

static void learn_object(struct search *search, size_t id, const char *name)
{
	search->objects = reserve(search->objects, &search->object_count, id);
	search->objects[id] = words_in(search, name);
}

/* Names are told by events; they come before whatever else the named one does. */
static void learn_names(struct search *search, const struct wire_event *event, const char *text)
{
	if (event->kind == EVENT_OBJECT_NEW)
		learn_object(search, event->object, text);
	else if (event->kind == EVENT_PROCESS_BEGIN || event->kind == EVENT_THREAD_BEGIN)
		learn_actor(search, event->actor, text);
	else if (event->kind == EVENT_PROCESS_START || event->kind == EVENT_THREAD_START)
		learn_actor(search, event->aux, text);
}

/* ---- events ---- */

static bool has_number(const struct search_word *word, const struct wire_event *event)
{
	return word->is_number && event->kind < EVENT_KIND_COUNT && NUMBERS[event->kind] &&
	       (event->flags & EVENT_REAL ? wire_event_real(event) : (double)event->value) == word->number;
}

static bool matches(const struct search *search, const struct wire_event *event, const char *text)
{
	uint8_t names = 0;

	if (event->actor < search->actor_count)
		names |= search->actors[event->actor];
	if (event->object < search->object_count)
		names |= search->objects[event->object];
	for (size_t i = 0; i < search->word_count; i++) {
		const struct search_word *word = &search->words[i];
		bool kind = event->kind < EVENT_KIND_COUNT && word->kinds[event->kind];
		if (!kind && (names >> i & 1) == 0 && !has_number(word, event) && !(event->text > 0 && contains(word, text)))
			return false;
	}
	return search->word_count > 0;
}

static void add_match(struct search *search, uint64_t position)
{
	if (search->count == search->capacity) {
		search->capacity = search->capacity * 2 + 256;
		search->matches = memory_resize(search->matches, search->capacity, sizeof(*search->matches));
	}
	search->matches[search->count++] = position;
}

static void look_at(struct screen *screen, uint64_t index)
{
	struct search *search = &screen->search;
	const struct history *history = session_history(screen);
	const struct wire_event *event = history_at(history, index);
	const char *text = event->text > 0 ? history_text(history, index, NULL) : "";

	learn_names(search, event, text);
	if (matches(search, event, text))
		add_match(search, index + 1);
}

/* ---- telling ---- */

/* How many matches lie at or before a position. */
static size_t matches_until(const struct search *search, uint64_t position)
{
	size_t low = 0, high = search->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (search->matches[middle] <= position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t position_shown(struct screen *screen)
{
	return past_shown(screen) ? screen->scene.ui.position : history_count(session_history(screen));
}

static void tell(struct screen *screen, size_t number)
{
	const struct search *search = &screen->search;
	bool more = search->scanned < history_count(session_history(screen));

	screen_message(screen, "match %zu of %zu%s for \"%s\"", number, search->count, more ? "…" : "",
		       search->pattern.bytes);
}

static void go_to_match(struct screen *screen, size_t index)
{
	past_go(screen, screen->search.matches[index]);
	tell(screen, index + 1);
}

/* ---- the learner's side ---- */

void search_open(struct screen *screen)
{
	search_clear(screen);
	screen->search.origin = position_shown(screen);
	input_prompt(screen, PROMPT_SEARCH, "");
}

/* The pattern, or the history under it, is another one: everything is looked at anew. */
void search_changed(struct screen *screen)
{
	struct search *search = &screen->search;
	bool typing = screen->prompt_kind == PROMPT_SEARCH;

	search->scanned = 0;
	search->count = 0;
	search->jump = typing;
	free(search->actors);
	free(search->objects);
	search->actors = search->objects = NULL;
	search->actor_count = search->object_count = 0;
	split_pattern(search);
	if (search->word_count > 0)
		learn_actor(search, 0, "MainProcess");
}

void search_clear(struct screen *screen)
{
	text_reset(&screen->search.pattern);
	search_changed(screen);
	screen->dirty = true;
}

void search_release(struct search *search)
{
	free(search->actors);
	free(search->objects);
	free(search->matches);
	text_release(&search->pattern);
	memset(search, 0, sizeof(*search));
}

void search_next(struct screen *screen, int direction)
{
	const struct search *search = &screen->search;

	if (search->pattern.length == 0) {
		screen_message(screen, "nothing is searched for: / starts a search");
		return;
	}
	if (search->count == 0) {
		screen_message(screen, "no match for \"%s\"", search->pattern.bytes);
		return;
	}
	uint64_t position = position_shown(screen);
	size_t until = matches_until(search, position);
	bool on_match = until > 0 && search->matches[until - 1] == position;
	if (direction > 0 && until < search->count)
		go_to_match(screen, until);
	else if (direction < 0 && until > (on_match ? 1u : 0u))
		go_to_match(screen, until - (on_match ? 2 : 1));
	else
		screen_message(screen, "no match %s this one (%zu in all)", direction > 0 ? "after" : "before", search->count);
}

/* It has been said while the pattern was typed; the key that ends it wiped that away. */
void search_accepted(struct screen *screen, const char *typed)
{
	const struct search *search = &screen->search;

	(void)typed;
	if (search->pattern.length == 0 || search->jump)
		return;
	if (search->count == 0)
		screen_message(screen, "no match for \"%s\"", search->pattern.bytes);
	else
		tell(screen, matches_until(search, position_shown(screen)));
}

/* While the pattern is being typed: the first match from where the learner was, else the last before it. */
static void jump_if_found(struct screen *screen, bool finished)
{
	struct search *search = &screen->search;
	size_t before = matches_until(search, search->origin > 0 ? search->origin - 1 : 0);

	if (!search->jump || (before == search->count && !finished))
		return;
	search->jump = false;
	if (search->count == 0) {
		past_go(screen, search->origin);
		screen_message(screen, "no match for \"%s\"", search->pattern.bytes);
	} else {
		go_to_match(screen, before < search->count ? before : search->count - 1);
	}
}

uint64_t search_work(struct screen *screen)
{
	struct search *search = &screen->search;

	if (search->pattern.length == 0 || screen->session.lesson == NULL)
		return NEVER;
	uint64_t count = history_count(session_history(screen));
	uint64_t end = screen_now(screen) + SLICE_MS * MILLISECOND;
	while (search->scanned < count && (search->scanned % BATCH != 0 || screen_now(screen) < end))
		look_at(screen, search->scanned++);
	jump_if_found(screen, search->scanned == count);
	return search->scanned < count ? 0 : NEVER;
}
