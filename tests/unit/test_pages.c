/* SPDX-License-Identifier: MIT */
/* Arrays whose copies share: against plain arrays, with many copies at once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "world/pages.h"

enum { COPIES = 6, MOST = 64, MOVES = 20000 };

static const struct page_kind NUMBERS = {.size = sizeof(uint32_t), .shift = 2}; /* tiny: four a page */

struct twin {
	struct pages pages;
	uint32_t plain[MOST];
	size_t count;
};

static void assert_equal_twins(const struct twin *twin)
{
	assert_int_equal(twin->pages.count, twin->count);
	for (size_t i = 0; i < twin->count; i++)
		assert_int_equal(*(const uint32_t *)pages_at(&twin->pages, i), twin->plain[i]);
}

static void add(struct twin *twin, uint32_t number)
{
	uint32_t *added = pages_add(&twin->pages);
	*added = twin->plain[twin->count++] = number;
}

static void edit(struct twin *twin, size_t at, uint32_t number)
{
	uint32_t *edited = pages_edit(&twin->pages, at);
	assert_int_equal(*edited, twin->plain[at]);
	*edited = twin->plain[at] = number;
}

static void drop_first(struct twin *twin)
{
	pages_drop_first(&twin->pages);
	memmove(twin->plain, twin->plain + 1, --twin->count * sizeof *twin->plain);
}

static void cut(struct twin *twin, size_t count)
{
	pages_cut(&twin->pages, count);
	twin->count = count;
}

static void copy(struct twin *to, const struct twin *from)
{
	if (to == from)
		return;
	pages_release(&to->pages);
	*to = *from;
	pages_share(&to->pages, &from->pages);
}

static void move(struct twin *twins, uint32_t number)
{
	struct twin *twin = &twins[rand() % COPIES];
	switch (rand() % 8) {
	case 0: copy(twin, &twins[rand() % COPIES]); break;
	case 1: cut(twin, (size_t)rand() % (twin->count + 1)); break;
	case 2:
	case 3: if (twin->count > 0) drop_first(twin); break;
	case 4: if (twin->count > 0) edit(twin, (size_t)rand() % twin->count, number); break;
	default: if (twin->count < MOST) add(twin, number); break;
	}
}

static void copies_do_not_see_each_other(void **state)
{
	struct twin twins[COPIES];
	size_t held = 0;
	(void)state;
	srand(1);
	for (int i = 0; i < COPIES; i++) {
		pages_init(&twins[i].pages, &NUMBERS, &held);
		twins[i].count = 0;
	}
	for (uint32_t number = 0; number < MOVES; number++) {
		move(twins, number);
		for (int i = 0; i < COPIES; i++)
			assert_equal_twins(&twins[i]);
	}
	for (int i = 0; i < COPIES; i++)
		pages_release(&twins[i].pages);
	assert_int_equal(held, 0);
}

static void a_copy_holds_no_page_of_its_own_until_it_is_changed(void **state)
{
	struct pages first, copy;
	size_t held = 0;
	(void)state;
	pages_init(&first, &NUMBERS, &held);
	for (uint32_t i = 0; i < 40; i++)
		memcpy(pages_add(&first), &i, sizeof i);
	size_t alone = held;
	assert_int_equal(alone, pages_bytes(&first));
	pages_share(&copy, &first);
	assert_int_equal(held, alone);
	assert_int_equal(pages_copy_bytes(&first), 10 * sizeof(void *) + 2 * alone / 10);
	pages_edit(&copy, 17);
	pages_edit(&copy, 18);
	assert_int_equal(held, alone + alone / 10); /* one page of ten */
	pages_release(&first);
	assert_int_equal(held, alone);
	pages_release(&copy);
	assert_int_equal(held, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_do_not_see_each_other),
		cmocka_unit_test(a_copy_holds_no_page_of_its_own_until_it_is_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
