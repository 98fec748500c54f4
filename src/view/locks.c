/* SPDX-License-Identifier: MIT */
/* Locks with holder and waiters, semaphores, conditions, event flags, barriers. */
#include "view/pane.h"
#include "world/changed.h"

enum {
	BARRIER_DOTS = 20,
	HANDOVERS_WIDTH = 46,
	FEW_LOCKS = 2, /* more than that: one that nobody ever waited for has no line for its counts */
};

static unsigned int count_locks(const struct scene *scene)
{
	unsigned int count = 0;

	for (unsigned int id = 1; id < scene->world->object_count; id++)
		count += world_object(scene->world, id) != NULL && world_object(scene->world, id)->kind == OBJECT_LOCK;
	return count;
}

/* "fork 1  held by Hypatia": on the next line as well where the names are long. */
static void say_holder(struct sheet *sheet, const struct scene *scene, const struct world_object *lock, const char *words)
{
	sheet->indent = 2;
	pane_say_name(sheet, lock->name,
	              changed(scene->world, pane_since(scene), lock->id, EVENT_LOCK_ACQUIRE, EVENT_LOCK_RELEASE,
	                      EVENT_RLOCK_ACQUIRE, EVENT_RLOCK_RELEASE));
	if (lock->holder == WORLD_NO_ACTOR)
		sheet_flow(sheet, STYLE_GOOD, "free");
	else
		sheet_flow_printf(sheet, STYLE_SYNC, "%s %s", words, world_actor_name(scene->world, lock->holder));
}

static void write_lock(struct sheet *sheet, const struct scene *scene, const struct world_object *lock)
{
	say_holder(sheet, scene, lock, "held by");
	if (lock->acquisitions == 0 && lock->holder == WORLD_NO_ACTOR)
		sheet_flow(sheet, STYLE_DIM, ", never taken");
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	pane_say_waiters(sheet, scene, lock);
	bool crowded = count_locks(scene) > FEW_LOCKS || pane_has_kind(scene, OBJECT_POOL);
	if (lock->acquisitions == 0 || (lock->contended == 0 && crowded))
		return;
	sheet_to_column(sheet, 2);
	sheet_printf(sheet, STYLE_DIM, "taken %llu, waited for %llu", (unsigned long long)lock->acquisitions,
	             (unsigned long long)lock->contended);
	if (sheet->area.width >= HANDOVERS_WIDTH)
		sheet_printf(sheet, STYLE_DIM, ", changed hands %llu", (unsigned long long)lock->handovers);
	sheet_newline(sheet);
}

static void write_rlock(struct sheet *sheet, const struct scene *scene, const struct world_object *rlock)
{
	say_holder(sheet, scene, rlock, "owned by");
	if (rlock->depth > 1)
		sheet_flow_printf(sheet, STYLE_SYNC, ", %u deep", rlock->depth);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	pane_say_waiters(sheet, scene, rlock);
}

static void say_actors(struct sheet *sheet, const struct scene *scene, enum style style, const char *what,
                       const uint16_t *actors, size_t count)
{
	if (count == 0)
		return;
	sheet->indent = 4;
	sheet_to_column(sheet, 2);
	sheet_flow(sheet, style, what);
	for (size_t i = 0; i < count && i < PANE_WAITERS; i++)
		sheet_flow_printf(sheet, style, " %s", world_actor_name(scene->world, actors[i]));
	if (count > PANE_WAITERS)
		sheet_flow_printf(sheet, style, " and %zu more", count - PANE_WAITERS);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
}

/* A mark would be taken for one of the dots behind it. */
static void say_name_before_dots(struct sheet *sheet, const char *name, bool changed)
{
	pane_say_name(sheet, name, changed);
	sheet_text(sheet, STYLE_PLAIN, changed ? " " : "");
}

/* Dots: what is left of what it started with; one that was released too often has more of them. */
static void write_semaphore(struct sheet *sheet, const struct scene *scene, const struct world_object *semaphore)
{
	int64_t count = semaphore->count > 0 ? semaphore->count : 0;
	int64_t dots = count > semaphore->start ? count : semaphore->start;

	say_name_before_dots(sheet, semaphore->name,
	                     changed(scene->world, pane_since(scene), semaphore->id, EVENT_SEMAPHORE_ACQUIRE, EVENT_SEMAPHORE_RELEASE));
	for (int64_t i = 0; i < dots && dots <= BARRIER_DOTS; i++)
		sheet_glyph(sheet, i >= semaphore->start ? STYLE_LOST : i < count ? STYLE_GOOD : STYLE_DIM,
		            i < count ? 0x25cf /* ● */ : 0x25cb /* ○ */);
	sheet_printf(sheet, count > 0 ? STYLE_GOOD : STYLE_WAITING, " %lld of %lld", (long long)count,
	             (long long)semaphore->start);
	if (semaphore->parameter != 0)
		sheet_text(sheet, STYLE_DIM, ", bounded");
	sheet_newline(sheet);
	say_actors(sheet, scene, STYLE_SYNC, "taken by:", semaphore->holders, semaphore->holder_count);
	pane_say_waiters(sheet, scene, semaphore);
}

