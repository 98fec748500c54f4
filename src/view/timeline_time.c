/* SPDX-License-Identifier: MIT */
/*
 * The timeline of a free run: each column is a bucket of time. A lane walks through its actor's
 * events bucket by bucket, guessing from each how far the next will be: the cost grows with the
 * columns, not with the events.
 */
#include "view/mark.h"
#include "view/timeline.h"

enum { CLOSEST = 40, BUSY = 8 };

/* The end of the run so far: the clock goes on while nothing happens. */
static uint64_t end_of_run(const struct scene *scene)
{
	uint64_t count = history_count(scene->history);
	uint64_t end = count > 0 ? history_at(scene->history, count - 1)->time : 0;

	if (!scene_past(scene) && scene->run.seconds * 1e9 > (double)end && scene->run.seconds < 1e9)
		end = (uint64_t)(scene->run.seconds * 1e9);
	return end;
}

void timeline_place_columns_by_time(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	int zoom = scene->ui.zoom < 0 ? 0 : scene->ui.zoom > CLOSEST ? CLOSEST : scene->ui.zoom;
	uint64_t end = end_of_run(scene), width = (uint64_t)timeline->history_width;

	if (width == 0)
		return;
	uint64_t bucket = (end >> zoom) / width + 1, span = bucket * width;
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
	const struct history *history;
	unsigned int actor;
	uint64_t count;
	uint64_t next;   /* the first event after the last bucket, by number */
	uint64_t stride; /* how many the last bucket had: a guess for the next */
};

static uint64_t time_nth(const struct walk *walk, uint64_t n)
{
	return history_at(walk->history, history_actor_nth(walk->history, walk->actor, n))->time;
}

/* Narrows [*low, *high): *low is not after `to`, *high is, or is the end. From the guess outwards, in growing steps. */
static void bracket(const struct walk *walk, uint64_t to, uint64_t *low, uint64_t *high)
{
	uint64_t step = walk->stride / 16 + 1;
	uint64_t guess = *low + walk->stride < walk->count ? *low + walk->stride : walk->count - 1;

	if (time_nth(walk, guess) > to) {
		uint64_t floor = *low;
		for (*high = guess;; *high = *low, step *= 2) {
			*low = *high > floor + step ? *high - step : floor;
			if (*low == floor || time_nth(walk, *low) <= to)
				return;
		}
	}
	for (*low = guess;; *low = *high, step *= 2) {
		*high = *low + step < walk->count ? *low + step : walk->count;
		if (*high == walk->count || time_nth(walk, *high) > to)
			return;
	}
}

/* Goes on to the first event after `to`. */
static void walk_on(struct walk *walk, uint64_t to)
{
	uint64_t low = walk->next, high;

	if (low >= walk->count || time_nth(walk, low) > to)
		return;
	bracket(walk, to, &low, &high);
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;
		if (time_nth(walk, middle) <= to)
			low = middle;
		else
			high = middle;
	}
	walk->stride = high - walk->next;
	walk->next = high;
}

/* What a bucket holds, as far as it was looked at: from its end, at most BUSY events. */
struct bucket {
	bool busy;                     /* there are more */
	const struct wire_event *last; /* the actor's own, in the bucket or before it; NULL: none yet */
	const struct wire_event *told; /* the latest in it that is worth a letter: sleep is not where there is another */
	bool lost;                     /* an update was lost by one of them */
};

static struct bucket look_into(const struct scene *scene, const struct walk *walk, uint64_t from)
{
	struct bucket bucket = {0};
	uint64_t n = walk->next;

	for (int looked = 0; n > 0; looked++) {
		uint64_t index = history_actor_nth(walk->history, walk->actor, --n);
		const struct wire_event *event = history_at(walk->history, index);
		bool within = event->time >= from, told = mark_is_told(event->kind);
		if (looked == BUSY || (!within && bucket.last != NULL)) {
			bucket.busy = within;
			break;
		}
		if (told)
			continue;
		bucket.last = bucket.last != NULL ? bucket.last : event;
		if (!within)
			break;
		bucket.lost = bucket.lost || mark_lost(scene->world, index);
		if (event_kind_info(event->kind)->mark != 0 && (bucket.told == NULL || bucket.told->kind == EVENT_SLEEP))
			bucket.told = event;
	}
	return bucket;
}

struct cell_look {
	uint32_t glyph;
	unsigned int style;
};

static struct cell_look look_of(const struct bucket *bucket)
{
	if (bucket->last == NULL)
		return (struct cell_look){' ', STYLE_PLAIN};
	if (bucket->lost)
		return (struct cell_look){'W', STYLE_LOST};
	if (bucket->busy)
		return (struct cell_look){0x2592 /* ▒ */, STYLE_RUNNING};
	if (bucket->told != NULL)
		return (struct cell_look){(uint32_t)event_kind_info(bucket->told->kind)->mark, mark_style(bucket->told->kind)};
	struct mark_filler filler = mark_filler(event_kind_info(bucket->last->kind)->state_after, false);
	return (struct cell_look){filler.glyph, filler.style};
}

static void draw_lane(const struct timeline *timeline, struct canvas *canvas, int row)
{
	const struct scene *scene = timeline->scene;
	struct walk walk = {.history = scene->history, .actor = timeline->lanes[timeline->first + (size_t)row]};
	uint64_t end = end_of_run(scene);

	walk.count = history_actor_count(walk.history, walk.actor);
	walk.stride = walk.count / (uint64_t)(timeline->column_count + 1);
	for (int i = 0; i < timeline->column_count && timeline->columns[i].from <= end; i++) {
		const struct timeline_column *column = &timeline->columns[i];
		walk_on(&walk, column->to);
		struct bucket bucket = look_into(scene, &walk, column->from);
		struct cell_look look = look_of(&bucket);
		canvas_put(canvas, timeline->area.x + timeline->history_x + column->x, timeline->area.y + row, look.glyph,
		           column->future ? (unsigned int)STYLE_DIM : look.style);
	}
}

void timeline_draw_times(const struct timeline *timeline, struct canvas *canvas)
{
	for (int row = 0; row < timeline->rows; row++)
		draw_lane(timeline, canvas, row);
}
