/* SPDX-License-Identifier: MIT */
#include "support/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ACTORS = 5, OBJECTS = 6, PLACES = 9 };

/* ---- a lesson ---- */

static struct catalog_lesson make_lesson(char *path)
{
	static char name[] = "bank-race", chapter[] = "Taking turns", title[] = "A race", summary[] = "Two race — über ½.",
	            outcome[] = "balance", right[] = "200", step[] = "rounds=5 window=0", may[] = "lock=on";
	static char off[] = "off", on[] = "on", help[] = "what it does", hundred[] = "100", small[] = "0.05";
	static char lock[] = "lock", rounds[] = "rounds", window[] = "window";
	static char fast[] = "fast", fast_settings[] = "window=0", fast_says[] = "No window.";
	static char *choices[] = {off, on, NULL};
	static struct catalog_parameter parameters[] = {
		{.name = lock, .help = help, .fallback = off, .choices = choices},
		{.name = rounds, .help = help, .fallback = hundred, .low = 1, .high = 1000},
		{.name = window, .help = help, .fallback = small, .low = 0, .high = 1, .real = true},
	};
	static struct catalog_variant variants[] = {{.name = fast, .settings = fast_settings, .says = fast_says}};

	return (struct catalog_lesson){
		.name = name, .chapter = chapter, .title = title, .summary = summary, .outcome = outcome, .right = right,
		.step_settings = step, .may_deadlock = may, .source = path, .text = path,
		.parameters = parameters, .parameter_count = 3, .variants = variants, .variant_count = 1,
	};
}

static struct run_options choose(struct settings *settings, const struct catalog_lesson *lesson)
{
	struct text problem = TEXT_INIT;

	settings_init(settings, lesson, true);
	assert_int_equal(settings_set(settings, "lock=on", &problem), 0);
	text_release(&problem);
	return (struct run_options){.settings = settings, .seed = 7, .gated = true, .speed = 1.0};
}

/* ---- histories ---- */

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t chance(struct made *made)
{
	uint64_t z = (made->chance += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void made_init(struct made *made, uint64_t seed)
{
	*made = (struct made){.history = history_new(), .chance = seed};
	made->schedule = (struct schedule){.seed = 7, .has_seed = true};
}

void made_release(struct made *made)
{
	history_free(made->history);
	schedule_release(&made->schedule);
}

static void tell(struct made *made, struct wire_event event, const char *text)
{
	event.time = made->time;
	history_append(made->history, &event, text, text != NULL ? strlen(text) : 0);
}

static uint32_t place_of(unsigned int number)
{
	return 0x1000u + 37u * number;
}

void made_begin(struct made *made)
{
	char name[32];

	for (unsigned int i = 0; i < PLACES; i++) {
		snprintf(name, sizeof name, "function_%u", i % 4);
		const struct place place = {.file = "lesson.c", .function = name, .line = 10 + i};
		history_set_place(made->history, place_of(i), &place);
	}
	tell(made, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .value = 4711}, "MainProcess");
	for (uint16_t i = 1; i <= OBJECTS; i++) {
		snprintf(name, sizeof name, "object %u", i);
		struct wire_event event = {.kind = EVENT_OBJECT_NEW, .object = i, .aux = OBJECT_VALUE, .value = 200 - 100 * i};
		tell(made, event, name);
	}
	for (uint16_t i = 1; i < ACTORS; i++) {
		snprintf(name, sizeof name, "Prozeß-%u", i);
		struct wire_event start = {.kind = EVENT_PROCESS_START, .aux = i, .value = 4711 + i, .place = place_of(i)};
		struct wire_event begin = {.kind = EVENT_PROCESS_BEGIN, .actor = i, .aux = 4711, .value = 4711 + i};
		tell(made, start, name);
		tell(made, begin, name);
	}
	history_begin_steps(made->history);
}

static void tell_something(struct made *made, uint16_t actor)
{
	uint64_t luck = chance(made);
	struct wire_event event = {
		.actor = actor,
		.kind = (luck & 1) != 0 ? EVENT_VALUE_WRITE : EVENT_VALUE_READ,
		.object = (uint16_t)(1 + (luck >> 1) % OBJECTS),
		.value = (int64_t)(luck >> 8) % 1000,
		.place = place_of((unsigned int)(luck >> 20) % PLACES),
		.flags = (luck >> 30) % 8 == 0 ? EVENT_LOCKED : 0,
	};

	if ((luck >> 33) % 16 == 0)
		event.value = (int64_t)chance(made);
	made->time += (luck >> 40) % 300;
	tell(made, event, NULL);
	if ((luck >> 50) % 16 == 0)
		tell(made, (struct wire_event){.actor = actor, .kind = EVENT_OUTPUT, .aux = 1}, "balance: ½ → 200");
}

void made_steps(struct made *made, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		uint16_t actor = (uint16_t)(chance(made) % ACTORS);

		schedule_add(&made->schedule, actor);
		for (uint64_t events = chance(made) % 4; events > 0; events--)
			tell_something(made, actor);
		history_end_step(made->history);
	}
}

/* ---- a recording of it ---- */

const char BED_SOURCE[] = "int main(void)\n{\n\treturn 0; /* \x1b[31m */\n}\n";

