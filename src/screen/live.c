/* SPDX-License-Identifier: MIT */
/*
 * From a recording back to real processes: the installed lesson is led along the recorded choices.
 * Either up to the position shown, and from there the learner chooses; or along all of them, and each
 * event is compared with the recorded one as it comes.
 */
#include "screen/internal.h"

#include "recording/installed.h"

/* What the learner looked at stays in view. */
static void keep_view(struct screen *screen, const struct ui *before)
{
	struct ui *ui = screen_ui(screen);

	ui->selected = before->selected;
	ui->side = before->side;
	ui->focus = before->focus;
	ui->unfolded = before->unfolded;
	ui->zoom = before->zoom;
}

/* The lesson of the recording, opened for real, on its way along the first `steps` choices. */
static bool run_along(struct screen *screen, struct recording *recording, size_t steps)
{
	struct text problem = TEXT_INIT, remark = TEXT_INIT;
	struct settings settings;
	struct ui before = screen->scene.ui;
	const struct catalog_lesson *lesson =
		installed_find(recording, screen->options->catalog, &settings, &problem, &remark);

	if (lesson != NULL) {
		session_open(screen, lesson, &settings, recording_options(recording)->seed, true);
		settings_release(&settings);
		keep_view(screen, &before);
		if (screen->session.run != NULL)
			rerun_start(screen, recording_schedule(recording), steps, NO_ACTOR);
		if (remark.length > 0)
			panes_notice(screen, "Not quite the same lesson: %s.\n\nWhat it does may differ from the recording.", remark.bytes);
	} else {
		screen_message(screen, "%s", problem.bytes);
	}
	text_release(&problem);
	text_release(&remark);
	return screen->session.run != NULL;
}

void live_go_on(struct screen *screen)
{
	struct session *session = &screen->session;
	struct recording *recording = session->recording; /* the session goes, the recording stays */
	const struct schedule *schedule = recording_schedule(recording);

	if (schedule == NULL) {
		screen_message(screen, "a free run cannot be repeated: only one that was made with --step can");
		return;
	}
	uint64_t step = past_step_shown(screen);
	if (step > schedule->count)
		step = schedule->count;
	if (!run_along(screen, recording, step))
		return;
	branches_keep_recorded(screen, schedule, recording_end(recording));
	if (screen->scene.ui.overlay == OVERLAY_NONE)
		screen_message(screen, "live from step %llu on, you choose; B goes back to what was recorded", (unsigned long long)step);
}

/* ---- comparing ---- */

void live_compare(struct screen *screen, struct recording *recording)
{
	recording_load(recording, UINT64_MAX);
	const struct schedule *schedule = recording_schedule(recording);
	if (run_along(screen, recording, schedule->count))
		screen->session.comparison = comparison_new(recording_history(recording));
	else
		replay_open(screen, recording);
}

static void tell(struct screen *screen, const struct comparison *comparison)
{
	struct text said = TEXT_INIT;

	comparison_say(comparison, session_history(screen), &said);
	if (comparison_differs(comparison)) {
		screen->exit_status = 1;
		past_go(screen, comparison_position(comparison) + 1); /* behind it the run may have gone on */
		panes_notice(screen, "The run %s", said.bytes);
	} else {
		screen_message(screen, "%s", said.bytes);
	}
	text_release(&said);
}

static bool has_ended(const struct run *run)
{
	return run_state(run) == RUN_ENDED || run_state(run) == RUN_DEADLOCK;
}

/* True when all that can be said has been said. */
static bool compare_on(struct screen *screen)
{
	struct session *session = &screen->session;
	const struct run_end *recorded = recording_end(screen->options->recording);
	bool on_the_way = session->doing == DOING_RERUN || run_state(session->run) == RUN_BUSY;

	if (comparison_follow(session->comparison, session_history(screen))) {
		if (on_the_way)
			return false;
		struct run_end end = run_end(session->run);
		comparison_finish(session->comparison, session_history(screen), recorded, has_ended(session->run) ? &end : NULL);
	}
	step_stop(screen);
	tell(screen, session->comparison);
	return true;
}

void live_work(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->comparison == NULL || session->run == NULL || !compare_on(screen))
		return;
	comparison_free(session->comparison);
	session->comparison = NULL;
}
