/* SPDX-License-Identifier: MIT */
/* Every role can be read on its ground, and what must be seen differs from what stands beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "view/look.h"

/* WCAG 2.1, "relative luminance" and "contrast ratio". */
static double channel(int rgb, int shift)
{
	double value = (rgb >> shift & 0xff) / 255.0;

	return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(int rgb)
{
	return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) + 0.0722 * channel(rgb, 0);
}

static double contrast(int a, int b)
{
	double x = luminance(a), y = luminance(b);

	return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

enum { AA = 45 }; /* tenths: what text of normal size needs */

static void every_hue_can_be_read(void **state)
{
	(void)state;
	for (int hue = HUE_GREY; hue < HUE_COUNT; hue++) {
		if (contrast(HUES[hue].on_dark, LOOK_DARK_GROUND) * 10 < AA || contrast(HUES[hue].on_light, LOOK_LIGHT_GROUND) * 10 < AA)
			fail_msg("hue %d: %.2f on dark, %.2f on light", hue, contrast(HUES[hue].on_dark, LOOK_DARK_GROUND),
			         contrast(HUES[hue].on_light, LOOK_LIGHT_GROUND));
	}
	assert_true(contrast(LOOK_DARK_TEXT, LOOK_DARK_GROUND) > 7);
	assert_true(contrast(LOOK_LIGHT_TEXT, LOOK_LIGHT_GROUND) > 7);
}

static bool same(struct look a, struct look b)
{
	return a.hue == b.hue && a.colored == b.colored;
}

static void what_matters_looks_different(void **state)
{
	static const unsigned int apart[] = {STYLE_PLAIN, STYLE_DIM, STYLE_READ, STYLE_WRITE, STYLE_SYNC, STYLE_MESSAGE, STYLE_LOST, STYLE_GOOD,
	                                     STYLE_READY, STYLE_SLEEPING};

	(void)state;
	for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(same(look_of(apart[i]), look_of(apart[k])));
}

static void styles_are_put_together(void **state)
{
	struct look look = look_of(STYLE_LOST | STYLE_REVERSE | STYLE_UNDERLINE);

	(void)state;
	assert_int_equal(look.hue, HUE_VERMILION);
	assert_int_equal(look.colored, LOOK_BOLD | LOOK_REVERSE | LOOK_UNDERLINE);
	assert_int_equal(look.plain, LOOK_BOLD | LOOK_UNDERLINE); /* without colours it is reversed already */
	assert_true(same(look_of(0x3f), look_of(STYLE_PLAIN)));   /* a role that there is not */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hue_can_be_read),
		cmocka_unit_test(what_matters_looks_different),
		cmocka_unit_test(styles_are_put_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
