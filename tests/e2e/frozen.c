/* SPDX-License-Identifier: MIT */
#include "frozen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { FIRST_PID = 4711, PARENT_PID = FIRST_PID - 1, ACTORS_MAX = 256, INTENT_KEPT = 16 };

struct pids {
	int64_t of[ACTORS_MAX]; /* by actor: as the system gave it */
};

static bool tells_own_pid(const struct wire_event *event)
{
	return event->kind == EVENT_PROCESS_BEGIN || event->kind == EVENT_THREAD_BEGIN;
}

static void learn(struct pids *pids, const struct history *history)
{
	memset(pids, 0, sizeof *pids);
	for (uint64_t i = 0; i < history_count(history); i++) {
		const struct wire_event *event = history_at(history, i);
		if (tells_own_pid(event) && event->actor < ACTORS_MAX)
			pids->of[event->actor] = event->value;
		else if (event->kind == EVENT_PROCESS_START && event->aux < ACTORS_MAX)
			pids->of[event->aux] = event->value;
	}
}

static int64_t fixed(const struct pids *pids, int64_t pid)
{
	for (int actor = 0; actor < ACTORS_MAX; actor++)
		if (pids->of[actor] == pid && pid != 0)
			return FIRST_PID + actor;
	return PARENT_PID;
}

/* Whether the number at `at` is called a PID: "PID 123", "\"pid\": 123", "parent=123". Any other may look like one. */
static bool called_pid(const char *text, const char *at)
{
	static const char *const names[] = {"pid", "tid", "parent"};

	while (at > text && strchr("\":= ", at[-1]) != NULL)
		at--;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t length = strlen(names[i]);
		if ((size_t)(at - text) >= length && strncasecmp(at - length, names[i], length) == 0)
			return true;
	}
	return false;
}

static void add_fixed(const struct pids *pids, struct text *out, const char *text)
{
	const char *at = text;

	while (*at != '\0') {
		size_t digits = strspn(at, "0123456789");
		if (digits > 0 && called_pid(text, at))
			text_printf(out, "%lld", (long long)fixed(pids, strtoll(at, NULL, 10)));
		else
			text_add_bytes(out, at, digits > 0 ? digits : 1);
		at += digits > 0 ? digits : 1;
	}
}

static void copy_event(struct frozen *frozen, const struct pids *pids, const struct history *from, uint64_t index)
{
	struct wire_event event = *history_at(from, index);
	struct place place = history_place(from, event.place);
	struct text text = TEXT_INIT;
	size_t length;

	add_fixed(pids, &text, history_text(from, index, &length));
	if (tells_own_pid(&event) || event.kind == EVENT_PROCESS_START)
		event.value = fixed(pids, event.value);
	if (event.kind == EVENT_PROCESS_BEGIN)
		event.aux = (uint32_t)fixed(pids, event.aux);
	if (event.kind == EVENT_PRINT)
		event.value += (int64_t)text.length - (int64_t)length;
	history_set_place(frozen->history, event.place, &place);
	history_append(frozen->history, &event, text.bytes, text.length);
	text_release(&text);
}

static void copy_history(struct frozen *frozen, const struct pids *pids, const struct history *from)
{
	uint64_t steps = history_steps(from), step = 0;

	for (uint64_t i = 0; i < history_count(from); i++) {
		if (i == history_step_position(from, 0))
			history_begin_steps(frozen->history);
		copy_event(frozen, pids, from, i);
		while (step < steps && history_step_position(from, step + 1) == i + 1) {
			history_end_step(frozen->history);
			step++;
		}
	}
	if (history_step_position(from, 0) == history_count(from))
		history_begin_steps(frozen->history);
}

static bool tells_pid(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at >= '0' && *at <= '9' && called_pid(text, at))
			return true;
	return false;
}

/* An intent's text is short: how much of it there is, and whether it was cut, depends on how long the PID in it was. */
static void copy_about(struct frozen *frozen, const struct pids *pids, const struct scene *from)
{
	frozen->about = memory_array(from->about_count + 1, sizeof *frozen->about);
	for (size_t i = 0; i < from->about_count; i++) {
		struct about *about = &frozen->about[i];
		struct place place = history_place(from->history, from->about[i].place);
		struct text text = TEXT_INIT;
		*about = from->about[i];
		add_fixed(pids, &text, about->text);
		bool shorter = tells_pid(text.bytes) && text.length > INTENT_KEPT;
		if (shorter)
			about->flags |= EVENT_CUT;
		snprintf(about->text, sizeof about->text, "%.*s", shorter ? INTENT_KEPT : (int)sizeof about->text - 1, text.bytes);
		history_set_place(frozen->history, about->place, &place);
		text_release(&text);
	}
}

void frozen_init(struct frozen *frozen, const struct scene *scene)
{
	struct pids pids;

	*frozen = (struct frozen){.scene = *scene, .history = history_new(), .outcome = TEXT_INIT};
	learn(&pids, scene->history);
	copy_history(frozen, &pids, scene->history);
	copy_about(frozen, &pids, scene);
	add_fixed(&pids, &frozen->outcome, scene->run.outcome);
	frozen->world = world_new(frozen->history);
	world_seek(frozen->world, scene->ui.position);
	frozen->scene.history = frozen->history;
	frozen->scene.world = frozen->world;
	frozen->scene.about = frozen->about;
	frozen->scene.run.outcome = frozen->outcome.bytes;
}

void frozen_release(struct frozen *frozen)
{
	world_free(frozen->world);
	history_free(frozen->history);
	free(frozen->about);
	text_release(&frozen->outcome);
}
