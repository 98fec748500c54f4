/* SPDX-License-Identifier: MIT */
/* A pool from its making to its end; one of its workers may be killed. */

#include <errno.h>
#include <signal.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "end",
	 .choices = "kill|close|terminate",
	 .fallback = "kill",
	 .help = "a worker is killed at its task; or the pool is closed, or "
		 "terminated"},
	{0}};

static const struct lesson_variant variants[] = {
	{"kill", "end=kill", "map never returns, yet the pool works"},
	{"close", "end=close", "all four tasks are done"},
	{"terminate", "end=terminate", "what is not done is lost"},
	{0}};

static const struct lesson lesson = {
	.title = "A pool from start to end",
	.summary =
		"Two workers, four tasks of a second. The pool is closed and "
		"joined, or terminated; or a worker is killed at its task.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "returned: map had its results; refused: join came too "
		   "early, and a task too late; children: left at the end; "
		   "works: a task after the kill was done",
	.right =
		"returned only after close; refused; no child is left"};

static json_t *work(json_t *task)
{
	clock_sleep(1);
	if (lesson_is("end", "kill") && json_integer_value(task) == 2)
		raise(SIGKILL);
	return json_incref(task);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool closes = lesson_is("end", "close"),
	     kills = lesson_is("end", "kill");
	bool works = true;

	struct pool *pool = pool_new("pool", 2);
	print("%zu children are active", process_active_children());
	struct pool_result *result = pool_map_async(
		pool, work, json_pack("[i, i, i, i]", 1, 2, 3, 4), 1);
	bool refused = pool_join(pool) == -EBUSY;
	print(refused ? "join is refused: the pool is still running"
	              : "join has waited for a pool that runs");

	if (kills) {
		/* Ten seconds would do for all four. */
		json_t *values = pool_result_get(result, 10);
		print(values == NULL ? "after 10 s the map has not returned"
		                     : "the map has returned");
		json_decref(values);
		values = pool_apply(pool, work, json_integer(5));
		works = values != NULL;
		json_decref(values);
	}
	if (closes)
		pool_close(pool);
	else
		pool_terminate(pool);
	refused = pool_apply_async(pool, work, json_integer(6)) == NULL &&
	          refused;
	pool_join(pool);

	bool returned = pool_result_ready(result);
	size_t children = process_active_children();
	print("%zu children are left", children);
	pool_result_free(result);
	pool_free(pool);
	lesson_outcome(returned == closes && refused && works && children == 0,
	               returned ? "all done"
	               : kills  ? "a task was lost"
	                        : "work was lost",
	               json_pack("{s:b, s:b, s:I, s:b}", "returned", returned,
	                         "refused", refused, "children",
	                         (json_int_t)children, "works", works),
	               json_pack("{s:b}", "returned", closes));
	return lesson_end();
}
