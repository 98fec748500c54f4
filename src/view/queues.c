/* SPDX-License-Identifier: MIT */
/*
 * Queues, pipes and pools with what is in them. An item that was put can be in three places, and
 * they are shown apart: the buffer of the process that put it, the pipe, the reader.
 */
#include "base/utf8.h"
#include "view/items.h"
#include "world/changed.h"

enum { PIPE_ITEM_LEAST = 7 }; /* columns of an item that go before the names of who is at the ends */

static void add_item(struct text *out, const struct scene *scene, const struct world_item *item)
{
	const char *text = history_text(scene->history, item->event, NULL);

	if (text[0] != '\0')
		text_add(out, text);
	else
		text_printf(out, "#%u", item->number);
}

/* Columns that the rest of the line must keep for " +12 more" when items are left out. */
static int columns_for_rest(size_t left)
{
	int columns = 7;

	for (; left > 0; left /= 10)
		columns++;
	return columns;
}

void items_line(struct sheet *sheet, const struct scene *scene, bool moved, const char *label, int column,
                const struct pages *items)
{
	pane_mark_line(sheet, moved);
	sheet_text(sheet, STYLE_DIM, label);
	sheet_to_column(sheet, column);
	if (items->count == 0)
		sheet_text(sheet, STYLE_DIM, "empty");
	for (size_t i = 0; i < items->count; i++) {
		struct text text = TEXT_INIT;
		size_t left = items->count - i;
		add_item(&text, scene, world_item(items, i));
		int columns = (int)utf8_columns(text.bytes) + 2;
		bool fits = columns + (left > 1 ? columns_for_rest(left - 1) : 0) <= sheet_room(sheet);
		if (!fits && i > 0) {
			sheet_printf(sheet, STYLE_DIM, "+%zu more", left);
			text_release(&text);
			break;
		}
		if (i == 0)
			sheet_glyph(sheet, STYLE_MESSAGE, 0x25b8 /* ▸: next to leave */);
		sheet_text(sheet, i == 0 ? STYLE_STRONG : STYLE_MESSAGE, text.bytes);
		sheet_text(sheet, STYLE_PLAIN, left > 1 ? "  " : "");
		text_release(&text);
	}
	sheet_newline(sheet);
}

static void write_queue(struct sheet *sheet, const struct scene *scene, const struct world_object *queue)
{
	uint64_t since = pane_since(scene);
	const struct world *world = scene->world;

	pane_say_name(sheet, queue->name, changed(world, since, queue->id, EVENT_QUEUE_CLOSE, EVENT_QUEUE_TASK_DONE));
	if (queue->parameter > 0)
		sheet_printf(sheet, queue->slots >= queue->parameter ? STYLE_WAITING : STYLE_STRONG, "%llu of %u slots",
		             (unsigned long long)queue->slots, queue->parameter);
	else
		sheet_printf(sheet, STYLE_STRONG, "holds %llu%s", (unsigned long long)queue->slots, queue->closed ? "" : ", no bound");
	if (queue->joinable)
		sheet_printf(sheet, STYLE_STRONG, "  tasks open %llu",
		             (unsigned long long)(queue->tasks_put > queue->tasks_done ? queue->tasks_put - queue->tasks_done : 0));
	if (queue->closed)
		sheet_text(sheet, STYLE_DIM, ", closed");
	sheet_newline(sheet);
	items_line(sheet, scene, changed(world, since, queue->id, EVENT_QUEUE_PUT, EVENT_QUEUE_FEED), "buffer", 10, &queue->buffer);
	items_line(sheet, scene, changed(world, since, queue->id, EVENT_QUEUE_FEED, EVENT_QUEUE_GET), "pipe", 10, &queue->in_pipe);
	pane_say_waiters(sheet, scene, queue);
}

/* What several have sent into one end is theirs, not that of who was there last. */
static bool sent_by_several(const struct pages *items)
{
	for (size_t i = 1; i < items->count; i++)
		if (world_item(items, i)->actor != world_item(items, 0)->actor)
			return true;
	return false;
}

