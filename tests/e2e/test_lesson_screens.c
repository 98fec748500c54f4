/* SPDX-License-Identifier: MIT */
/*
 * What a learner sees of each lesson: its opening, and one telling moment that the keys of the row
 * lead to. The lessons run in real processes under the gate; the screen is the real one, without a
 * terminal; what it would draw is compared with golden files (see support/golden.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frozen.h"
#include "lesson/file.h"
#include "lesson/supervisor.h"
#include "screen/internal.h"
#include "support/golden.h"

enum { SEED = 7, REST_SECONDS = 60, SCHEDULE_MAX = 1 << 16 };

/*
 * At all sizes what a class sees first and most, at 80x24 the others. Nothing here may depend on the
 * machine: how many cores it has, what its kernel tells of a page.
 */
enum sizes { SMALL = 1, ALL = GOLDEN_SIZES };

static const struct moment {
	const char *lesson;
	const char *name;     /* of its golden files */
	const char *settings; /* NAME=VALUE, or several; NULL: those the lesson is stepped with */
	const char *schedule; /* one of the lesson's, followed to its end before the keys; NULL: none */
	const char *keys;
	enum sizes sizes;
} moments[] = {
	{"hello-process", "opening", NULL, NULL, "", ALL},
	{"hello-process", "in-join", NULL, NULL, "11111", SMALL},
	{"many-workers", "opening", NULL, NULL, "", SMALL},
	{"many-workers", "last-is-first", NULL, NULL, "111111666444", SMALL},
	{"names-and-pids", "opening", NULL, NULL, "", SMALL},
	{"names-and-pids", "one-core", NULL, NULL, "11111234", SMALL}, /* four PIDs */
	{"alive-and-join", "opening", NULL, NULL, "", SMALL},
	{"alive-and-join", "longer-is-done", NULL, NULL, "1113331", SMALL},
	{"exit-and-signals", "opening", NULL, NULL, "", SMALL},
	{"exit-and-signals", "five-ends", NULL, NULL, "1111112233445677111", SMALL}, /* terminated and killed */
	{"private-memory", "opening", NULL, NULL, "", SMALL},
	{"private-memory", "five-lists", NULL, NULL, "1111234523452345++++++++ ", SMALL}, /* the pages are out of sight by then */
	{"cores", "opening", NULL, NULL, "", SMALL},
	{"cores", "both-sleep", NULL, NULL, "1212111134", SMALL}, /* half of the work each */
	{"thread-ids", "opening", NULL, NULL, "", SMALL},
	{"thread-ids", "two-threads", NULL, NULL, "11123", SMALL},
	{"overlap-waits", "opening", NULL, NULL, "", SMALL},
	{"overlap-waits", "both-woke", "threads=on", NULL, "1112233", SMALL},
	{"thread-race", "opening", NULL, NULL, "", ALL},
	{"thread-race", "brink", NULL, NULL, "111232v", ALL}, /* t1 has written 1; t2, which read 0, is about to */
	{"thread-pool", "opening", NULL, NULL, "", SMALL},
	{"thread-pool", "task-waits", NULL, NULL, "11111", SMALL},
	{"io-bound", "opening", NULL, NULL, "", SMALL},
	{"io-bound", "two-ask", NULL, NULL, "121f34", SMALL},
	{"gil", "opening", NULL, NULL, "", SMALL},
	{"gil", "one-waits", NULL, NULL, "1111123", SMALL},
	{"globals-threads-processes", "opening", NULL, NULL, "", SMALL},
	{"globals-threads-processes", "end", NULL, NULL, "++++++++ ", SMALL},
	{"shared-value-array", "opening", NULL, NULL, "", SMALL},
	{"shared-value-array", "one-square", NULL, NULL, "122", SMALL},
	{"manager-dict", "opening", NULL, NULL, "", SMALL},
	{"manager-dict", "two-ask", NULL, NULL, "112112112112112111134", SMALL},
	{"queue-results", "opening", NULL, NULL, "", SMALL},
	{"queue-results", "two-words", NULL, NULL, "1111", SMALL},
	{"two-queues", "opening", NULL, NULL, "", SMALL},
	{"two-queues", "empty-it-says", NULL, NULL, "1121", SMALL},
	{"producer-consumer", "opening", NULL, NULL, "", ALL},
	{"producer-consumer", "three-places", NULL, NULL, "1132222H3", ALL}, /* buffer, pipe, a consumer that waits; the feeder in a lane */
	{"work-queue", "opening", NULL, NULL, "", SMALL},
	{"work-queue", "deadlock", NULL, "broken", "", SMALL},
	{"work-queue", "left-early", NULL, "broken-early", "", SMALL},
	{"work-queue", "looked-back", "stop=sentinel", NULL, "++++++++ hhhhhh", SMALL}, /* over a step in which nothing happened */
	{"ping-pong-pipe", "opening", NULL, NULL, "", ALL},
	{"ping-pong-pipe", "ping", NULL, NULL, "1122", ALL}, /* in the pipe, for the parent that waits */
	{"ping-pong-queue", "opening", NULL, NULL, "", SMALL},
	{"ping-pong-queue", "own-ping", NULL, "broken", "bbbbb", SMALL},
	{"ping-pong-queue", "deadlock", NULL, "broken", "", SMALL},
	{"console-lock", "opening", NULL, NULL, "", SMALL},
	{"console-lock", "torn", NULL, "broken", "", SMALL},
	{"bank-race", "opening", NULL, NULL, "", ALL},
	{"bank-race", "lost-update", NULL, NULL, "1112323v", ALL}, /* both read 200; 201, then 199 over it; the source beside it */
	{"bank-race", "locked", "lock=on", NULL, "111223", ALL}, /* deposit between its read and its write; withdraw waits */
	{"semaphore", "opening", NULL, NULL, "", SMALL},
	{"semaphore", "refused", NULL, NULL, "1", SMALL},
	{"semaphore", "three-inside", "bound=off", "broken", "", SMALL},
	{"barrier", "opening", NULL, NULL, "", ALL},
	{"barrier", "two-wait", NULL, NULL, "11122211133311144", ALL}, /* the third is about to come */
	{"barrier", "broken", "fault=dies", NULL, "++++++++ ", SMALL},
	{"condition-event", "opening", NULL, NULL, "", SMALL},
	{"condition-event", "sleeps-for-ever", NULL, "broken", "", SMALL},
	{"deadlock", "opening", NULL, NULL, "", SMALL},
	{"deadlock", "two", NULL, "broken", "", ALL},
	{"deadlock", "five", "philosophers=5", "five", "", SMALL},
	{"pool-schedule", "opening", NULL, NULL, "", ALL},
	{"pool-schedule", "anna-alone", NULL, NULL, "1f2f3f3f13f12f13f", ALL},
	{"pool-map", "opening", NULL, NULL, "", SMALL},
	{"pool-map", "chunks", NULL, NULL, "1f23", SMALL},
	{"pool-apply", "opening", NULL, NULL, "", SMALL},
	{"pool-apply", "end", NULL, NULL, "++++++++ ", SMALL},
	{"pool-callback", "opening", NULL, NULL, "", SMALL},
	{"pool-callback", "handler", "gather=callback", NULL, "H1f3f2", SMALL},
	{"pool-context", "opening", NULL, NULL, "", SMALL},
	{"pool-context", "at-work", NULL, NULL, "1f2f3f4f2f1f", SMALL},
	{"pool-context", "end", NULL, NULL, "++++++++ ", SMALL},
	{"pool-lifecycle", "opening", NULL, NULL, "", SMALL},
	{"pool-lifecycle", "end", NULL, NULL, "++++++++ ", SMALL},
	{"executor", "opening", NULL, NULL, "", SMALL},
	{"executor", "broken", "fault=kill", NULL, "++++++++ ", SMALL},
	{"map-reduce", "opening", NULL, NULL, "", SMALL},
	{"map-reduce", "end", NULL, NULL, "++++++++ ", SMALL},
	{"pool-exercise", "opening", NULL, NULL, "", SMALL},
	{"pool-exercise", "main-alone", NULL, NULL, "111v", SMALL}, /* three results, one lane; the source beside it */
	{"rng-fork", "opening", NULL, NULL, "", ALL},
	{"rng-fork", "equal-draws", NULL, NULL, "1f223", ALL}, /* by two workers */
	{"rng-seed", "opening", NULL, NULL, "", ALL},
	{"rng-seed", "several-workers", NULL, NULL, "1f22334455", ALL},
	{"monte-carlo-pi", "opening", NULL, NULL, "", SMALL},
	{"monte-carlo-pi", "end", NULL, NULL, "++++++++ ", SMALL},
	{"rng-streams", "opening", NULL, NULL, "", SMALL},
	{"rng-streams", "end", NULL, NULL, "++++++++ ", SMALL},
};

