/* SPDX-License-Identifier: MIT */
#include "view/hints.h"

#include "view/lane.h"

/* ---- which keys work now ---- */

static bool always(const struct scene *scene)
{
	(void)scene;
	return true;
}

static bool can_step(const struct scene *scene)
{
	return scene->run.gated && scene->world != NULL &&
	       scene_lane_mover(scene, lane_owner(scene, scene->ui.selected)) != WORLD_NO_ACTOR;
}

static bool can_choose(const struct scene *scene)
{
	for (size_t id = 0; scene->run.gated && id < scene->about_count; id++)
		if (scene->about[id].ready)
			return true;
	return false;
}

static bool can_run(const struct scene *scene)
{
	return scene->run.gated ? can_choose(scene) || scene->run.running : !scene->run.ended;
}

static bool has_steps(const struct scene *scene)
{
	return scene->run.gated && scene->run.steps > 0;
}

static bool has_parameters(const struct scene *scene)
{
	return scene->lesson != NULL && scene->lesson->parameter_count > 0;
}

static bool is_gated(const struct scene *scene)
{
	return scene->run.gated;
}

static bool is_free(const struct scene *scene)
{
	return !scene->run.gated;
}

static bool has_answer(const struct scene *scene)
{
	return scene->quiz.quiz != NULL && (scene->run.ended || scene->run.deadlock);
}

static bool has_branches(const struct scene *scene)
{
	return scene->branch_count > 0;
}

static bool has_lesson(const struct scene *scene)
{
	return scene_menu(scene, NULL, 0) > 0;
}

static const struct hint in_run[] = {
	{ACTION_CHOOSE, "1-9", NULL, 0, can_choose},
	{ACTION_STEP, "s", NULL, 0, can_step},
	{ACTION_RUN, NULL, NULL, 0, can_run},
	{ACTION_BACK, "b", NULL, 0, has_steps},
	{ACTION_LEFT, "left/right", "look back", 2, has_steps},
	{ACTION_LAST, "G", "present", 1, scene_past},
	{ACTION_FINISH, NULL, NULL, 3, can_step},
	{ACTION_ANSWER, NULL, "why", 1, has_answer},
	{ACTION_AGAIN, NULL, NULL, 1, always},
	{ACTION_FREE, NULL, NULL, 4, is_gated},
	{ACTION_FREE, NULL, "back to stepping", 1, is_free},
	{ACTION_VIEW, NULL, NULL, 2, always},
	{ACTION_TEXT, NULL, NULL, 2, always},
	{ACTION_PARAMETERS, NULL, NULL, 2, has_parameters},
	{ACTION_TWENTY, NULL, NULL, 3, always},
	{ACTION_BRANCH, NULL, "futures", 3, has_branches},
	{ACTION_HELP, NULL, NULL, 0, always},
	{ACTION_ESCAPE, NULL, "menu", 4, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static bool can_play(const struct scene *scene)
{
	return scene->run.running || scene_past(scene);
}

static bool has_any(const struct scene *scene)
{
	return scene->history != NULL && history_count(scene->history) > 0;
}

static const struct hint in_replay[] = {
	{ACTION_RUN, NULL, "play/pause", 0, can_play},
	{ACTION_LEFT, "left/right", "step", 0, is_gated},
	{ACTION_LEFT, "left/right", "event", 0, is_free},
	{ACTION_FASTER, "+/-", "pace", 1, always},
	{ACTION_FIRST, "g", "start", 1, has_any},
	{ACTION_LAST, "G", "end", 1, scene_past},
	{ACTION_GOTO, NULL, NULL, 2, always},
	{ACTION_SEARCH, NULL, "find", 2, always},
	{ACTION_ZOOM_IN, "z/Z", "zoom", 2, always},
	{ACTION_LIVE, NULL, NULL, 1, is_gated},
	{ACTION_VIEW, NULL, NULL, 3, always},
	{ACTION_TEXT, NULL, NULL, 3, always},
	{ACTION_HELP, NULL, NULL, 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_menu[] = {
	{ACTION_UP, "up", "", 0, has_lesson},
	{ACTION_DOWN, "down", "choose", 0, has_lesson},
	{ACTION_STEP, "enter", "open", 0, has_lesson},
	{ACTION_FREE, NULL, "watch it run freely", 2, has_lesson},
	{ACTION_TEXT, NULL, NULL, 1, has_lesson},
	{ACTION_SEARCH, NULL, "find", 1, always},
	{ACTION_HELP, NULL, NULL, 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_reading[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "scroll", 0, always},
	{ACTION_PAGE_DOWN, "pgdn", "page", 1, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_parameters[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "choose", 0, always},
	{ACTION_LEFT, "left", "", 0, always},
	{ACTION_RIGHT, "right", "change", 0, always},
	{ACTION_STEP, "enter", "start again", 0, always},
	{ACTION_ESCAPE, NULL, "keep the old", 0, always},
	{0}};

static const struct hint in_histogram[] = {
	{ACTION_UP, "up", "", 2, always},
	{ACTION_DOWN, "down", "scroll", 2, always},
	{ACTION_TWENTY, NULL, "twenty more", 1, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_branches[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "choose", 0, always},
	{ACTION_STEP, "enter", "go to that future", 0, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{0}};

static const struct hint in_quiz[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "choose", 0, always},
	{ACTION_STEP, "enter", "answer", 0, always},
	{ACTION_ANSWER, NULL, "show me", 1, always},
	{ACTION_ESCAPE, NULL, "not now", 0, always},
	{0}};

const struct hint *hints_of(const struct scene *scene)
{
	static const struct hint *const overlays[] = {
		[OVERLAY_HELP] = in_reading,           [OVERLAY_TEXT] = in_reading,
		[OVERLAY_PARAMETERS] = in_parameters,  [OVERLAY_HISTOGRAM] = in_histogram,
		[OVERLAY_BRANCHES] = in_branches,      [OVERLAY_QUIZ] = in_quiz,
		[OVERLAY_ANSWER] = in_reading,         [OVERLAY_NOTICE] = in_reading,
	};

	if (scene->ui.overlay != OVERLAY_NONE)
		return overlays[scene->ui.overlay];
	return scene->ui.room == ROOM_MENU ? in_menu : scene->run.replay ? in_replay : in_run;
}