/* "child → MainProcess" as far as it is known who is at the ends, else "0 → 1". */
static void add_direction(struct text *out, const struct scene *scene, const struct world_object *pipe, int from, bool names)
{
	for (int i = 0; i < 2; i++) {
		int end = i == 0 ? from : 1 - from;
		if (names && i == 0 && sent_by_several(&pipe->direction[from]))
			text_add(out, "several");
		else if (names && pipe->end_user[end] != WORLD_NO_ACTOR)
			text_add(out, world_actor_name(scene->world, pipe->end_user[end]));
		else
			text_printf(out, names ? "end %d" : "%d", end);
		text_add(out, i == 0 ? " → " : "");
	}
}

static void write_direction(struct sheet *sheet, const struct scene *scene, const struct world_object *pipe, int from)
{
	struct text label = TEXT_INIT;
	int room = sheet->area.width - 2 - PIPE_ITEM_LEAST;

	add_direction(&label, scene, pipe, from, true);
	if ((int)utf8_columns(label.bytes) > room) {
		text_reset(&label);
		add_direction(&label, scene, pipe, from, false);
	}
	int columns = (int)utf8_columns(label.bytes) + 4;
	bool moved = changed_at(scene->world, pane_since(scene), pipe->id, EVENT_PIPE_SEND, (uint32_t)from) ||
	             changed_at(scene->world, pane_since(scene), pipe->id, EVENT_PIPE_RECV, (uint32_t)(1 - from));
	items_line(sheet, scene, moved, label.bytes, columns > 10 ? columns : 10, &pipe->direction[from]);
	text_release(&label);
}

/* Without buffer and slots: an item is in the pipe or gone. */
static void write_simple_queue(struct sheet *sheet, const struct scene *scene, const struct world_object *queue)
{
	sheet_text(sheet, STYLE_PLAIN, queue->name);
	sheet_text(sheet, STYLE_DIM, queue->closed ? "  simple  closed" : "  simple");
	sheet_newline(sheet);
	bool moved = changed(scene->world, pane_since(scene), queue->id, EVENT_SIMPLE_PUT, EVENT_SIMPLE_GET);
	items_line(sheet, scene, moved, "pipe", 10, &queue->in_pipe);
	pane_say_waiters(sheet, scene, queue);
}

static void write_pipe(struct sheet *sheet, const struct scene *scene, const struct world_object *pipe)
{
	bool duplex = pipe->parameter == 1;

	sheet_printf(sheet, STYLE_PLAIN, "%s", pipe->name);
	sheet_text(sheet, STYLE_DIM, duplex ? "  both ways" : "  one way");
	for (int end = 0; end < 2; end++)
		if (pipe->end_closed[end])
			sheet_printf(sheet, STYLE_WAITING, "  end %d closed", end);
	sheet_newline(sheet);
	if (duplex || pipe->direction[0].count > 0)
		write_direction(sheet, scene, pipe, 0);
	if (duplex || pipe->direction[0].count == 0)
		write_direction(sheet, scene, pipe, 1);
	pane_say_waiters(sheet, scene, pipe);
}

static void write_queues(struct sheet *sheet, const struct scene *scene)
{
	static void (*const writers[OBJECT_KIND_COUNT])(struct sheet *, const struct scene *, const struct world_object *) = {
		[OBJECT_QUEUE] = write_queue,
		[OBJECT_PIPE] = write_pipe,
		[OBJECT_POOL] = write_pool,
		[OBJECT_SIMPLE_QUEUE] = write_simple_queue,
	};

	for (unsigned int id = 1; id < scene->world->object_count && !(sheet->canvas != NULL && sheet_below(sheet)); id++) {
		const struct world_object *object = world_object(scene->world, id);
		if (object != NULL && object->kind < OBJECT_KIND_COUNT && writers[object->kind] != NULL)
			writers[object->kind](sheet, scene, object);
		sheet->indent = 0;
	}
}

static void queues_title(const struct scene *scene, struct text *out)
{
	static const struct pane_kind kinds[] = {{OBJECT_QUEUE, "queues"}, {OBJECT_SIMPLE_QUEUE, "simple queues"}, {OBJECT_PIPE, "pipes"}, {OBJECT_POOL, "pools"}, {0}};

	pane_say_kinds(scene, kinds, out);
}

static int queues_lines(const struct scene *scene, int width)
{
	return pane_count_lines(write_queues, scene, width);
}

static void queues_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	pane_draw_lines(write_queues, scene, canvas, area, scene->ui.scroll[PANE_QUEUES]);
}

const struct pane pane_queues = {.name = "queues", .title = queues_title, .lines = queues_lines, .draw = queues_draw};
