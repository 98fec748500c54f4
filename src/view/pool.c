/* SPDX-License-Identifier: MIT */
#include "view/items.h"
#include "view/mark.h"
#include "world/changed.h"

enum {
	NEAR_TASKS = 512,   /* so many on either side of those at work are looked at, for names and the chart */
	SHOWN_WORKERS = 16,
	LONG_NAME = 20,     /* columns before the chart, with names of workers or with their numbers */
	SHORT_NAME = 5,
	CHART_LEAST = 26,   /* columns of a chart that go before names */
};

/* The name in a task's arguments: what stands first in '["Ibrahim", 5]'. */
static void add_task_name(struct text *out, const struct scene *scene, const struct world_task *task)
{
	const char *text = task->submit_event != HISTORY_NONE ? history_text(scene->history, task->submit_event, NULL) : "";

	size_t before = out->length;
	mark_short(out, text);
	if (out->length == before)
		text_printf(out, "#%u", narrative_task_index(task->number));
}

/* Whether the last step brought a task into that state; of one that was lost it is the end of its worker that tells. */
static bool has_newcomer(const struct scene *scene, const struct world_object *pool, uint8_t state)
{
	static const uint8_t coming[TASK_STATES] = {
		[TASK_QUEUED] = EVENT_POOL_SUBMIT, [TASK_RUNNING] = EVENT_POOL_TASK, [TASK_CANCELLED] = EVENT_FUTURE_CANCEL};
	uint64_t since = pane_since(scene);

	if (coming[state] != EVENT_UNKNOWN)
		return changed(scene->world, since, pool->id, coming[state]);
	for (size_t i = 0; i < pool->tasks.count; i++) {
		const struct world_task *task = world_task_at(pool, i);
		if (task->state == state && task->done_event != HISTORY_NONE && task->done_event >= since)
			return true;
	}
	return false;
}

/* Those that nobody has taken are the last ones: what happens, happens before them. */
struct near {
	size_t first, end;
};

static struct near tasks_near(const struct world_object *pool)
{
	size_t count = pool->tasks.count, queued = pool->tasks_in[TASK_QUEUED];
	size_t taken = count > queued ? count - queued : 0;

	return (struct near){.first = taken > NEAR_TASKS ? taken - NEAR_TASKS : 0,
	                     .end = count - taken > NEAR_TASKS ? taken + NEAR_TASKS : count};
}

