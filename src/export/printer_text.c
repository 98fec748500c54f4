/* SPDX-License-Identifier: MIT */
/*
 * A line an event, for screen readers, pipes and logs: number, seconds, process (and thread, where
 * it is not the process's first), what happened, where in the source.
 */
#include <string.h>

#include "base/utf8.h"
#include "export/json.h"
#include "export/printer.h"
#include "world/narrative.h"

enum {
	NUMBER_COLUMNS = 6,
	SECONDS_COLUMNS = 4,
	WHO_COLUMNS = 15,
	CLAUSE_COLUMNS = 58, /* after it stands the place */
};

/* Blanks up to a column; a line is printed for every event, so nothing here asks printf. */
static void pad(struct text *out, size_t columns, size_t to)
{
	size_t blanks = columns < to ? to - columns : 0;

	memset(text_reserve(out, blanks), ' ', blanks);
	text_set_length(out, out->length + blanks);
}

enum { DIGITS_MAX = 20 };

/* The last digits of a number, at least `least` of them. Returns where they begin in `digits`. */
static size_t write_number(char digits[DIGITS_MAX], uint64_t number, size_t least)
{
	size_t at = DIGITS_MAX;

	for (; number != 0 || DIGITS_MAX - at < least; number /= 10)
		digits[--at] = (char)('0' + number % 10);
	return at;
}

static void add_number(struct text *out, uint64_t number, size_t least, size_t columns)
{
	char digits[DIGITS_MAX];
	size_t at = write_number(digits, number, least);

	pad(out, DIGITS_MAX - at, columns);
	text_add_bytes(out, digits + at, DIGITS_MAX - at);
}

static void add_id(struct text *out, int id)
{
	if (id < 0)
		text_add_char(out, '-');
	add_number(out, id < 0 ? -(uint64_t)id : (uint64_t)id, 1, 0);
}

static void print_output(const struct printer *printer, const struct wire_event *event, uint64_t index)
{
	size_t length;
	const char *text = history_text(printer->history, index, &length);

	text_add(printer->out, event->aux == 2 ? "   ! | " : "     | ");
	text_add_bytes(printer->out, text, length);
	text_add_char(printer->out, '\n');
}

static void print_who(const struct printer *printer, const struct wire_event *event)
{
	const struct world_actor *actor = world_actor(printer->world, event->actor);
	int pid = printer_pid(printer->world, event->actor), tid = actor != NULL ? actor->tid : 0;
	struct text *out = printer->out;
	size_t begin = out->length;

	add_id(out, pid);
	if (tid != 0 && tid != pid) {
		text_add_char(out, '/');
		add_id(out, tid);
	}
	pad(out, out->length - begin, WHO_COLUMNS);
	text_add_char(out, ' ');
}

static void print_event(struct printer *printer, uint64_t index)
{
	const struct wire_event *event = history_at(printer->history, index);
	struct place where = history_place(printer->history, event->place);
	struct text *out = printer->out;

	if (event->kind == EVENT_OUTPUT) {
		print_output(printer, event, index);
		return;
	}
	add_number(out, printer->events, 1, NUMBER_COLUMNS);
	text_add_char(out, ' ');
	add_number(out, event->time / 1000000000u, 1, SECONDS_COLUMNS);
	text_add_char(out, '.');
	add_number(out, event->time % 1000000000u / 1000u, 6, 0);
	text_add_bytes(out, "  ", 2);
	print_who(printer, event);
	size_t clause = out->length;
	narrative_event(out, printer->world, index);
	if (where.line != 0) {
		pad(out, utf8_columns(out->bytes + clause), CLAUSE_COLUMNS);
		text_add_bytes(out, "  ", 2);
		text_add(out, where.file);
		text_add_char(out, ':');
		add_number(out, where.line, 1, 0);
	}
	text_add_char(out, '\n');
}

static void print_head(struct printer *printer, const struct run_options *head)
{
	const struct settings *settings = head->settings;
	struct text *out = printer->out;

	text_printf(out, "%s: %s\n", settings->lesson->name, settings->lesson->title);
	text_add(out, "settings:");
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		text_printf(out, " %s=%s", settings->lesson->parameters[i].name, settings->values[i]);
	text_printf(out, "\nseed %llu, ", (unsigned long long)head->seed);
	if (head->gated)
		text_add(out, "step by step, in virtual time\n\n");
	else
		text_printf(out, "running freely at %g lesson seconds a second; the order is that of time stamps\n\n", head->speed);
}

/* json_add_value() puts a comma where one would be in an array. */
static void add_bare(struct text *out, const json_t *value)
{
	struct text bare = TEXT_INIT;

	json_add_value(&bare, NULL, value);
	text_add_bytes(out, bare.bytes, bare.length);
	text_release(&bare);
}

/* {"balance": 199} as "balance 199"; what is nested stays JSON. */
static void print_fields(struct text *out, const char *label, const json_t *object)
{
	union {
		const json_t *in;
		json_t *out;
	} fields = {.in = object};
	const char *separator = " ";

	if (object == NULL)
		return;
	text_add(out, label);
	for (void *at = json_object_iter(fields.out); at != NULL; at = json_object_iter_next(fields.out, at)) {
		const char *key = json_object_iter_key(at);

		text_add(out, separator);
		utf8_scrub(out, key, strlen(key), false);
		text_add_char(out, ' ');
		add_bare(out, json_object_iter_value(at));
		separator = ", ";
	}
	text_add_char(out, '\n');
}

static void print_tail(struct printer *printer, const struct run_end *tail)
{
	struct text *out = printer->out;

	text_add_char(out, '\n');
	print_fields(out, "outcome: ", tail->result->outcome);
	print_fields(out, "expected:", tail->result->expected);
	text_printf(out, "verdict:  %s (%s)\n", tail->result->verdict,
	            tail->result->ok ? "the run ended as this lesson says that it may"
	                             : "the run did not end as this lesson says that it may");
	if (tail->lost > 0)
		text_printf(out, "events lost: %llu\n", (unsigned long long)tail->lost);
	if (tail->schedule != NULL) {
		text_add(out, "schedule: ");
		schedule_print(tail->schedule, out);
		text_add_char(out, '\n');
	}
}

const struct printer_form PRINTER_TEXT = {
	.head = print_head,
	.event = print_event,
	.tail = print_tail,
};
