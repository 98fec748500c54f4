/* SPDX-License-Identifier: MIT */
#include "mp/lesson.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mp/fault.h"
#include "mp/lesson_describe.h"
#include "mp/process.h"
#include "mp/process_self.h"
#include "mp/thread_internal.h"
#include "probe/probe.h"

enum { STATUS_USAGE = 2 };

/* The lesson of this program, what its parameters are set to, and what came of it. */
static struct {
	const struct lesson *lesson;
	const char **values; /* in the order of its parameters */
	bool told;
	bool ok;
} running;

/* ---- parameters ---- */

static size_t parameter_count(const struct lesson *lesson)
{
	size_t count = 0;
	while (lesson->parameters != NULL && lesson->parameters[count].name != NULL)
		count++;
	return count;
}

/* The parameter's index, or -1. The name ends after `length` bytes. */
static int find(const struct lesson *lesson, const char *name, size_t length)
{
	for (size_t i = 0; i < parameter_count(lesson); i++)
		if (strlen(lesson->parameters[i].name) == length && memcmp(lesson->parameters[i].name, name, length) == 0)
			return (int)i;
	return -1;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);
	for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strcspn(at, "|") == length && memcmp(at, value, length) == 0)
			return true;
	}
	return false;
}

static bool is_number(const struct lesson_parameter *parameter, const char *value)
{
	char *end;
	errno = 0;
	double number = parameter->real ? strtod(value, &end) : (double)strtoll(value, &end, 10);
	return errno == 0 && end != value && *end == '\0' && isfinite(number) &&
	       number >= parameter->low && number <= parameter->high;
}

static bool fits(const struct lesson_parameter *parameter, const char *value)
{
	return parameter->choices != NULL ? is_choice(parameter->choices, value) : is_number(parameter, value);
}

/* "rounds takes a whole number from 1 to 1000" */
static void add_what_fits(struct text *text, const struct lesson_parameter *parameter)
{
	text_printf(text, "%s takes ", parameter->name);
	if (parameter->choices == NULL) {
		text_printf(text, "a %snumber from %.15g to %.15g", parameter->real ? "" : "whole ", parameter->low, parameter->high);
		return;
	}
	text_add(text, "one of");
	for (const char *at = parameter->choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		text_printf(text, " %.*s", (int)strcspn(at, "|"), at);
	}
}

static void add_names(struct text *text, const struct lesson *lesson)
{
	if (parameter_count(lesson) == 0)
		text_add(text, "this lesson has no parameters");
	else
		text_add(text, "the parameters are");
	for (size_t i = 0; i < parameter_count(lesson); i++)
		text_printf(text, "%s %s", i > 0 ? "," : "", lesson->parameters[i].name);
}

static _Noreturn void refuse(const char *argument, struct text *right)
{
	fprintf(stderr, "%s: %s: %s; --help tells more\n", program_invocation_short_name, argument, right->bytes);
	text_release(right);
	exit(STATUS_USAGE);
}

static void set(const struct lesson *lesson, const char *argument)
{
	struct text right = TEXT_INIT;
	const char *equals = strchr(argument, '=');
	if (equals == NULL) {
		text_add(&right, "an argument is NAME=VALUE; ");
		add_names(&right, lesson);
		refuse(argument, &right);
	}
	int index = find(lesson, argument, (size_t)(equals - argument));
	if (index < 0) {
		add_names(&right, lesson);
		refuse(argument, &right);
	}
	if (!fits(&lesson->parameters[index], equals + 1)) {
		add_what_fits(&right, &lesson->parameters[index]);
		refuse(argument, &right);
	}
	running.values[index] = equals + 1;
}

/* A default out of its own range is the author's mistake; it is found when the lesson is built. */
static void set_fallbacks(const struct lesson *lesson)
{
	running.values = memory_array(parameter_count(lesson), sizeof *running.values);
	for (size_t i = 0; i < parameter_count(lesson); i++) {
		const struct lesson_parameter *parameter = &lesson->parameters[i];
		struct text right = TEXT_INIT;
		running.values[i] = parameter->fallback;
		if (parameter->fallback != NULL && fits(parameter, parameter->fallback))
			continue;
		text_add(&right, "the lesson's own default does not fit: ");
		add_what_fits(&right, parameter);
		refuse(parameter->fallback != NULL ? parameter->fallback : parameter->name, &right);
	}
}

void lesson_begin(const struct lesson *lesson, int argc, char **argv)
{
	running.lesson = lesson;
	signal(SIGPIPE, SIG_IGN); /* as Python: a reader that is gone is an error, not an end */
	fault_watch();
	if (probe_on())
		setvbuf(stdout, NULL, _IOLBF, 0);
	set_fallbacks(lesson);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--describe") == 0 || strcmp(argv[i], "--help") == 0) {
			(argv[i][2] == 'd' ? lesson_describe : lesson_help)(lesson, stdout);
			exit(EXIT_SUCCESS);
		}
		set(lesson, argv[i]);
	}
}

static const char *value_of(const char *name)
{
	if (running.lesson == NULL)
		process_fail("lesson_begin() must come before all else: nothing is known of %s yet", name);
	int index = find(running.lesson, name, strlen(name));
	if (index < 0)
		process_fail("this lesson has no parameter named %s", name);
	return running.values[index];
}

long lesson_integer(const char *name)
{
	return strtol(value_of(name), NULL, 10);
}

double lesson_real(const char *name)
{
	return strtod(value_of(name), NULL);
}

const char *lesson_choice(const char *name)
{
	return value_of(name);
}

bool lesson_is(const char *name, const char *choice)
{
	return strcmp(value_of(name), choice) == 0;
}

/* ---- the end ---- */

static int send_result(json_t *result)
{
	char *json = json_dumps(result, JSON_COMPACT);
	int error = json == NULL ? -ENOMEM : probe_result(json, strlen(json));
	free(json);
	return error;
}

/* A result that is too long loses its outcome, and says so; the verdict always arrives. */
static void tell_result(json_t *result, const char *verdict, uint32_t place)
{
	if (send_result(result) != 0) {
		fprintf(stderr, "%s: the outcome is too long to be shown\n", program_invocation_short_name);
		json_object_set_new(result, "outcome", json_object());
		json_object_set_new(result, "expected", json_null());
		send_result(result);
	}
	probe_event_text(EVENT_RESULT, 0, running.ok, 0, 0, place, verdict, strlen(verdict));
}

void lesson_outcome(bool ok, const char *verdict, json_t *outcome, json_t *expected)
{
	running.told = true;
	running.ok = ok;
	json_t *result = json_pack("{s:b, s:s, s:o, s:o}", "ok", ok, "verdict", verdict,
	                           "outcome", outcome != NULL ? outcome : json_object(),
	                           "expected", expected != NULL ? expected : json_null());
	if (result == NULL)
		process_fail("the verdict is not UTF-8");
	if (probe_on())
		tell_result(result, verdict, PROBE_HERE());
	json_decref(result);
}

int lesson_end(void)
{
	PROBE_CALL();
	thread_join_all();
	process_finish();
	return running.told && running.ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