/* "running" and the tasks in that state, as they flow. */
static void say_tasks(struct sheet *sheet, const struct scene *scene, const struct world_object *pool, uint8_t state,
                      const char *label, unsigned int style)
{
	struct near near = tasks_near(pool);
	size_t said = 0;

	sheet->indent = 10;
	pane_mark_line(sheet, has_newcomer(scene, pool, state));
	sheet_text(sheet, STYLE_DIM, label);
	sheet_to_column(sheet, 10);
	sheet_flow_printf(sheet, pool->tasks_in[state] > 0 ? style : (unsigned int)STYLE_DIM, "%u%s", pool->tasks_in[state],
	                  pool->tasks_in[state] > 0 ? ":" : "");
	for (size_t i = near.first; i < near.end && said < 6; i++) {
		if (world_task_at(pool, i)->state != state)
			continue;
		struct text name = TEXT_INIT;
		add_task_name(&name, scene, world_task_at(pool, i));
		sheet_flow_printf(sheet, style, " %s", name.bytes);
		text_release(&name);
		said++;
	}
	if (said < pool->tasks_in[state])
		sheet_flow(sheet, STYLE_DIM, " …");
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

/* ---- the chart: a line a worker, time across ---- */

static void draw_bar(struct sheet *sheet, const struct scene *scene, const struct world_task *task, int x, int width)
{
	bool running = task->state == TASK_RUNNING;
	uint64_t whole = scene->world->time > 0 ? scene->world->time : 1;
	uint64_t ended = running ? scene->world->time : task->ended;
	int from = x + (int)((double)task->started / (double)whole * width);
	int to = x + (int)((double)ended / (double)whole * width);
	unsigned int style = running ? STYLE_RUNNING : task->state == TASK_DONE ? STYLE_MESSAGE : STYLE_LOST;
	struct text name = TEXT_INIT;

	if (to <= from)
		to = from + 1;
	struct rect bar = {sheet->area.x + from, sheet_y(sheet), to - from, 1};
	canvas_fill(sheet->canvas, bar, 0x2501 /* ━ */, style);
	add_task_name(&name, scene, task);
	if (to - from > 2)
		canvas_text_fit(sheet->canvas, bar.x, bar.y, to - from - 1, name.bytes, style);
	if (!running)
		canvas_put(sheet->canvas, bar.x + bar.width - 1, bar.y, 0x2502 /* │ */, style);
	text_release(&name);
}

static void write_worker(struct sheet *sheet, const struct scene *scene, const struct world_object *pool, uint16_t worker, int x)
{
	struct near near = tasks_near(pool);
	bool shown = sheet->canvas != NULL && sheet->line >= sheet->first && !sheet_below(sheet);

	sheet_to_column(sheet, 2);
	pane_say_lane(sheet, scene, worker, x == LONG_NAME);
	for (size_t i = near.first; shown && i < near.end; i++)
		if (world_task_at(pool, i)->worker == worker)
			draw_bar(sheet, scene, world_task_at(pool, i), x, sheet->area.width - x);
	sheet_newline(sheet);
}

static void write_chart(struct sheet *sheet, const struct scene *scene, const struct world_object *pool)
{
	bool any = pool->tasks_in[TASK_QUEUED] < pool->tasks.count;
	int shown = 0, x = sheet->area.width - LONG_NAME < CHART_LEAST ? SHORT_NAME : LONG_NAME;

	if (!any || scene->world->time == 0)
		return; /* there is nothing to be seen across time */
	for (unsigned int id = 0; id < scene->world->actor_count && shown < SHOWN_WORKERS; id++) {
		const struct world_actor *actor = world_actor(scene->world, id);
		if (actor == NULL || actor->pool != pool->id || pool->id == 0)
			continue;
		write_worker(sheet, scene, pool, (uint16_t)id, x);
		shown++;
	}
}

void write_pool(struct sheet *sheet, const struct scene *scene, const struct world_object *pool)
{
	pane_say_name(sheet, pool->name,
	              changed(scene->world, pane_since(scene), pool->id, EVENT_POOL_CLOSE, EVENT_POOL_TERMINATE,
	                      EVENT_EXECUTOR_BROKEN, EVENT_EXECUTOR_SHUTDOWN));
	sheet_printf(sheet, STYLE_PLAIN, "%u %s", pool->parameter, pool->parameter == 1 ? "worker" : "workers");
	if (pool->closed)
		sheet_text(sheet, pool->broken ? STYLE_LOST : STYLE_DIM,
		           pool->broken ? "  broken" : pool->terminated ? "  terminated" : "  closed");
	sheet_newline(sheet);
	if (!pool->closed || pool->tasks_in[TASK_QUEUED] > 0)
		say_tasks(sheet, scene, pool, TASK_QUEUED, "queued", STYLE_WAITING);
	if (!pool->closed || pool->tasks_in[TASK_RUNNING] > 0)
		say_tasks(sheet, scene, pool, TASK_RUNNING, "running", STYLE_RUNNING);
	say_tasks(sheet, scene, pool, TASK_DONE, "done", STYLE_GOOD);
	if (pool->tasks_in[TASK_FAILED] > 0)
		say_tasks(sheet, scene, pool, TASK_FAILED, "failed", STYLE_LOST);
	if (pool->tasks_in[TASK_LOST] > 0)
		say_tasks(sheet, scene, pool, TASK_LOST, "lost", STYLE_LOST);
	if (pool->tasks_in[TASK_CANCELLED] > 0)
		say_tasks(sheet, scene, pool, TASK_CANCELLED, "off", STYLE_DIM);
	write_chart(sheet, scene, pool);
}
