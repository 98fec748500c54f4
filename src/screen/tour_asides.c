/* SPDX-License-Identifier: MIT */
/* What a tour does besides moving processes. */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define KEY_SECONDS 0.7   /* after a key, so that the eye can follow */
#define THINK_SECONDS 3.0 /* between the question and its answer */

bool tour_say(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;

	player->caption = tour_command(player)->words;
	player->captions++;
	if (player->captions >= player->goal)
		player->goal = 0;
	player->waits = player->by_key && player->goal == 0;
	tour_delay(screen, now, tour_reading_seconds(player->caption));
	return true;
}

bool tour_wait(struct screen *screen, uint64_t now)
{
	tour_delay(screen, now, tour_command(&screen->tour)->number);
	return true;
}

/* ---- of the run ---- */

bool tour_set(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	char *copy = memory_copy_string(tour_command(&screen->tour)->words), *state = NULL;
	struct text problem = TEXT_INIT;

	(void)now;
	for (char *word = strtok_r(copy, " ", &state); word != NULL; word = strtok_r(NULL, " ", &state))
		if (settings_set(&session->settings, word, &problem) < 0 && problem.length > 0)
			tour_fail(screen, "%s", problem.bytes);
	screen->tour.stale = true;
	text_release(&problem);
	free(copy);
	return true;
}

bool tour_seed(struct screen *screen, uint64_t now)
{
	(void)now;
	screen->session.seed = tour_command(&screen->tour)->seed;
	screen->tour.stale = true;
	return true;
}

/* The title says the pace while it runs. */
bool tour_set_pace(struct screen *screen, uint64_t now)
{
	(void)now;
	screen->tour.pace = tour_command(&screen->tour)->number;
	screen->session.pace = 0;
	while (PACES[screen->session.pace] > 0 && PACES[screen->session.pace] < screen->tour.pace)
		screen->session.pace++;
	return true;
}

bool tour_strategy(struct screen *screen, uint64_t now)
{
	const char *name = tour_command(&screen->tour)->words;
	struct session *session = &screen->session;

	(void)now;
	if (strategy_find(name) == NULL)
		return tour_fail(screen, "there is no strategy '%s'; there are random and round-robin", name);
	session->kind = strategy_find(name);
	strategy_init(&session->strategy, session->kind, session->seed);
	return true;
}

/* ---- keys ---- */

/* The word number `index`; its length, 0: there are not so many. */
static size_t word_at(const char *words, size_t index, const char **word)
{
	*word = words;
	while (index > 0 && **word != '\0') {
		*word += strcspn(*word, " ");
		*word += strspn(*word, " ");
		index--;
	}
	return strcspn(*word, " ");
}

/* What a tour must not press: it would be another one each time, or leave something behind. */
static const struct {
	enum action action;
	const char *why;
} NOT_FOR_TOURS[] = {
	{ACTION_FREE, "a free run is never the same twice"},
	{ACTION_TWENTY, "free runs are never the same twice"},
	{ACTION_RESEED, "that is a seed by chance; say seed N"},
	{ACTION_RECORD, "a tour writes no files"},
	{ACTION_LIVE, "there is no recording"},
	{ACTION_SUSPEND, "it would stop"},
	{ACTION_QUIT, "it ends by itself"},
};

static const char *why_not(enum action action)
{
	for (size_t i = 0; i < sizeof NOT_FOR_TOURS / sizeof NOT_FOR_TOURS[0]; i++)
		if (NOT_FOR_TOURS[i].action == action)
			return NOT_FOR_TOURS[i].why;
	return NULL;
}

/* Says what is wrong with it. */
static bool is_wrong_key(struct screen *screen, const char *name, uint32_t key)
{
	enum action action = keymap_find(key);

	if (key == 0 || (strlen(name) > 1 && action == ACTION_NONE))
		return tour_fail(screen, "there is no key '%s'; keys are single characters, or space enter esc tab up down left right",
		                 name);
	return why_not(action) != NULL && tour_fail(screen, "%s is not for tours: %s", name, why_not(action));
}

bool tour_press(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;
	const char *word;
	size_t length = word_at(tour_command(player)->words, player->done, &word);

	if (length == 0)
		return true;
	char *name = memory_copy_bytes(word, length);
	uint32_t key = keymap_key(name);
	bool wrong = is_wrong_key(screen, name, key);
	if (!wrong)
		audience_key(screen, name);
	free(name);
	if (wrong)
		return true;
	player->done++;
	tour_delay(screen, now, KEY_SECONDS);
	input_key(screen, key);
	return false;
}

bool tour_answer(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;
	const char *letter = tour_command(player)->words;
	size_t choice = quiz_choice_of(&screen->session.quiz, (unsigned char)letter[0]);

	if (choice >= screen->session.quiz.count)
		return tour_fail(screen, "the lesson's question has no choice %s", letter);
	if (screen->scene.ui.overlay != OVERLAY_QUIZ && player->done++ == 0) {
		if (!quiz_ask(screen))
			return tour_fail(screen, "the lesson's question is answered already");
		audience_key(screen, "e");
		tour_delay(screen, now, THINK_SECONDS);
		return false;
	}
	audience_key(screen, letter);
	quiz_answer(screen, choice);
	tour_delay(screen, now, KEY_SECONDS);
	return true;
}

/* ---- panes ---- */

static const struct {
	const char *name;
	enum pane_id pane;
	int side; /* what the right-hand side must show for it; -1: whatever */
} PANES[] = {
	{"timeline", PANE_TIMELINE, -1}, {"shared", PANE_SHARED, -1},       {"locks", PANE_LOCKS, -1},
	{"queues", PANE_QUEUES, -1},     {"source", PANE_SOURCE, SIDE_SOURCE}, {"console", PANE_CONSOLE, SIDE_CONSOLE},
	{"text", PANE_TEXT, SIDE_TEXT},  {"meaning", PANE_MEANING, -1},
};

bool tour_focus(struct screen *screen, uint64_t now)
{
	const char *name = tour_command(&screen->tour)->words;
	struct ui *ui = screen_ui(screen);

	(void)now;
	for (size_t i = 0; i < sizeof PANES / sizeof PANES[0]; i++) {
		if (strcmp(PANES[i].name, name) != 0)
			continue;
		ui->focus = PANES[i].pane;
		ui->side = PANES[i].side >= 0 ? PANES[i].side : ui->side;
		panes_keep_within(screen); /* a pane that is not there has no focus */
		return true;
	}
	return tour_fail(screen, "there is no pane '%s'; there are timeline, shared, locks, queues, source, console, text, meaning",
	                 name);
}