struct pictures {
	const struct moment *moment;
	FILE *drawn[GOLDEN_SIZES]; /* written by the front, read by the test */
};

/* ---- in the front: a child, where nothing may be asserted ---- */

/* As the screen's loop does, until nothing moves. */
static bool rest(struct screen *screen)
{
	struct session *session = &screen->session;
	uint64_t end = screen_now(screen) + REST_SECONDS * 1000 * MILLISECOND;

	while (session->run != NULL && (session->doing != DOING_NOTHING || run_state(session->run) == RUN_BUSY)) {
		session_work(screen, screen_now(screen));
		if (poll(&(struct pollfd){.fd = run_poll_fd(session->run), .events = POLLIN}, 1, 0) > 0)
			session_pump(screen);
		if (screen_now(screen) > end)
			return false;
	}
	return session->run != NULL;
}

static bool press(struct screen *screen, const char *keys)
{
	bool resting = rest(screen);

	for (; *keys != '\0' && resting; keys++) {
		uint32_t key = (unsigned char)*keys;
		text_reset(&screen->message);
		action_do(screen, keymap_find(key), key - '0');
		resting = rest(screen);
	}
	if (!resting)
		fprintf(stderr, "%s\n", screen->session.run != NULL ? "it does not come to rest" : screen->message.bytes);
	return resting;
}

