/* SPDX-License-Identifier: MIT */
/* Small words: numbers, times, names, and how somebody stands. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "world/narrative_inside.h"

enum { SIGNALS = 64 }; /* signal(7) */

/* ---- numbers ---- */

/* The locale's decimal point, whatever its bytes, as a point. */
static void use_point(char *digits)
{
	char *to = digits;
	for (const char *from = digits; *from != '\0'; from++)
		if (strchr("0123456789+-einfa", *from) != NULL)
			*to++ = *from;
		else if (to == digits || to[-1] != '.')
			*to++ = '.';
	*to = '\0';
}

/* The shortest digits that give the same double again. */
static void shortest(char *buffer, double real)
{
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(buffer, NUMBER_MAX, "%.*g", digits, real);
		if (strtod(buffer, NULL) == real)
			break;
	}
	use_point(buffer);
	if (strpbrk(buffer, ".enif") == NULL)
		strcat(buffer, ".0"); /* at most 17 digits so far */
}

const char *number_string(char *buffer, int64_t value, bool real)
{
	struct wire_event event = {.value = value, .flags = EVENT_REAL};
	if (real)
		shortest(buffer, wire_event_real(&event));
	else
		snprintf(buffer, NUMBER_MAX, "%" PRId64, value);
	return buffer;
}

static bool ends_with(const struct text *text, const char *end)
{
	size_t length = strlen(end);

	return text->length >= length && strcmp(text->bytes + text->length - length, end) == 0;
}

void narrative_full_stop(struct text *out)
{
	while (ends_with(out, " "))
		text_set_length(out, out->length - 1);
	if (!ends_with(out, "…") && !ends_with(out, ".") && !ends_with(out, "!") && !ends_with(out, "?"))
		text_add_char(out, '.');
}

void narrative_number(struct text *out, int64_t value, bool real)
{
	char buffer[NUMBER_MAX];
	text_add(out, number_string(buffer, value, real));
}

/* ---- times: by integers, so that no locale has a say ---- */

enum { MICROSECOND = 1000, MILLISECOND = 1000000, SECOND = 1000000000 };

void add_seconds(struct text *out, uint64_t ns)
{
	char fraction[8];
	snprintf(fraction, sizeof fraction, "%06u", (unsigned int)(ns % SECOND / MICROSECOND));
	size_t length = strlen(fraction);
	while (length > 0 && fraction[length - 1] == '0')
		fraction[--length] = '\0';
	text_printf(out, "%" PRIu64 "%s%s s", ns / SECOND, length > 0 ? "." : "", fraction);
}

void add_clock(struct text *out, uint64_t ns)
{
	text_printf(out, "%" PRIu64 ".%03u s", ns / SECOND, (unsigned int)(ns % SECOND / MILLISECOND));
}

/* ---- names ---- */

/* Any other number is none that the machine has sent: a damaged recording. */
void add_signal(struct text *out, int64_t exit_code)
{
	int number = exit_code >= -SIGNALS ? (int)-exit_code : 0;
	const char *name = sigabbrev_np(number);
	if (name != NULL)
		text_printf(out, "SIG%s", name);
	else
		text_printf(out, "signal %d", number);
}

/* "a", "a and b", "a, b and c", "a, b and 7 more". */
void add_names(struct text *out, const struct world *world, const uint16_t *actors, size_t count, size_t total)
{
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == total;
		text_add(out, i == 0 ? "" : last ? " and " : ", ");
		text_add(out, world_actor_name(world, actors[i]));
	}
	if (total > count)
		text_printf(out, " and %zu more", total - count);
}

void add_count(struct text *out, uint64_t count, const char *one, const char *many)
{
	text_printf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

void add_message(struct text *out, const char *text, bool cut)
{
	size_t fits = utf8_fit(text, MESSAGE_COLUMNS);
	text_add_bytes(out, text, fits);
	if (cut || text[fits] != '\0')
		text_add(out, "…");
}

/* ---- how somebody stands ---- */

static void add_lock_wait(struct text *out, const struct world *world, const struct world_actor *actor,
                          const struct world_object *lock)
{
	text_printf(out, "waits for %s, ", lock->name);
	if (lock->holder == WORLD_NO_ACTOR)
		text_add(out, "which is free now");
	else if (lock->holder == actor->id)
		text_add(out, "which it holds itself");
	else
		text_printf(out, "held by %s", world_actor_name(world, lock->holder));
}

void add_wait(struct text *out, const struct world *world, const struct world_actor *actor)
{
	const struct world_object *object = world_object(world, actor->object);
	if (actor->waits_for != WORLD_NO_ACTOR) {
		text_printf(out, "waits until %s ends", world_actor_name(world, actor->waits_for));
		return;
	}
	if (object == NULL) {
		text_add(out, "waits");
		return;
	}
	if (object->kind == OBJECT_LOCK || object->kind == OBJECT_RLOCK || object->holder != WORLD_NO_ACTOR) {
		add_lock_wait(out, world, actor, object);
		return;
	}
	text_printf(out, "%s %s", event_kind_info(actor->last_kind)->words, object->name);
	if (object->kind == OBJECT_BARRIER && actor->since_event >= object->turned)
		text_printf(out, ", %u of %u are there", object->arrived, object->parameter);
}

static void add_end(struct text *out, const struct world *world, const struct world_actor *actor)
{
	bool zombie = world_is_zombie(world, actor->id);
	if (actor->kind != ACTOR_PROCESS) {
		text_add(out, "ended");
	} else if (actor->vanished) {
		text_add(out, "gone, nobody knows how");
	} else if (actor->killed) {
		text_add(out, zombie ? "zombie, killed by " : "killed by ");
		add_signal(out, actor->exit_code);
	} else {
		text_printf(out, "%s, exit code %d", zombie ? "zombie" : "exited", actor->exit_code);
	}
}

void narrative_state(struct text *out, const struct world *world, unsigned int id)
{
	const struct world_actor *actor = world_actor(world, id);
	switch (actor == NULL ? ACTOR_NONE : actor->state) {
	case ACTOR_NONE:
		text_add(out, "not there yet");
		break;
	case ACTOR_WAITING:
		add_wait(out, world, actor);
		break;
	case ACTOR_SLEEPING:
		text_add(out, "asleep until ");
		add_clock(out, actor->deadline);
		break;
	case ACTOR_BEGINNING:
		text_add(out, "about to begin");
		break;
	case ACTOR_EXITED:
		add_end(out, world, actor);
		break;
	default:
		text_add(out, "running");
		break;
	}
}