static void write_condition(struct sheet *sheet, const struct scene *scene, const struct world_object *condition)
{
	uint16_t sleepers[PANE_WAITERS];
	size_t count = world_sleepers(scene->world, condition->id, sleepers, PANE_WAITERS);

	sheet->indent = 2;
	pane_say_name(sheet, condition->name,
	              changed(scene->world, pane_since(scene), condition->id, EVENT_CONDITION_WAIT, EVENT_CONDITION_NOTIFY,
	                      EVENT_CONDITION_WOKEN));
	if (count == 0)
		sheet_flow(sheet, STYLE_DIM, "nobody sleeps");
	else
		sheet_flow_printf(sheet, STYLE_WAITING, "%zu %s", count, count == 1 ? "sleeps" : "sleep");
	if (condition->notifications == 1)
		sheet_flow(sheet, STYLE_DIM, ", notified once");
	else if (condition->notifications > 0)
		sheet_flow_printf(sheet, STYLE_DIM, ", notified %llu times", (unsigned long long)condition->notifications);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	say_actors(sheet, scene, STYLE_WAITING, "asleep:", sleepers, count);
}

static void write_flag(struct sheet *sheet, const struct scene *scene, const struct world_object *flag)
{
	pane_say_name(sheet, flag->name, changed(scene->world, pane_since(scene), flag->id, EVENT_EVENT_SET, EVENT_EVENT_CLEAR));
	sheet_text(sheet, flag->set ? STYLE_GOOD : STYLE_WAITING, flag->set ? "● set" : "○ clear");
	sheet_newline(sheet);
	pane_say_waiters(sheet, scene, flag);
}

static void write_barrier(struct sheet *sheet, const struct scene *scene, const struct world_object *barrier)
{
	say_name_before_dots(sheet, barrier->name,
	                     changed(scene->world, pane_since(scene), barrier->id, EVENT_BARRIER_WAIT, EVENT_BARRIER_PASS,
	                             EVENT_BARRIER_ABORT, EVENT_BARRIER_RESET));
	for (uint32_t i = 0; i < barrier->parameter && barrier->parameter <= BARRIER_DOTS; i++)
		sheet_glyph(sheet, i < barrier->arrived ? STYLE_SYNC : STYLE_DIM, i < barrier->arrived ? 0x25cf /* ● */ : 0x25cb /* ○ */);
	if (barrier->broken)
		sheet_text(sheet, STYLE_LOST, " broken");
	else
		sheet_printf(sheet, STYLE_SYNC, " %u of %u", barrier->arrived, barrier->parameter);
	sheet_newline(sheet);
	pane_say_waiters(sheet, scene, barrier);
	sheet_to_column(sheet, 2);
	sheet_printf(sheet, STYLE_DIM, "passed %u %s", barrier->generation, barrier->generation == 1 ? "time" : "times");
	sheet_newline(sheet);
}

/* A lock that went with its process: nobody will ever take it again. */
static bool is_gone(const struct scene *scene, const struct world_object *object)
{
	const struct world_actor *creator = world_actor(scene->world, object->creator);

	return object->kind == OBJECT_LOCK && object->holder == WORLD_NO_ACTOR && creator != NULL &&
	       creator->parent != WORLD_NO_ACTOR && creator->state == ACTOR_EXITED;
}

static void write_locks(struct sheet *sheet, const struct scene *scene)
{
	static void (*const writers[OBJECT_KIND_COUNT])(struct sheet *, const struct scene *, const struct world_object *) = {
		[OBJECT_LOCK] = write_lock,
		[OBJECT_RLOCK] = write_rlock,
		[OBJECT_SEMAPHORE] = write_semaphore,
		[OBJECT_CONDITION] = write_condition,
		[OBJECT_EVENT] = write_flag,
		[OBJECT_BARRIER] = write_barrier,
	};

	for (unsigned int id = 1; id < scene->world->object_count && !(sheet->canvas != NULL && sheet_below(sheet)); id++) {
		const struct world_object *object = world_object(scene->world, id);
		if (object != NULL && object->kind < OBJECT_KIND_COUNT && writers[object->kind] != NULL &&
		    !is_gone(scene, object))
			writers[object->kind](sheet, scene, object);
		sheet->indent = 0;
	}
}

static void locks_title(const struct scene *scene, struct text *out)
{
	static const struct pane_kind kinds[] = {
		{OBJECT_LOCK, "locks"}, {OBJECT_RLOCK, "rlocks"}, {OBJECT_SEMAPHORE, "semaphores"},
		{OBJECT_CONDITION, "conditions"}, {OBJECT_EVENT, "events"}, {OBJECT_BARRIER, "barriers"}, {0}};

	pane_say_kinds(scene, kinds, out);
}

static int locks_lines(const struct scene *scene, int width)
{
	return pane_count_lines(write_locks, scene, width);
}

static void locks_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	pane_draw_lines(write_locks, scene, canvas, area, scene->ui.scroll[PANE_LOCKS]);
}

const struct pane pane_locks = {.name = "locks", .title = locks_title, .lines = locks_lines, .draw = locks_draw};
