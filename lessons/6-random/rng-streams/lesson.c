/* SPDX-License-Identifier: MIT */
/* Four processes, four streams: do they have to do with each other? */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "streams", .choices = "close|jump|counter",
	 .fallback = "close",
	 .help = "a little apart, 2^128 apart, or by counter and key"},
	{.name = "gap", .low = 1, .high = 100000, .fallback = "50",
	 .help = "close: how far apart the streams start"},
	{.name = "workers", .low = 2, .high = 8, .fallback = "4",
	 .help = "processes, each with a stream"},
	{.name = "numbers", .low = 20, .high = 10000, .fallback = "400",
	 .help = "how many each of them draws"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "streams=close", "what one draws, another drew before"},
	{"mended: jump ahead", "streams=jump", "too far apart to meet"},
	{"mended: counter", "streams=counter", "a key for each process"},
	{"far enough?", "streams=close gap=400", "just as long as they draw"},
	{0}};

static const struct lesson lesson = {
	.title = "Streams that meet",
	.summary = "Four processes draw from streams that start a little "
	           "apart. Two of them are plotted against each other.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "repeated: numbers that two streams have in common; "
	           "correlation: of the first two, at the shift where they are "
	           "alike, or at 0",
	.right = "none repeated, unless streams start closer than they last",
	.step_settings = "numbers=20 gap=5 workers=2"};

enum { MOST_WORKERS = 8, MOST_NUMBERS = 10000, ROWS = 10, COLUMNS = 40 };

static struct array *drawn[MOST_WORKERS]; /* the first numbers of each */
static double numbers[MOST_WORKERS][MOST_NUMBERS];

static struct random *stream_of(int worker)
{
	if (lesson_is("streams", "counter"))
		return random_new_stream("stream", 2023, (uint64_t)worker);

	struct random *stream = random_new("stream", 2023);
	for (int k = 0; k < worker; k++) {
		if (lesson_is("streams", "jump"))
			random_jump(stream);
		else
			random_skip(stream, (uint64_t)lesson_integer("gap"));
	}
	return stream;
}

static void draw(void *argument)
{
	int worker = *(int *)argument;
	struct random *stream = stream_of(worker);
	size_t count = array_length(drawn[worker]);

	for (size_t i = 0; i < count; i++)
		array_set_real(drawn[worker], i, random_sample(stream));
	random_free(stream);
}

/* Of a[shift], a[shift + 1] … with b[0], b[1] …; 0: nothing in common. */
static double correlation(const double *a, const double *b, int count,
                          int shift)
{
	double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
	int n = count - shift;

	for (int i = 0; i < n; i++) {
		double x = a[i + shift], y = b[i];
		sum_a += x;
		sum_b += y;
		sum_aa += x * x;
		sum_bb += y * y;
		sum_ab += x * y;
	}
	return (n * sum_ab - sum_a * sum_b) /
	       sqrt((n * sum_aa - sum_a * sum_a) *
	            (n * sum_bb - sum_b * sum_b));
}

static void plot(const double *a, const double *b, int count, int shift)
{
	char rows[ROWS][COLUMNS + 1];

	for (int row = 0; row < ROWS; row++) {
		memset(rows[row], ' ', COLUMNS);
		rows[row][COLUMNS] = '\0';
	}
	for (int i = 0; i + shift < count; i++)
		rows[(int)(b[i] * ROWS)][(int)(a[i + shift] * COLUMNS)] = '*';
	for (int row = ROWS - 1; row >= 0; row--)
		print("|%s|", rows[row]);
}

/* Each process draws into an array that main can read. */
static void draw_all(int workers, int count)
{
	struct process *processes[MOST_WORKERS];
	int ids[MOST_WORKERS];

	for (int k = 0; k < workers; k++) {
		char name[16];
		snprintf(name, sizeof(name), "drawn %d", k);
		drawn[k] = array_new_real(name, (size_t)count);
	}
	for (int k = 0; k < workers; k++) {
		ids[k] = k;
		processes[k] = process_new(NULL, draw, &ids[k]);
		process_start(processes[k]);
	}
	for (int k = 0; k < workers; k++)
		process_join(processes[k]);
	for (int k = 0; k < workers; k++)
		for (int i = 0; i < count; i++)
			numbers[k][i] = array_get_real(drawn[k], (size_t)i);
}

/* A number of 53 bits that comes twice does not do so by chance. */
static int count_repeated(int workers, int count)
{
	int repeated = 0;

	for (int k = 1; k < workers; k++)
		for (int i = 0; i < count; i++) {
			bool found = false;
			for (int j = 0; j < count && !found; j++)
				found = numbers[k][i] == numbers[k - 1][j];
			repeated += found;
		}
	return repeated;
}

/* Slides one over the other until they are alike; 0: they never are. */
static int shift_where_alike(const double *a, const double *b, int count)
{
	for (int shift = 0; shift <= count - 10; shift++)
		if (correlation(a, b, count, shift) > 0.9)
			return shift;
	return 0;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int workers = (int)lesson_integer("workers");
	int count = (int)lesson_integer("numbers");
	int gap = (int)lesson_integer("gap");

	draw_all(workers, count);
	int repeated = count_repeated(workers, count);
	int shift = shift_where_alike(numbers[0], numbers[1], count);
	double alike = correlation(numbers[0], numbers[1], count, shift);

	print("process 0, from its number %d on, against process 1:", shift);
	plot(numbers[0], numbers[1], count, shift);
	print("correlation %.2f, %d numbers repeated", alike, repeated);

	bool close = lesson_is("streams", "close") && gap < count;
	int expected = close ? (workers - 1) * (count - gap) : 0;
	char verdict[64] = "streams that have nothing in common";
	if (repeated > 0)
		snprintf(verdict, sizeof(verdict), "%d numbers repeated",
		         repeated);
	lesson_outcome(repeated == expected, verdict,
	               json_pack("{s:i, s:f, s:i}", "repeated", repeated,
	                         "correlation", alike, "shift", shift),
	               json_pack("{s:i}", "repeated", 0));
	return lesson_end();
}
