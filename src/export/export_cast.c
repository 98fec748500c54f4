/* SPDX-License-Identifier: MIT */
/*
 * The run as a cast. A stepped run goes step by step at a pace, its selection on who moved last, so
 * that the source follows; a free run is a film of so many frames a second, its time stretched or
 * shortened to a length that one would watch. At a telling moment there is a marker, in a stepped run
 * with time to read; the last frame stays for a while.
 */
#include <math.h>

#include "export/cast.h"
#include "export/exporters.h"
#include "export/still.h"

enum { WIDTH = 100, HEIGHT = 30 };

static const double STEPS_A_SECOND = 1.5, FRAMES_A_SECOND = 12; /* at least; at most */
static const double SHORTEST = 6, LONGEST = 60, TO_READ = 2.5, AT_END = 4; /* seconds */

struct film {
	struct export *export;
	struct still still;
	struct scene scene;
	struct canvas canvas;
	struct cast *cast;
	double time;     /* of the next frame */
	struct text tempo;
	uint64_t lost;   /* updates, as far as they were told */
	bool moment;     /* the frame shown last is worth reading */
};

static uint64_t now(const struct film *film)
{
	return (uint64_t)llround(film->time * 1e9);
}

/* ---- telling moments ---- */

static void look_at(const struct world_value *value, uint64_t *count, uint64_t *latest)
{
	*count += value->lost_updates;
	if (value->lost_updates > 0 && (*latest == HISTORY_NONE || value->last_lost.event > *latest))
		*latest = value->last_lost.event;
}

/* How many updates were lost so far, and the write that lost the latest. */
static uint64_t count_lost(const struct world *world, uint64_t *latest)
{
	uint64_t count = 0;

	*latest = HISTORY_NONE;
	for (size_t id = 0; id < world->object_count; id++) {
		const struct world_object *object = &world->objects[id];

		if (object->kind == OBJECT_VALUE)
			look_at(&object->value, &count, latest);
		for (size_t i = 0; object->kind == OBJECT_ARRAY && i < object->element_count; i++)
			look_at(&object->elements[i], &count, latest);
	}
	return count;
}

/* Each lost update of a stepped run; of a free one, that may lose thousands, the first. */
static void mark_lost_update(struct film *film)
{
	const struct world *world = film->still.world;
	uint64_t latest, count = count_lost(world, &latest);
	bool told = film->lost > 0 && !film->scene.run.gated;
	struct text label = TEXT_INIT;

	film->moment = count > film->lost && !told;
	film->lost = count;
	if (!film->moment)
		return;
	const struct wire_event *event = history_at(world->history, latest);
	text_printf(&label, "%s loses an update of %s", world_actor_name(world, event->actor), world_object_name(world, event->object));
	cast_marker(film->cast, now(film), label.bytes);
	text_release(&label);
}

static void mark_end(struct film *film)
{
	const struct scene_run *run = &film->scene.run;
	struct text label = TEXT_INIT;

	if (run->deadlock)
		text_add(&label, "deadlock");
	else if (run->ended)
		text_printf(&label, "%s%s%s", run->verdict, run->outcome[0] ? ": " : "", run->outcome);
	if (label.length > 0)
		cast_marker(film->cast, now(film), label.bytes);
	text_release(&label);
}

/* ---- frames ---- */

static int show(struct film *film, uint64_t position, double seconds)
{
	struct scene_run *run = &film->scene.run;

	still_fill(&film->still, position, &film->scene);
	if (run->gated)
		film->scene.ui.selected = still_mover(&film->still);
	run->running = position != HISTORY_NONE;
	run->tempo = film->tempo.bytes;
	if (seconds > run->seconds)
		run->seconds = seconds;
	canvas_clear(&film->canvas);
	scene_draw(&film->canvas, &film->scene);
	cast_frame(film->cast, now(film), &film->canvas);
	mark_lost_update(film);
	return export_grown(film->export, export_done(film->export, film->still.world->position));
}

static double natural_pace(uint64_t steps)
{
	return fmax(STEPS_A_SECOND, (double)steps / LONGEST);
}

/* Where steps come faster than frames, a frame is some steps on. */
static int show_steps(struct film *film, const struct history *history, double pace)
{
	uint64_t steps = history_steps(history);
	double a_frame = fmax(1, pace / FRAMES_A_SECOND);
	int error = 0;

	text_printf(&film->tempo, "%.3g steps a second", pace);
	for (double step = 0; step < (double)steps && error == 0; step += a_frame) {
		error = show(film, history_step_position(history, (uint64_t)step), 0);
		film->time += a_frame / pace + (film->moment ? TO_READ : 0);
	}
	return error;
}

static double end_of(const struct history *history)
{
	uint64_t count = history_count(history);

	return count > 0 ? (double)history_at(history, count - 1)->time / 1e9 : 0;
}

static int show_times(struct film *film, const struct history *history, double pace)
{
	double end = end_of(history), length = pace > 0 ? end / pace : fmin(fmax(end, SHORTEST), LONGEST);
	int error = 0;

	text_printf(&film->tempo, "%.3g s a second", end / length);
	for (double at = 0; at < length && error == 0; at += 1 / FRAMES_A_SECOND) {
		double seconds = end * at / length;

		error = show(film, history_position_at(history, (uint64_t)(seconds * 1e9)), seconds);
		film->time = at + 1 / FRAMES_A_SECOND;
	}
	return error;
}

static int show_all(struct film *film)
{
	const struct history *history = export_history(film->export);
	double pace = film->export->options.pace;
	int error;

	if (recording_options(film->export->recording)->gated)
		error = show_steps(film, history, pace > 0 ? pace : natural_pace(history_steps(history)));
	else
		error = show_times(film, history, pace);
	if (error == 0)
		error = show(film, HISTORY_NONE, 0);
	mark_end(film);
	film->time += AT_END;
	cast_end(film->cast, now(film));
	return error != 0 ? error : export_flush(film->export, 1);
}

static int write_cast(struct export *export)
{
	const struct export_options *options = &export->options;
	const struct catalog_lesson *lesson = recording_options(export->recording)->settings->lesson;
	struct cast_options cast = {
		.version = options->cast_version,
		.width = options->width > 0 ? options->width : WIDTH,
		.height = options->height > 0 ? options->height : HEIGHT,
		.title = lesson->title,
	};
	struct film film = {.export = export, .cast = cast_new(&cast, export->out), .tempo = TEXT_INIT};

	still_init(&film.still, export->recording);
	still_scene(&film.scene);
	film.scene.ui.side = SIDE_SOURCE;
	canvas_init(&film.canvas, cast.width, cast.height, options->ascii);
	int error = show_all(&film);
	canvas_release(&film.canvas);
	text_release(&film.tempo);
	still_release(&film.still);
	cast_free(film.cast);
	return error;
}

const struct exporter exporter_cast = {
	.name = "cast",
	.extension = ".cast",
	.help = "the screen as an asciicast: plays with asciinema",
	.write = write_cast,
};
