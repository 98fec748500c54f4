/* SPDX-License-Identifier: MIT */
/* Shared values: what they hold, held, who wrote, who holds an old one, what was lost. Generators of random numbers, too. */
#include "view/items.h"
#include "view/mark.h"
#include "view/pane.h"

enum {
	FULL_VALUES = 3,  /* more values than that, or several where it is narrow: a line each */
	FULL_WIDTH = 48,
	ELEMENT_COLUMNS = 8, /* about what an element of an array takes */
	ARRAY_LINES = 3,     /* of an array that is long */
	FEW_GENERATORS = 2,  /* more than that: those that only one draws from are counted */
	SHOWN_HOLDERS = 8,
	NAMES_WIDTH = 48, /* columns from which on names stand before what was drawn, not the numbers of lanes */
	READS_WIDTH = 40, /* columns from which on the number of reads is told, too */
};

static void say_number(struct sheet *sheet, unsigned int style, int64_t value, bool real)
{
	struct text text = TEXT_INIT;

	mark_number(&text, value, real);
	sheet_flow(sheet, style, text.bytes);
	text_release(&text);
}

/* A number with a dot before it, if the last step brought it. */
static void say_news(struct sheet *sheet, const struct scene *scene, uint64_t event)
{
	if (event >= pane_since(scene))
		sheet_flow(sheet, STYLE_NOTICE, "•");
}

static const struct world_write *recent(const struct world_value *value, uint64_t write)
{
	return &value->recent[write % WORLD_VALUE_HISTORY];
}

static int number_columns(int64_t value, bool real)
{
	struct text text = TEXT_INIT;

	mark_number(&text, value, real);
	int columns = (int)text.length;
	text_release(&text);
	return columns;
}

/* How many of the last writes fit on the rest of the line. */
static uint64_t writes_that_fit(struct sheet *sheet, const struct world_value *value)
{
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY, shown = 0;
	int room = sheet_room(sheet) - 2 - number_columns(value->initial, value->real);

	while (shown < kept) {
		room -= 1 + number_columns(recent(value, value->writes - 1 - shown)->value, value->real);
		if (room < 0)
			break;
		shown++;
	}
	return shown;
}

/* "200→201→199": the last writes, those that overwrote another's unseen marked. */
static void say_writes(struct sheet *sheet, const struct world_value *value)
{
	sheet_flow_end(sheet);
	sheet_to_column(sheet, sheet->column + 2);
	uint64_t shown = writes_that_fit(sheet, value);
	if (shown == 0)
		return;
	if (shown == value->writes)
		say_number(sheet, STYLE_DIM, value->initial, value->real);
	else
		sheet_flow(sheet, STYLE_DIM, "…");
	for (uint64_t write = value->writes - shown; write < value->writes; write++) {
		sheet_flow(sheet, STYLE_DIM, "→");
		say_number(sheet, recent(value, write)->lost ? STYLE_LOST : STYLE_PLAIN, recent(value, write)->value, value->real);
	}
}

