/* SPDX-License-Identifier: MIT */
/*
 * The timeline of a free run: each column is a bucket of time. A lane walks through its actor's
 * events bucket by bucket, over most of them by the history's samples: the cost grows with the
 * columns, not with the events.
 */
#include "base/utf8.h"
#include "view/mark.h"
#include "view/timeline.h"

enum { BUSY = 8, LABEL = 12 };

/* The end of the run so far: the clock goes on while nothing happens. */
static uint64_t end_of_run(const struct scene *scene)
{
	uint64_t count = history_count(scene->history);
	uint64_t end = count > 0 ? history_at(scene->history, count - 1)->time : 0;

	if (!scene_past(scene) && scene->run.seconds * 1e9 > (double)end && scene->run.seconds < 1e9)
		end = (uint64_t)(scene->run.seconds * 1e9);
	return end;
}

/* From the whole run down to a nanosecond a column. */
static int clamp_zoom(int zoom, uint64_t end, uint64_t width)
{
	if (zoom < 0)
		return 0;
	while (zoom > 0 && (zoom > 63 || (end >> (zoom - 1)) / width == 0))
		zoom--;
	return zoom;
}

void timeline_place_columns_by_time(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	uint64_t end = end_of_run(scene), width = (uint64_t)timeline->history_width;

	if (width == 0)
		return;
	timeline->zoom = clamp_zoom(scene->ui.zoom, end, width);
	uint64_t bucket = (end >> timeline->zoom) / width + 1, span = bucket * width;
	uint64_t from = end + 1 > span ? end + 1 - span : 0;
	if (scene_past(scene) && scene->world->time < from + span / 3)
		from = scene->world->time > span * 2 / 3 ? scene->world->time - span * 2 / 3 : 0;
	timeline->from = from;
	timeline->to = from + span - 1;
	for (uint64_t i = 0; i < width; i++) {
		struct timeline_column *column = &timeline->columns[i];
		*column = (struct timeline_column){.from = from + i * bucket, .to = from + (i + 1) * bucket - 1, .x = (int)i, .width = 1};
		column->future = scene_past(scene) && column->from > scene->world->time;
		if (scene_past(scene) && !column->future)
			timeline->cursor = (int)i;
	}
	timeline->column_count = (int)width;
}

/* A lane's walk through the events of its actor, bucket by bucket. */
struct walk {
	const struct scene *scene;
	unsigned int actor;
	uint64_t next; /* by number: the first event after the last bucket; behind a busy one, at most HISTORY_NEAR before it */
};

/* What a bucket holds, as far as it was looked at: from its end, at most BUSY events. */
struct bucket {
	bool busy;                     /* there are more */
	const struct wire_event *last; /* the actor's own, in the bucket or before it; NULL: none yet */
	uint64_t told;                 /* the latest in it that is worth a letter (sleep is not where there is another), or HISTORY_NONE */
	int letters;                   /* how many are */
};

static struct bucket look_into(const struct walk *walk, uint64_t from)
{
	const struct history *history = walk->scene->history;
	struct bucket bucket = {.told = HISTORY_NONE};
	uint64_t n = walk->next;

	for (int looked = 0; n > 0; looked++) {
		uint64_t index = history_actor_nth(history, walk->actor, --n);
		const struct wire_event *event = history_at(history, index);
		bool within = event->time >= from;
		if (looked == BUSY || (!within && bucket.last != NULL)) {
			bucket.busy = within;
			break;
		}
		if (mark_is_told(event->kind))
			continue;
		bucket.last = bucket.last != NULL ? bucket.last : event;
		if (!within)
			break;
		if (event_kind_info(event->kind)->mark == 0)
			continue;
		bucket.letters++;
		if (bucket.told == HISTORY_NONE || history_at(history, bucket.told)->kind == EVENT_SLEEP)
			bucket.told = index;
	}
	return bucket;
}

/* Goes on behind a bucket. One that holds so much that nothing in it could be told apart is not looked into. */
static struct bucket walk_on(struct walk *walk, const struct timeline_column *column)
{
	const struct history *history = walk->scene->history;
	uint64_t near = history_actor_near(history, walk->actor, walk->next, column->to);

	if (near - walk->next > 2 * HISTORY_NEAR) {
		walk->next = near;
		return (struct bucket){.busy = true, .told = HISTORY_NONE};
	}
	walk->next = history_actor_after(history, walk->actor, near, column->to);
	return look_into(walk, column->from);
}

struct cell_look {
	uint32_t glyph;
	unsigned int style;
	bool quiet;    /* nothing happens here: it may be written over */
	uint64_t alone; /* the one event that its letter is for, or HISTORY_NONE */
};