/* The scene knows its size: what is selected or scrolled may depend on it. */
static void draw(struct screen *screen, struct golden_size size, FILE *out)
{
	struct frozen frozen;
	struct text drawn = TEXT_INIT;

	frozen_init(&frozen, picture_scene(screen));
	golden_draw(&drawn, &frozen.scene, size, false);
	fwrite(drawn.bytes, 1, drawn.length, out);
	fflush(out);
	text_release(&drawn);
	frozen_release(&frozen);
}

static bool set_all(struct settings *settings, const char *words)
{
	char copy[256], *rest = copy;
	struct text problem = TEXT_INIT;
	bool good = true;

	snprintf(copy, sizeof copy, "%s", words);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL && good; word = strtok_r(NULL, " ", &rest))
		good = settings_set(settings, word, &problem) == 0;
	if (!good)
		fprintf(stderr, "%s\n", problem.bytes);
	text_release(&problem);
	return good;
}

/* schedules/NAME.schedule beside the lesson's source. */
static bool follow(struct screen *screen, const struct catalog_lesson *lesson, const char *name)
{
	struct text path = TEXT_INIT, words = TEXT_INIT, problem = TEXT_INIT;
	struct schedule schedule;
	bool whole;

	schedule_init(&schedule);
	text_printf(&path, "%.*s/schedules/%s.schedule", (int)(strrchr(lesson->source, '/') - lesson->source), lesson->source, name);
	bool there = file_read(&words, path.bytes, SCHEDULE_MAX, &whole) == 0 &&
	             schedule_parse(&schedule, words.bytes, &problem) == 0;
	if (there)
		rerun_start(screen, &schedule, schedule.count, NO_ACTOR);
	else
		fprintf(stderr, "%s: %s\n", path.bytes, problem.bytes);
	schedule_release(&schedule);
	text_release(&path);
	text_release(&words);
	text_release(&problem);
	return there;
}

