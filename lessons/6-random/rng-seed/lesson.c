/* SPDX-License-Identifier: MIT */
/* Each task seeds its own generator: the same numbers, whoever draws them. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "tasks", .low = 1, .high = 10000, .fallback = "20",
	 .help = "seeds 0, 1, 2 … and one number from each"},
	{.name = "workers", .low = 1, .high = 8, .fallback = "4",
	 .help = "processes in the pool"},
	{0}};

static const struct lesson_variant variants[] = {
	{"four workers", "workers=4", "numpy's numbers, to the last bit"},
	{"one worker", "workers=1", "the very same numbers"},
	{"a thousand", "tasks=1000", "and equal for every seed"},
	{0}};

static const struct lesson lesson = {
	.title = "A seed for each task",
	.summary = "Twenty tasks in a pool of four, each with its number as "
	           "its seed. It no longer matters who draws what.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "draws: the number that each seed gave, seed 0 first",
	.right = "numpy's RandomState(seed).uniform() for each seed",
	.step_settings = "tasks=6"};

enum { PUBLISHED = 20 };

/* numpy: np.random.RandomState(seed).uniform(), seed 0 to 19 */
static const double from_numpy[PUBLISHED] = {
	0.5488135039273248,  0.417022004702574,    0.43599490214200376,
	0.5507979025745755,  0.9670298390136767,   0.22199317108973948,
	0.8928601514360016,  0.07630828937395717,  0.8734294027918162,
	0.010374153885699955, 0.771320643266746,  0.1802696888767692,
	0.15416284237967237, 0.7777024105738202,   0.5139433437726902,
	0.8488176972685787,  0.22329107915353885,  0.2946650026871097,
	0.6503742417395917,  0.09753360174945158};

/* Every worker has its copy; a seed makes all copies alike. */
static struct random *generator;

static json_t *draw(json_t *task)
{
	random_seed(generator, (uint32_t)json_integer_value(task));
	return json_real(random_uniform(generator, 0, 1));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long tasks = lesson_integer("tasks");

	generator = random_new_from_system("generator");
	struct pool *pool = pool_new("pool", (int)lesson_integer("workers"));
	json_t *seeds = json_array();
	for (long seed = 0; seed < tasks; seed++)
		json_array_append_new(seeds, json_integer(seed));
	json_t *draws = pool_map(pool, draw, seeds, 1);
	pool_close(pool);
	pool_join(pool);

	for (long seed = 0; seed < tasks && seed < PUBLISHED; seed++) {
		char text[NUMBER_TEXT];
		json_t *number = json_array_get(draws, (size_t)seed);
		print("seed %2ld: %s", seed,
		      number_text(text, json_real_value(number)));
	}

	/* Above 19: drawn once more, one by one and without any pool. */
	json_t *expected = json_array();
	for (long seed = 0; seed < tasks; seed++) {
		json_t *task = json_integer(seed);
		json_array_append_new(expected, seed < PUBLISHED
			? json_real(from_numpy[seed]) : draw(task));
		json_decref(task);
	}
	bool right = json_equal(draws, expected);
	lesson_outcome(right, right ? "equal to numpy" : "not numpy's numbers",
	               json_pack("{s:o}", "draws", draws),
	               json_pack("{s:o}", "draws", expected));
	return lesson_end();
}
