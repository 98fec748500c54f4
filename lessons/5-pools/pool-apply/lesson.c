/* SPDX-License-Identifier: MIT */
/* Ten calls: each waited for at once, or all given away and asked for later. */

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "how",
	 .choices = "apply|apply_async",
	 .fallback = "apply",
	 .help = "wait for each call, or give all away first"},
	{.name = "workers",
	 .low = 1,
	 .high = 8,
	 .fallback = "4",
	 .help = "processes in the pool"},
	{.name = "calls",
	 .low = 1,
	 .high = 100,
	 .fallback = "10",
	 .help = "calls, a tenth of a second each"},
	{0}};

static const struct lesson_variant variants[] = {
	{"apply", "how=apply", "1 s: one call after the other"},
	{"apply_async", "how=apply_async", "0.3 s: four at a time"},
	{0}};

static const struct lesson lesson = {
	.title = "apply waits, apply_async does not",
	.summary =
		"Ten calls for four workers. apply waits for each result, so "
		"three workers have nothing to do. Then a call of ten "
		"seconds is waited for only one.",
	.parameters = parameters,
	.variants = variants,
	.outcome =
		"seconds: for all the calls, to a tenth; timed_out: the long "
		"call was not waited for; works: the pool goes on after it",
	.right = "never sooner than the calls take; timed_out and works",
	.step_settings = "calls=4 workers=2"};

static json_t *nap(json_t *seconds)
{
	clock_sleep(json_number_value(seconds));
	return json_pack("{s:i}", "pid", (int)getpid());
}

static void tell(long call, json_t *result)
{
	json_t *pid = json_object_get(result, "pid");

	print("call %ld: by PID %d", call, (int)json_integer_value(pid));
	json_decref(result);
}

static void one_after_the_other(struct pool *pool, long calls)
{
	for (long i = 0; i < calls; i++)
		tell(i, pool_apply(pool, nap, json_real(0.1)));
}

static void all_at_once(struct pool *pool, long calls)
{
	struct pool_result *results[100];

	for (long i = 0; i < calls; i++)
		results[i] = pool_apply_async(pool, nap, json_real(0.1));
	for (long i = 0; i < calls; i++) {
		tell(i, pool_result_get(results[i], -1));
		pool_result_free(results[i]);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long calls = lesson_integer("calls"),
	     workers = lesson_integer("workers");
	bool async = lesson_is("how", "apply_async");
	struct pool *pool = pool_new("pool", (int)workers);

	double began = clock_seconds();
	if (async)
		all_at_once(pool, calls);
	else
		one_after_the_other(pool, calls);
	double seconds = round((clock_seconds() - began) * 10) / 10;
	long at_a_time = async ? workers : 1;
	double least = (double)((calls + at_a_time - 1) / at_a_time) / 10;
	print("%ld calls in %.1f s", calls, seconds);

	/* Too long to wait for. The call goes on all the same. */
	struct pool_result *lengthy =
		pool_apply_async(pool, nap, json_real(10));
	json_t *value = pool_result_get(lengthy, 1);
	bool timed_out = value == NULL && errno == ETIMEDOUT;
	print(timed_out ? "not ready after 1 s" : "ready already");
	json_decref(value);

	value = workers > 1 ? pool_apply(pool, nap, json_real(0.1)) : NULL;
	bool works = workers == 1 || value != NULL;
	json_decref(value);
	pool_terminate(pool);
	pool_join(pool);
	pool_result_free(lengthy);
	pool_free(pool);

	lesson_outcome(seconds >= least - 0.05 && timed_out && works,
	               async ? "together" : "one after the other",
	               json_pack("{s:f, s:b, s:b}", "seconds", seconds,
	                         "timed_out", timed_out, "works", works),
	               json_pack("{s:f, s:b, s:b}", "seconds", least,
	                         "timed_out", true, "works", true));
	return lesson_end();
}