static bool open_moment(struct screen *screen, const struct catalog *catalog, const struct moment *moment)
{
	const struct catalog_lesson *lesson = catalog_find(catalog, moment->lesson);
	struct settings settings;

	if (lesson == NULL)
		return false;
	settings_init(&settings, lesson, true);
	bool good = moment->settings == NULL || set_all(&settings, moment->settings);
	if (good)
		session_open(screen, lesson, &settings, SEED, true);
	settings_release(&settings);
	return good && (moment->schedule == NULL || follow(screen, lesson, moment->schedule));
}

static int front(int channel, void *context)
{
	struct pictures *pictures = context;
	struct catalog catalog;
	struct screen screen = {0};
	struct screen_options options = {.catalog = &catalog, .gated = true};

	catalog_load(&catalog);
	screen_init(&screen, &options, channel);
	canvas_init(&screen.canvas, GOLDEN_SIZE[0].width, GOLDEN_SIZE[0].height, false);
	bool there = open_moment(&screen, &catalog, pictures->moment) && press(&screen, pictures->moment->keys);
	for (int i = 0; there && i < (int)pictures->moment->sizes; i++)
		draw(&screen, GOLDEN_SIZE[i], pictures->drawn[i]);
	screen_release(&screen);
	catalog_release(&catalog);
	return there ? 0 : 1;
}

/* ---- in the test ---- */

static bool check_picture(const struct moment *moment, struct golden_size size, FILE *file)
{
	struct text drawn = TEXT_INIT, path = TEXT_INIT;
	char bytes[4096];
	size_t count;

	rewind(file);
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add_bytes(&drawn, bytes, count);
	text_printf(&path, "tests/e2e/golden/%s-%s-%dx%d.txt", moment->lesson, moment->name, size.width, size.height);
	bool equal = golden_same(path.bytes, &drawn);
	text_release(&drawn);
	text_release(&path);
	return equal;
}

static void test_moment(void **state)
{
	struct pictures pictures = {.moment = *state};
	unsigned int different = 0;

	for (int i = 0; i < (int)pictures.moment->sizes; i++)
		assert_non_null(pictures.drawn[i] = tmpfile());
	assert_int_equal(supervisor_run(front, &pictures, &(struct supervisor_hooks){0}), 0);
	for (int i = 0; i < (int)pictures.moment->sizes; i++) {
		different += !check_picture(pictures.moment, GOLDEN_SIZE[i], pictures.drawn[i]);
		fclose(pictures.drawn[i]);
	}
	assert_int_equal(different, 0);
}

int main(void)
{
	enum { COUNT = sizeof moments / sizeof moments[0] };
	struct CMUnitTest tests[COUNT];
	char names[COUNT][64];
	const char *build = getenv("LOCKSTEP_BUILD");
	char lessons[256];

	snprintf(lessons, sizeof lessons, "%s/lessons", build != NULL ? build : "build/release");
	setenv("LOCKSTEP_LESSONS", lessons, 1);
	/* For the lessons: what one has not freed at its end is no fault, and one crashes on purpose. */
	setenv("ASAN_OPTIONS", "detect_leaks=0:handle_segv=0", 1);
	for (size_t i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof names[i], "%s, %s", moments[i].lesson, moments[i].name);
		tests[i] = (struct CMUnitTest){
			.name = names[i], .test_func = test_moment, .initial_state = (void *)(uintptr_t)&moments[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