static void say_counts(struct sheet *sheet, const struct scene *scene, const struct world_value *value)
{
	sheet_to_column(sheet, 2);
	if (value->writes == 0 || sheet->area.width >= READS_WIDTH)
		sheet_flow_printf(sheet, STYLE_DIM, "%llu %s, ", (unsigned long long)value->reads,
		                  value->reads == 1 ? "read" : "reads");
	sheet_flow_printf(sheet, STYLE_DIM, "%llu %s", (unsigned long long)value->writes,
	                  value->writes == 1 ? "write" : "writes");
	if (value->writes > 0)
		sheet_flow_printf(sheet, STYLE_DIM, ", last by %s",
		                  world_actor_name(scene->world, recent(value, value->writes - 1)->actor));
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

/* Who has read and not yet written back; old values are what the next write will lose. */
static void say_holders(struct sheet *sheet, const struct scene *scene, const struct world_value *value, bool only_stale)
{
	int shown = 0;

	for (size_t i = 0; i < value->reader_count && shown < SHOWN_HOLDERS; i++) {
		const struct world_reader *reader = &value->readers[i];
		const struct world_actor *actor = world_actor(scene->world, reader->actor);
		bool stale = world_is_stale(value, reader);
		if (!reader->pending || actor == NULL || actor->state == ACTOR_EXITED || (only_stale && !stale))
			continue;
		unsigned int style = stale ? STYLE_LOST : STYLE_READ;
		pane_mark_line(sheet, reader->event >= pane_since(scene));
		sheet_flow_printf(sheet, style, "%s holds %s", actor->name, stale ? "an old " : "");
		say_number(sheet, style, reader->value, value->real);
		sheet_flow_end(sheet);
		sheet_newline(sheet);
		shown++;
	}
}

static void write_value(struct sheet *sheet, const struct scene *scene, const struct world_object *object, bool full)
{
	const struct world_value *value = &object->value;

	sheet->indent = 4;
	sheet_flow_printf(sheet, STYLE_PLAIN, "%s  ", object->name);
	if (value->writes > 0)
		say_news(sheet, scene, recent(value, value->writes - 1)->event);
	say_number(sheet, STYLE_STRONG, value->value, value->real);
	if (!full && value->lost_updates > 0)
		sheet_flow_printf(sheet, STYLE_LOST, "  %llu lost", (unsigned long long)value->lost_updates);
	say_writes(sheet, value);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	if (!full) {
		say_holders(sheet, scene, value, true);
		return;
	}
	pane_mark_line(sheet, value->lost_updates > 0 && value->last_lost.event >= pane_since(scene));
	sheet_printf(sheet, value->lost_updates > 0 ? STYLE_LOST : STYLE_PLAIN, "lost updates %llu",
	             (unsigned long long)value->lost_updates);
	sheet_newline(sheet);
	say_holders(sheet, scene, value, false);
	say_counts(sheet, scene, value);
}

static bool is_newest(const struct world_object *array, const struct world_value *element)
{
	return element->writes > 0 && recent(element, element->writes - 1)->event == array->last_event;
}

/* Of a long array only what fits into some lines is shown, with the element that was written last. */
static size_t first_shown(const struct world_object *array, size_t fits)
{
	size_t newest = 0;

	for (size_t i = 0; i < array->element_count; i++)
		newest = is_newest(array, &array->elements[i]) ? i : newest;
	if (array->element_count <= fits || newest < fits * 2 / 3)
		return 0;
	size_t first = newest - fits * 2 / 3, last = array->element_count - fits;
	return first < last ? first : last;
}

static void write_array(struct sheet *sheet, const struct scene *scene, const struct world_object *object)
{
	size_t fits = (size_t)(sheet->area.width > ELEMENT_COLUMNS ? sheet->area.width / ELEMENT_COLUMNS : 1) * ARRAY_LINES;
	size_t first = first_shown(object, fits), end = first + fits;
	uint64_t lost = 0;

	sheet->indent = 2;
	sheet_flow_printf(sheet, STYLE_PLAIN, "%s[%u] ", object->name, object->parameter);
	if (first > 0)
		sheet_flow(sheet, STYLE_DIM, " …");
	for (size_t i = 0; i < object->element_count; i++) {
		const struct world_value *element = &object->elements[i];
		lost += element->lost_updates;
		if (i < first || i >= end)
			continue;
		sheet_flow(sheet, STYLE_PLAIN, " ");
		if (element->writes > 0)
			say_news(sheet, scene, recent(element, element->writes - 1)->event);
		say_number(sheet, is_newest(object, element) ? STYLE_WRITE : STYLE_STRONG, element->value, element->real);
	}
	if (object->element_count < object->parameter || end < object->element_count)
		sheet_flow(sheet, STYLE_DIM, " …");
	if (lost > 0)
		sheet_flow_printf(sheet, STYLE_LOST, "  lost updates %llu", (unsigned long long)lost);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

/* ---- random ---- */

/* Drawn by another actor as well, among the last draws that are kept. */
static bool drawn_twice(const struct world_value *value, uint64_t kept, const struct world_write *draw)
{
	for (uint64_t i = value->writes - kept; i < value->writes; i++)
		if (recent(value, i)->value == draw->value && recent(value, i)->actor != draw->actor)
			return true;
	return false;
}

static void say_draws_of(struct sheet *sheet, const struct scene *scene, const struct world_value *value, uint64_t kept,
                         uint16_t actor)
{
	bool name = sheet->area.width >= NAMES_WIDTH;
	const struct world_write *last = recent(value, value->writes - 1);

	pane_mark_line(sheet, last->actor == actor && last->event >= pane_since(scene));
	pane_say_lane(sheet, scene, actor, name);
	sheet_to_column(sheet, name ? sheet->column + 2 : 5);
	for (uint64_t i = value->writes - kept; i < value->writes; i++) {
		if (recent(value, i)->actor != actor)
			continue;
		bool twice = drawn_twice(value, kept, recent(value, i));
		say_number(sheet, twice ? STYLE_LOST : STYLE_STRONG, recent(value, i)->value, true);
		if (twice)
			sheet_flow(sheet, STYLE_LOST, "=");
		sheet_flow(sheet, STYLE_PLAIN, " ");
	}
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

static void write_random(struct sheet *sheet, const struct scene *scene, const struct world_object *object, bool draws)
{
	const struct world_value *value = &object->value;
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY;
	struct text drawn = TEXT_INIT;

	sheet->indent = 5;
	sheet_printf(sheet, STYLE_PLAIN, "%s  ", object->name);
	sheet_printf(sheet, STYLE_DIM, "seed %lld", (long long)value->initial);
	text_printf(&drawn, ", %llu drawn", (unsigned long long)value->writes);
	if ((size_t)sheet_room(sheet) >= drawn.length)
		sheet_text(sheet, STYLE_DIM, drawn.bytes);
	sheet_newline(sheet);
	text_release(&drawn);
	bool twice = false;
	for (uint64_t i = value->writes - kept; draws && i < value->writes; i++) {
		bool said = false;
		for (uint64_t before = value->writes - kept; before < i; before++)
			said = said || recent(value, before)->actor == recent(value, i)->actor;
		if (!said)
			say_draws_of(sheet, scene, value, kept, recent(value, i)->actor);
		twice = twice || drawn_twice(value, kept, recent(value, i));
	}
	if (!twice)
		return;
	sheet_to_column(sheet, 2);
	sheet_text(sheet, STYLE_LOST, "= drawn by another as well");
	sheet_newline(sheet);
}

static bool has_several_drawers(const struct world_value *value)
{
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY;

	for (uint64_t i = value->writes - kept; i < value->writes; i++)
		if (recent(value, i)->actor != recent(value, value->writes - 1)->actor)
			return true;
	return false;
}

static bool is_counted(const struct world_object *object)
{
	return object != NULL && object->kind == OBJECT_RANDOM && !has_several_drawers(&object->value);
}

/* Whether a generator before `id` was given the same seed. */
static bool seed_was_there(const struct scene *scene, unsigned int id)
{
	for (unsigned int before = 1; before < id; before++)
		if (is_counted(world_object(scene->world, before)) &&
		    world_object(scene->world, before)->value.initial == world_object(scene->world, id)->value.initial)
			return true;
	return false;
}

/* "8 generators, 8 seeds": one that only one process draws from says no more than that. */
static void write_generators(struct sheet *sheet, const struct scene *scene, unsigned int count)
{
	unsigned int seeds = 0;

	for (unsigned int id = 1; id < scene->world->object_count; id++)
		seeds += is_counted(world_object(scene->world, id)) && !seed_was_there(scene, id);
	sheet_printf(sheet, STYLE_DIM, "%u generators, %u %s", count, seeds, seeds == 1 ? "seed" : "seeds");
	sheet_newline(sheet);
}

/* ---- the pane ---- */

/* How many values there are, and generators that need only be counted. */
struct tally {
	unsigned int values, generators;
};

static struct tally count_objects(const struct scene *scene)
{
	struct tally tally = {0};

	for (unsigned int id = 1; id < scene->world->object_count; id++) {
		const struct world_object *object = world_object(scene->world, id);
		tally.values += object != NULL && object->kind == OBJECT_VALUE;
		tally.generators += is_counted(object);
	}
	return tally;
}

static void write_object(struct sheet *sheet, const struct scene *scene, const struct world_object *object,
                         const struct tally *tally)
{
	bool alone = tally->values == 1 && !pane_has_kind(scene, OBJECT_POOL);
	bool full = alone || (tally->values <= FULL_VALUES && sheet->area.width >= FULL_WIDTH);

	if (object->kind == OBJECT_VALUE)
		write_value(sheet, scene, object, full);
	else if (object->kind == OBJECT_ARRAY)
		write_array(sheet, scene, object);
	else if (object->kind == OBJECT_MANAGER)
		write_manager(sheet, scene, object);
	else if (object->kind == OBJECT_RANDOM && (tally->generators <= FEW_GENERATORS || !is_counted(object)))
		write_random(sheet, scene, object, !is_counted(object) || sheet->area.width >= FULL_WIDTH);
	sheet->indent = 0;
}

static void write_shared(struct sheet *sheet, const struct scene *scene)
{
	struct tally tally = count_objects(scene);

	for (unsigned int id = 1; id < scene->world->object_count && !(sheet->canvas != NULL && sheet_below(sheet)); id++)
		if (world_object(scene->world, id) != NULL)
			write_object(sheet, scene, world_object(scene->world, id), &tally);
	if (tally.generators > FEW_GENERATORS)
		write_generators(sheet, scene, tally.generators);
}

static int shared_lines(const struct scene *scene, int width)
{
	return pane_count_lines(write_shared, scene, width);
}

static void shared_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	if (shared_lines(scene, area.width) == 0)
		canvas_text_wrapped(canvas, area, "nothing is shared yet", STYLE_DIM);
	pane_draw_lines(write_shared, scene, canvas, area, scene->ui.scroll[PANE_SHARED]);
}

static void shared_title(const struct scene *scene, struct text *out)
{
	static const struct pane_kind random[] = {{OBJECT_MANAGER, "managers"}, {OBJECT_RANDOM, "random numbers"}, {0}};

	if (pane_has_kind(scene, OBJECT_VALUE) || pane_has_kind(scene, OBJECT_ARRAY) ||
	    (!pane_has_kind(scene, OBJECT_RANDOM) && !pane_has_kind(scene, OBJECT_MANAGER)))
		text_add(out, "shared");
	pane_say_kinds(scene, random, out);
}

/* The panes that have given their room away are told here. */
static void shared_note(const struct scene *scene, struct rect area, struct text *out)
{
	if (pane_locks.lines(scene, area.width) == 0)
		text_add(out, "no locks");
	if (pane_queues.lines(scene, area.width) == 0)
		text_printf(out, "%sno queues", out->length > 0 ? ", " : "");
}

const struct pane pane_shared = {
	.name = "shared",
	.title = shared_title,
	.lines = shared_lines,
	.draw = shared_draw,
	.note = shared_note,
};