static struct cell_look look_of(const struct history *history, const struct bucket *bucket)
{
	if (bucket->busy)
		return (struct cell_look){0x2592 /* ▒ */, STYLE_RUNNING, false, HISTORY_NONE};
	if (bucket->last == NULL)
		return (struct cell_look){' ', STYLE_PLAIN, true, HISTORY_NONE};
	if (bucket->told != HISTORY_NONE) {
		unsigned int kind = history_at(history, bucket->told)->kind;
		return (struct cell_look){(uint32_t)event_kind_info(kind)->mark, mark_style(kind), false,
		                          bucket->letters == 1 ? bucket->told : HISTORY_NONE};
	}
	struct mark_filler filler = mark_filler(event_kind_info(bucket->last->kind)->state_after, false);
	return (struct cell_look){filler.glyph, filler.style, true, HISTORY_NONE};
}

/* How many columns behind this one are quiet. */
static int quiet_after(const struct cell_look *looks, int count, int at)
{
	int end = at + 1;

	while (end < count && looks[end].quiet)
		end++;
	return end - at - 1;
}

/* What went with an event stands behind its letter where it fits whole, and something of the quiet is still seen. */
static void draw_label(const struct timeline *timeline, struct canvas *canvas, int row, int at, uint64_t event, int room)
{
	const struct timeline_column *column = &timeline->columns[at];
	struct text label = TEXT_INIT;

	mark_label(&label, timeline->scene->history, event, LABEL);
	if ((int)utf8_columns(label.bytes) <= room)
		canvas_text(canvas, timeline->area.x + timeline->history_x + column->x, timeline->area.y + row, label.bytes,
		            column->future ? (unsigned int)STYLE_DIM : mark_style(history_at(timeline->scene->history, event)->kind));
	text_release(&label);
}

static void draw_lane(const struct timeline *timeline, struct canvas *canvas, int row)
{
	const struct scene *scene = timeline->scene;
	struct walk walk = {.scene = scene, .actor = timeline_actor(timeline, row)};
	struct cell_look looks[TIMELINE_COLUMNS];
	uint64_t end = end_of_run(scene);
	int count = 0;

	if (timeline->from > 0)
		walk.next = history_actor_after(scene->history, walk.actor, 0, timeline->from - 1);
	for (; count < timeline->column_count && timeline->columns[count].from <= end; count++) {
		const struct timeline_column *column = &timeline->columns[count];
		struct bucket bucket = walk_on(&walk, column);
		looks[count] = look_of(scene->history, &bucket);
		canvas_put(canvas, timeline->area.x + timeline->history_x + column->x, timeline->area.y + row, looks[count].glyph,
		           column->future ? (unsigned int)STYLE_DIM : looks[count].style);
	}
	for (int i = 0; i < count; i++)
		if (looks[i].alone != HISTORY_NONE)
			draw_label(timeline, canvas, row, i, looks[i].alone, quiet_after(looks, count, i));
}

/* ---- lost updates: the last ones of each value are known, and shown at every zoom ---- */

static void draw_lost_write(const struct timeline *timeline, struct canvas *canvas, const struct world_write *write)
{
	const struct wire_event *event = history_at(timeline->scene->history, write->event);
	unsigned int row = timeline_row(timeline, write->actor);

	if (event == NULL || row == TIMELINE_NO_ROW || timeline->column_count == 0 || event->time < timeline->from ||
	    event->time > timeline->to)
		return;
	uint64_t bucket = timeline->columns[0].to - timeline->columns[0].from + 1;
	const struct timeline_column *column = &timeline->columns[(event->time - timeline->from) / bucket];
	canvas_put(canvas, timeline->area.x + timeline->history_x + column->x, timeline->area.y + (int)row, 'W',
	           column->future ? (unsigned int)STYLE_DIM : STYLE_LOST);
}

static void draw_lost_updates(const struct timeline *timeline, struct canvas *canvas, const struct world_value *value)
{
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY;

	for (uint64_t i = 0; value->lost_updates > 0 && i < kept; i++)
		if (value->recent[i].lost)
			draw_lost_write(timeline, canvas, &value->recent[i]);
}

static void draw_all_lost(const struct timeline *timeline, struct canvas *canvas)
{
	const struct world *world = timeline->scene->world;

	for (unsigned int id = 0; id < world->object_count; id++) {
		const struct world_object *object = world_object(world, id);
		if (object != NULL && object->kind == OBJECT_VALUE)
			draw_lost_updates(timeline, canvas, &object->value);
		for (size_t i = 0; object != NULL && i < object->element_count; i++)
			draw_lost_updates(timeline, canvas, &object->elements[i]);
	}
}

void timeline_draw_times(const struct timeline *timeline, struct canvas *canvas)
{
	for (int row = 0; row < timeline->rows; row++)
		draw_lane(timeline, canvas, row);
	draw_all_lost(timeline, canvas);
}
