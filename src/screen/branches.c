/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BRANCHES_MAX = 32 }; /* the oldest goes when there are more */

static bool is_prefix(const struct schedule *shorter, const struct schedule *longer)
{
	return shorter->count <= longer->count &&
	       memcmp(shorter->choices, longer->choices, shorter->count * sizeof(*shorter->choices)) == 0;
}

static size_t common_steps(const struct schedule *a, const struct schedule *b)
{
	size_t steps = 0;

	while (steps < a->count && steps < b->count && a->choices[steps] == b->choices[steps])
		steps++;
	return steps;
}

static void remove_branch(struct session *session, size_t index)
{
	schedule_release(&session->branches[index].schedule);
	free(session->branches[index].name);
	session->branch_count--;
	memmove(&session->branches[index], &session->branches[index + 1],
		(session->branch_count - index) * sizeof(*session->branches));
}

static void remove_prefixes_of(struct session *session, const struct schedule *schedule)
{
	for (size_t i = session->branch_count; i-- > 0;)
		if (is_prefix(&session->branches[i].schedule, schedule))
			remove_branch(session, i);
}

void branches_clear(struct session *session)
{
	while (session->branch_count > 0)
		remove_branch(session, session->branch_count - 1);
	free(session->branches);
	session->branches = NULL;
}

static char *name_of_run(struct session *session)
{
	const struct run_result *result = run_result(session->run);
	struct text name = TEXT_INIT;

	if (result == NULL)
		return memory_copy_string("unfinished");
	outcome_label(&name, result);
	return text_detach(&name);
}

/* `name` is the branch's now. */
static void add_branch(struct session *session, const struct schedule *schedule, char *name)
{
	remove_prefixes_of(session, schedule);
	if (session->branch_count == BRANCHES_MAX)
		remove_branch(session, 0);
	session->branches = memory_resize(session->branches, session->branch_count + 1, sizeof(*session->branches));
	struct branch *branch = &session->branches[session->branch_count++];
	schedule_init(&branch->schedule);
	schedule_copy(&branch->schedule, schedule, schedule->count);
	branch->name = name;
}

void branches_keep_recorded(struct screen *screen, const struct schedule *schedule, const struct run_end *end)
{
	struct text name = TEXT_INIT;

	text_add(&name, "recorded: ");
	if (end != NULL)
		outcome_label(&name, end->result);
	else
		text_add(&name, "unfinished");
	add_branch(&screen->session, schedule, text_detach(&name));
}

void branches_keep(struct screen *screen, const struct schedule *schedule)
{
	struct session *session = &screen->session;

	if (schedule->count == 0)
		return;
	for (size_t i = 0; i < session->branch_count; i++)
		if (is_prefix(schedule, &session->branches[i].schedule))
			return;
	add_branch(session, schedule, name_of_run(session));
}

void branches_prepare(struct screen *screen)
{
	struct session *session = &screen->session;

	screen->scene.branches = NULL;
	screen->scene.branch_count = 0;
	if (session->run == NULL || !session->gated)
		return;
	const struct schedule *now = session->doing == DOING_RERUN ? &session->plan : run_schedule(session->run);
	remove_prefixes_of(session, now);
	session->shown_branches = memory_resize(session->shown_branches, session->branch_count + 1,
						sizeof(*session->shown_branches));
	for (size_t i = 0; i < session->branch_count; i++) {
		const struct branch *branch = &session->branches[i];
		session->shown_branches[i] = (struct scene_branch){
			.name = branch->name,
			.fork_step = common_steps(&branch->schedule, now),
			.steps = branch->schedule.count,
		};
	}
	screen->scene.branches = session->shown_branches;
	screen->scene.branch_count = session->branch_count;
}

void branches_enter(struct screen *screen, size_t index)
{
	struct session *session = &screen->session;
	struct schedule schedule;

	if (index >= session->branch_count || session->run == NULL || !session->gated)
		return;
	schedule_init(&schedule);
	schedule_copy(&schedule, &session->branches[index].schedule, session->branches[index].schedule.count);
	branches_keep(screen, run_schedule(session->run));
	screen->scene.ui.overlay = OVERLAY_NONE;
	rerun_start(screen, &schedule, schedule.count, NO_ACTOR);
	schedule_release(&schedule);
}