int bed_set_up(void **state)
{
	struct bed *bed = calloc(1, sizeof *bed);

	strcpy(bed->folder, "/tmp/lockstep.XXXXXX");
	assert_non_null(mkdtemp(bed->folder));
	snprintf(bed->file, sizeof bed->file, "%s/run.lockstep", bed->folder);
	snprintf(bed->source, sizeof bed->source, "%s/lesson.c", bed->folder);
	bed_put_file(bed->source, BED_SOURCE, strlen(BED_SOURCE));
	bed->lesson = make_lesson(bed->source);
	bed->options = choose(&bed->settings, &bed->lesson);
	made_init(&bed->made, 1);
	text_init(&bed->problem);
	*state = bed;
	return 0;
}

int bed_tear_down(void **state)
{
	struct bed *bed = *state;

	unlink(bed->file);
	unlink(bed->source);
	assert_int_equal(rmdir(bed->folder), 0);
	made_release(&bed->made);
	settings_release(&bed->settings);
	text_release(&bed->problem);
	free(bed);
	return 0;
}

struct recorder *bed_begin(struct bed *bed)
{
	struct recorder *recorder = recorder_new(bed->file, &bed->options, &bed->problem);

	assert_string_equal(bed->problem.bytes, "");
	assert_non_null(recorder);
	return recorder;
}

struct recording *bed_open(struct bed *bed)
{
	struct recording *recording = recording_open(bed->file, &bed->problem);

	assert_string_equal(bed->problem.bytes, "");
	assert_non_null(recording);
	return recording;
}

struct recording *bed_read_all(struct bed *bed)
{
	struct recording *recording = bed_open(bed);

	assert_true(recording_load(recording, UINT64_MAX));
	assert_string_equal(recording_damage(recording), "");
	assert_true(recording_loaded(recording) == 1);
	return recording;
}

void bed_record(struct bed *bed, unsigned int steps, unsigned int a_block)
{
	char verdict[] = "lost update";
	struct run_result result = {.told = true, .ok = true, .verdict = verdict, .outcome = json_pack("{s:i}", "balance", 199)};
	struct run_end end = {.result = &result, .schedule = &bed->made.schedule};
	struct recorder *recorder = bed_begin(bed);

	made_begin(&bed->made);
	for (unsigned int done = 0; done < steps; done += a_block) {
		made_steps(&bed->made, a_block);
		assert_int_equal(recorder_follow(recorder, bed->made.history, &bed->made.schedule, true), 0);
	}
	assert_int_equal(recorder_finish(recorder, bed->made.history, &end), 0);
	recorder_free(recorder);
	json_decref(result.outcome);
}

void bed_take_file(struct text *bytes, const char *path)
{
	char some[4096];
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	text_reset(bytes);
	for (size_t got; (got = fread(some, 1, sizeof some, file)) > 0;)
		text_add_bytes(bytes, some, got);
	fclose(file);
}

void bed_put_file(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* ---- comparing ---- */

static bool differ(const char *what, uint64_t number)
{
	fprintf(stderr, "%s %llu differs\n", what, (unsigned long long)number);
	return false;
}

static bool same_event(const struct history *expected, const struct history *found, uint64_t index)
{
	size_t length, length_found;
	const char *text = history_text(expected, index, &length);
	const char *text_found = history_text(found, index, &length_found);

	return memcmp(history_at(expected, index), history_at(found, index), sizeof(struct wire_event)) == 0 &&
	       length == length_found && strcmp(text, text_found) == 0;
}

static bool same_place(const struct history *expected, const struct history *found, uint32_t number)
{
	struct place place = history_place(expected, number), place_found = history_place(found, number);

	return history_has_place(expected, number) == history_has_place(found, number) &&
	       strcmp(place.file, place_found.file) == 0 && strcmp(place.function, place_found.function) == 0 &&
	       place.line == place_found.line;
}

bool same_history(const struct history *expected, const struct history *found)
{
	if (history_count(expected) != history_count(found))
		return differ("the number of events,", history_count(found));
	for (uint64_t i = 0; i < history_count(expected); i++) {
		if (!same_event(expected, found, i))
			return differ("event", i);
		if (!same_place(expected, found, history_at(expected, i)->place))
			return differ("the place of event", i);
	}
	if (history_steps(expected) != history_steps(found))
		return differ("the number of steps,", history_steps(found));
	for (uint64_t i = 0; i <= history_steps(expected); i++)
		if (history_step_position(expected, i) != history_step_position(found, i))
			return differ("the end of step", i);
	return true;
}

bool same_schedule(const struct schedule *expected, const struct schedule *found)
{
	if (expected->seed != found->seed || expected->has_seed != found->has_seed || expected->count != found->count)
		return differ("the number of choices,", found->count);
	for (size_t i = 0; i < expected->count; i++)
		if (expected->choices[i] != found->choices[i])
			return differ("choice", i);
	return true;
}

void assert_same_history(const struct history *expected, const struct history *found)
{
	assert_true(same_history(expected, found));
}

void assert_same_schedule(const struct schedule *expected, const struct schedule *found)
{
	assert_true(same_schedule(expected, found));
}
