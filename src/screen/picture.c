/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

static const char *strategy_name(const struct session *session)
{
	if (!session->gated)
		return "the machine";
	return session->doing == DOING_AUTO || session->doing == DOING_PLAYBACK ||
	               session->doing == DOING_TOUR ? session->kind->name : "by hand";
}

static void fill_run(struct screen *screen, struct scene_run *out)
{
	struct session *session = &screen->session;
	enum run_state state = session->origin->state(session);
	struct run_end end = session->origin->end(session);

	*out = (struct scene_run){
		.gated = session->gated,
		.verdict = "",
		.outcome = "",
		.strategy = strategy_name(session),
		.pace = PACES[session->pace],
		.speed = session->speed,
		.seed = session->seed,
		.settings = session->settings_words.bytes,
		.running = session->origin->moves(session),
		.busy = state == RUN_BUSY && session->busy_shown,
		.deadlock = state == RUN_DEADLOCK,
		.ended = state == RUN_ENDED,
		.seconds = past_shown(screen) ? (double)session->world->time / 1e9 : session->origin->seconds(session),
		.steps = history_steps(session_history(screen)),
		.lost = end.lost,
		.kept = screen->keeping.recorder != NULL,
		.replay = replay_shown(screen),
		.loaded = replay_loaded(screen),
		.tempo = session->playback.words.bytes,
	};
	if (end.result != NULL) {
		out->ok = end.result->ok;
		out->verdict = end.result->verdict;
		out->outcome = session->outcome_words.bytes;
	}
}

/* After a new start, whoever was selected may not have been born yet. */
static void keep_selection(struct screen *screen)
{
	struct session *session = &screen->session;

	if (!past_shown(screen) && session->doing != DOING_RERUN &&
	    world_actor(session->world, screen->scene.ui.selected) == NULL)
		screen->scene.ui.selected = WORLD_FIRST_ACTOR;
}

static void fill_lesson(struct screen *screen, struct scene *scene)
{
	struct session *session = &screen->session;

	scene->settings = scene->ui.overlay == OVERLAY_PARAMETERS ? &session->draft : &session->settings;
	scene->source = session->origin->source(session);
	scene->history = session_history(screen);
	scene->world = session->world;
	keep_selection(screen);
	scene->about = session->origin->about(screen, &scene->about_count);
	fill_run(screen, &scene->run);
	quiz_fill(screen, scene);
	branches_prepare(screen);
}

const struct scene *picture_scene(struct screen *screen)
{
	struct scene *scene = &screen->scene;
	struct ui *ui = &scene->ui;
	const struct trial *trial = &screen->trial;

	past_follow(screen);
	audience_fill(screen);
	ui->menu_filter = screen->filter.bytes;
	input_fill_prompt(screen);
	ui->search = screen->search.pattern.bytes;
	ui->message = screen->message.bytes;
	scene->lesson = screen->session.lesson;
	scene->text = screen->menu_text.bytes;
	scene->notice = screen->notice.bytes;
	if (scene->lesson != NULL)
		fill_lesson(screen, scene);
	scene->histogram = (struct scene_histogram){
		.bars = trial->bars,
		.count = trial->bar_count,
		.done = trial->done,
		.wanted = trial->wanted,
		.settings = trial->words.bytes,
	};
	return scene;
}

void picture_draw(struct screen *screen)
{
	canvas_clear(&screen->canvas);
	scene_draw(&screen->canvas, picture_scene(screen));
	if (screen->term != NULL)
		audience_present(screen);
	screen->drawn = screen_now(screen);
	screen->dirty = false;
}
