/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "director/internal.h"
#include "world/world.h"

/* What the lesson told through the wire: {"ok", "verdict", "outcome", "expected"}, or NULL. */
static json_t *read_told(struct run *run)
{
	/* Pairs with the release store in probe_result(). */
	uint32_t length = atomic_load_explicit(&run->wire.header->result_length, memory_order_acquire);
	if (length == 0 || length > run->wire.geometry.result_bytes)
		return NULL;
	char *copy = memory_copy_bytes(run->wire.result, length);
	json_t *told = json_loadb(copy, length, 0, NULL);
	free(copy);
	if (told != NULL && !json_is_object(json_object_get(told, "outcome"))) {
		json_decref(told);
		return NULL;
	}
	return told;
}

static char *safe_copy(const char *string)
{
	struct text safe = TEXT_INIT;
	utf8_scrub(&safe, string, strlen(string), false);
	return text_detach(&safe);
}

/* Why there is no outcome, or none that counts. */
static char *describe_end(const struct run *run, enum run_state state, int status)
{
	struct text words = TEXT_INIT;
	if (state == RUN_DEADLOCK)
		text_add(&words, "deadlock");
	else if (run->result.timed_out)
		text_printf(&words, "time limit of %g s reached", limit_seconds(run));
	else if (WIFSIGNALED(status))
		text_printf(&words, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		text_printf(&words, "ended with exit status %d before it told an outcome", WEXITSTATUS(status));
	else
		text_add(&words, "ended without telling an outcome");
	return text_detach(&words);
}

static json_t *name_actors(const struct world *world, const uint16_t *actors, size_t count)
{
	json_t *names = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(names, json_string(world_actor_name(world, actors[i])));
	return names;
}

/* Everybody who waits, but the library's helpers: {"cycle": […], "stuck": […]}, by name. */
static json_t *describe_deadlock(const struct history *history)
{
	struct world *world = world_new(history);
	world_seek(world, history_count(history));
	uint16_t *actors = memory_array(world->actor_count, sizeof *actors);
	size_t cycle = world_wait_cycle(world, actors, world->actor_count);
	json_t *outcome = json_object();
	json_object_set_new(outcome, "cycle", name_actors(world, actors, cycle));
	size_t stuck = 0;
	for (size_t id = 0; id < world->actor_count; id++)
		if (world->actors[id].state == ACTOR_WAITING && world->actors[id].kind != ACTOR_HELPER)
			actors[stuck++] = (uint16_t)id;
	json_object_set_new(outcome, "stuck", name_actors(world, actors, stuck));
	free(actors);
	world_free(world);
	return outcome;
}

/* The lesson can tell no outcome any more; whether it may end so it said before. */
static void finish_deadlock(struct run *run)
{
	if (run->told == NULL)
		run->told = json_pack("{s:o}", "outcome", describe_deadlock(run->history));
	run->result.outcome = json_object_get(run->told, "outcome");
	run->result.ok = settings_may_deadlock(&run->settings);
}

/* A lesson that told its outcome and then did not end well did not end as it may. */
static bool ended_well(enum run_state state, int status)
{
	return state == RUN_ENDED && WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

void result_finish(struct run *run, enum run_state state, int exit_status)
{
	result_release(run);
	struct run_result *result = &run->result;
	run->told = read_told(run);
	result->exit_status = exit_status;
	result->timed_out = run->timed_out && WIFSIGNALED(exit_status); /* it may have ended just then */
	result->told = run->told != NULL;
	if (result->told) {
		result->outcome = json_object_get(run->told, "outcome");
		json_t *expected = json_object_get(run->told, "expected");
		result->expected = json_is_object(expected) ? expected : NULL;
	}
	const char *verdict = json_string_value(json_object_get(run->told, "verdict"));
	if (result->told && verdict != NULL && ended_well(state, exit_status)) {
		result->ok = json_is_true(json_object_get(run->told, "ok"));
		result->verdict = safe_copy(verdict);
	} else {
		result->verdict = describe_end(run, state, exit_status);
	}
	if (state == RUN_DEADLOCK)
		finish_deadlock(run);
	run->state = state;
	run->finished = true;
}

void result_release(struct run *run)
{
	free(run->result.verdict);
	json_decref(run->told);
	run->told = NULL;
	run->result = (struct run_result){0};
	run->finished = false;
}

const struct run_result *run_result(struct run *run)
{
	return run->finished ? &run->result : NULL;
}
