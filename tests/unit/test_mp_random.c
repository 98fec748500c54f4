/* SPDX-License-Identifier: MIT */
/* Our MT19937 is numpy's to the last bit: against golden numbers, and against numpy itself where it is installed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mp/random.h"

/* RandomState(seed).uniform() for seed 0 … 19, numpy 1.24.2. */
static const double FIRST_DRAWS[20] = {
	0.5488135039273248, 0.417022004702574, 0.43599490214200376, 0.5507979025745755, 0.9670298390136767,
	0.22199317108973948, 0.8928601514360016, 0.07630828937395717, 0.8734294027918162, 0.010374153885699955,
	0.771320643266746, 0.1802696888767692, 0.15416284237967237, 0.7777024105738202, 0.5139433437726902,
	0.8488176972685787, 0.22329107915353885, 0.2946650026871097, 0.6503742417395917, 0.09753360174945158,
};

static void first_draws_are_numpys(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 20; seed++) {
		struct random *random = random_new("r", seed);
		assert_true(random_sample(random) == FIRST_DRAWS[seed]);
		random_free(random);
	}
}

/* The first word of seed 5489 and its 10,000th, as the C++ standard states it (26.6.5, mt19937). */
static void words_are_the_standards(void **state)
{
	(void)state;
	struct random *random = random_new("r", 5489);
	assert_int_equal(random_bits(random), 3499211612u);
	uint32_t word = 0;
	for (int i = 1; i < 10000; i++)
		word = random_bits(random);
	assert_int_equal(word, 4123659995u);
	random_free(random);
}

static void seeding_again_repeats(void **state)
{
	(void)state;
	struct random *random = random_new("r", 3);
	random_sample(random);
	random_seed(random, 0);
	assert_true(random_sample(random) == FIRST_DRAWS[0]);
	random_free(random);
}

static void uniform_scales(void **state)
{
	(void)state;
	struct random *random = random_new("r", 7);
	assert_true(random_uniform(random, -3.5, 12.25) == -3.5 + 15.75 * FIRST_DRAWS[7]);
	random_free(random);
}

static void fill_is_the_same_stream(void **state)
{
	(void)state;
	struct random *one = random_new("one", 11), *many = random_new("many", 11);
	double numbers[1000];
	random_fill(many, numbers, 1000);
	for (int i = 0; i < 1000; i++)
		assert_true(random_sample(one) == numbers[i]);
	assert_true(random_sample(one) == random_sample(many));
	random_fill(many, numbers, 0);
	random_free(one);
	random_free(many);
}

static void system_seeds_differ(void **state)
{
	(void)state;
	struct random *one = random_new_from_system("one"), *other = random_new_from_system("other");
	/* Equal by chance once in 2**64. */
	assert_false(random_bits(one) == random_bits(other) && random_bits(one) == random_bits(other));
	random_free(one);
	random_free(other);
}

/* Truth 18: a fork copies the state, so the child repeats its parent's stream. */
static void fork_copies_the_stream(void **state)
{
	(void)state;
	struct random *random = random_new("r", 1);
	random_sample(random);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		double number = random_sample(random);
		_exit(write(ends[1], &number, sizeof number) != sizeof number);
	}
	double childs = -1;
	assert_int_equal(read(ends[0], &childs, sizeof childs), sizeof childs);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(ends[0]);
	close(ends[1]);
	assert_true(childs == random_sample(random));
	random_free(random);
}

/* ---- against numpy ---- */

static const char NUMPY_PROGRAM[] =
	"import numpy, sys\n"
	"out = sys.stdout.write\n"
	"for seed in range(1000): out(float(numpy.random.RandomState(seed).uniform()).hex() + '\\n')\n"
	"for seed in (0, 42, 4294967295):\n"
	"    for x in numpy.random.RandomState(seed).random_sample(10000): out(float(x).hex() + '\\n')\n";

static FILE *start_numpy(void)
{
	const char *python = access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
	char command[1024];
	snprintf(command, sizeof command, "%s -c 'import numpy' 2>/dev/null", python);
	if (system(command) != 0)
		return NULL;
	snprintf(command, sizeof command, "%s -c \"%s\"", python, NUMPY_PROGRAM);
	return popen(command, "r");
}

static void expect_next(FILE *numpy, struct random *random)
{
	char line[64];
	assert_non_null(fgets(line, sizeof line, numpy));
	assert_true(strtod(line, NULL) == random_sample(random));
}

static void equals_numpy(void **state)
{
	(void)state;
	FILE *numpy = start_numpy();
	if (numpy == NULL) {
		print_message("no numpy here: only the golden numbers were compared\n");
		skip();
	}
	for (uint32_t seed = 0; seed < 1000; seed++) {
		struct random *random = random_new("r", seed);
		expect_next(numpy, random);
		random_free(random);
	}
	static const uint32_t seeds[] = {0, 42, 4294967295u};
	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		struct random *random = random_new("r", seeds[i]);
		for (int draw = 0; draw < 10000; draw++)
			expect_next(numpy, random);
		random_free(random);
	}
	assert_int_equal(pclose(numpy), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_draws_are_numpys),
		cmocka_unit_test(words_are_the_standards),
		cmocka_unit_test(seeding_again_repeats),
		cmocka_unit_test(uniform_scales),
		cmocka_unit_test(fill_is_the_same_stream),
		cmocka_unit_test(system_seeds_differ),
		cmocka_unit_test(fork_copies_the_stream),
		cmocka_unit_test(equals_numpy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
