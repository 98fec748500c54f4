/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static bool is_surrogate(uint32_t code_point)
{
	return code_point >= 0xd800 && code_point <= 0xdfff;
}

static void every_character_goes_round(void **state)
{
	(void)state;
	char bytes[4];
	uint32_t back;

	for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++) {
		if (is_surrogate(code_point))
			continue;
		size_t length = utf8_encode(code_point, bytes);
		if (utf8_decode(bytes, length, &back) != length || back != code_point)
			fail_msg("U+%04X came back as U+%04X", (unsigned int)code_point, (unsigned int)back);
	}
}

static void what_is_no_character_is_encoded_as_replacement(void **state)
{
	(void)state;
	char bytes[4];

	assert_int_equal(utf8_encode(0xd800, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
	assert_int_equal(utf8_encode(0x110000, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
}

/* Round trips and the exact number of accepted sequences: then nothing else is accepted. */
static void only_well_formed_bytes_are_accepted(void **state)
{
	(void)state;
	size_t twos = 0, threes = 0, four_prefixes = 0;
	uint32_t ignored;

	for (unsigned int bits = 0; bits < 0x1000000; bits++) {
		char bytes[4] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits, (char)0x80};
		if ((bits & 0xff) == 0)
			twos += utf8_decode(bytes, 2, &ignored) == 2;
		threes += utf8_decode(bytes, 3, &ignored) == 3;
		if ((bits & 0xff) == 0x80)
			four_prefixes += utf8_decode(bytes, 4, &ignored) == 4;
	}
	assert_int_equal(twos, 0x800 - 0x80);
	assert_int_equal(threes, 0x10000 - 0x800 - 0x800);
	assert_int_equal(four_prefixes, 0x100000 / 0x1000);
}

static void cut_sequences_are_ill_formed(void **state)
{
	(void)state;
	uint32_t code_point;

	for (size_t length = 1; length < 4; length++) {
		assert_int_equal(utf8_decode("\xf0\x9f\x90\x91", length, &code_point), 1);
		assert_int_equal(code_point, 0xfffd);
	}
}

static void assert_scrubbed(const char *bytes, size_t length, bool keep_lines, const char *expected)
{
	struct text out = TEXT_INIT;

	utf8_scrub(&out, bytes, length, keep_lines);
	assert_string_equal(out.bytes, expected);
	text_release(&out);
}

#define assert_scrubs(bytes, expected) assert_scrubbed(bytes, sizeof(bytes) - 1, false, expected)

static void scrub_leaves_text_alone(void **state)
{
	(void)state;
	assert_scrubs("", "");
	assert_scrubs("balance 201 ~", "balance 201 ~");
	assert_scrubs("Grüße, 世界 ━▮ 🐑", "Grüße, 世界 ━▮ 🐑");
	assert_scrubs("e\xcc\x81t\xcc\xa7", "e\xcc\x81t\xcc\xa7");
}

static void scrub_shows_controls(void **state)
{
	(void)state;
	assert_scrubs("\033]52;c;aGk=\007", "␛]52;c;aGk=␇");
	assert_scrubs("a\0b\177c", "a␀b␡c");
	assert_scrubs("a\tb\r\n", "a b␍␊");
	assert_scrubs("\xc2\x9b" "31m\xc2\x85", "�31m�"); /* C1: CSI, NEL */
	assert_scrubbed("a\r\nb\n", 5, true, "a␍\nb\n");
}

static void scrub_shows_what_is_ill_formed(void **state)
{
	(void)state;
	assert_scrubs("\xff\xc0\x80", "���");
	assert_scrubs("\xed\xa0\x80", "���");   /* a surrogate */
	assert_scrubs("\xe2\x82", "��");        /* cut */
	assert_scrubs("\xe2\x82" "A", "��A");
	assert_scrubs("\x9b" "31m", "�31m");    /* CSI as a single byte */
}

static void scrub_shows_format_characters(void **state)
{
	static const uint32_t bad[] = {
		0x00ad, 0x034f, 0x061c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029,
		0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2064, 0x2065, 0x2066, 0x2067, 0x2068, 0x2069,
		0x206f, 0x3164, 0xfdd0, 0xfe00, 0xfe0f, 0xfeff, 0xfff9, 0xfffb, 0xfffe, 0xffff, 0x1d173, 0xe0000,
		0xe0001, 0xe0020, 0xe0041, 0xe007f, 0xe0080, 0xe0100, 0xe01ef, 0x10ffff,
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char bytes[4];
		assert_scrubbed(bytes, utf8_encode(bad[i], bytes), true, "�");
	}
}

#define ACUTE "\xcc\x81"

static void scrub_limits_marks(void **state)
{
	(void)state;
	assert_scrubs("a" ACUTE ACUTE ACUTE ACUTE, "a" ACUTE ACUTE ACUTE ACUTE);
	assert_scrubs("a" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "b" ACUTE, "a" ACUTE ACUTE ACUTE ACUTE "b" ACUTE);
	assert_scrubs(ACUTE "a", "◌" ACUTE "a");                          /* nothing before it to join */
	assert_scrubbed("a\n" ACUTE, 4, true, "a\n◌" ACUTE);
	assert_scrubs("\xe1\x85\xa1", "◌\xe1\x85\xa1");                   /* a Hangul vowel alone */
}

/* What holds of scrubbed text whatever went in. */
static void assert_safe(const struct text *text)
{
	size_t in_a_row = 0;
	uint32_t code_point;

	for (size_t i = 0; i < text->length;) {
		size_t used = utf8_decode(text->bytes + i, text->length - i, &code_point);
		if (used == 1)
			assert_in_range(code_point, 0x20, 0x7e);
		assert_false(code_point >= 0x7f && code_point < 0xa0);
		in_a_row = utf8_width(code_point) == 0 ? in_a_row + 1 : 0;
		assert_true(in_a_row <= 4);
		i += used;
	}
}

static void scrubbed_text_is_safe_and_stays_as_it_is(void **state)
{
	(void)state;
	struct text once = TEXT_INIT, twice = TEXT_INIT;
	uint32_t random = 12345;

	for (int round = 0; round < 20000; round++) {
		char bytes[40];
		size_t length = 0;
		while (length < 32) {
			random = random * 1664525 + 1013904223;
			if (random & 0x1000000)
				bytes[length++] = (char)(random >> 16);
			else
				length += utf8_encode((random >> 8) % ((random & 1) ? 0x400 : 0x110000), bytes + length);
		}
		text_reset(&once);
		utf8_scrub(&once, bytes, length, false);
		assert_safe(&once);
		text_reset(&twice);
		utf8_scrub(&twice, once.bytes, once.length, false);
		assert_string_equal(once.bytes, twice.bytes);
	}
	text_release(&once);
	text_release(&twice);
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0x00e9), 1);   /* é */
	assert_int_equal(utf8_width(0x2501), 1);   /* ━ */
	assert_int_equal(utf8_width(0x25b6), 1);   /* ▶, ambiguous */
	assert_int_equal(utf8_width(0x0301), 0);   /* combining acute */
	assert_int_equal(utf8_width(0x10efd), 0);  /* a mark new in Unicode 15 */
	assert_int_equal(utf8_width(0x1160), 0);   /* Hangul vowel filler */
	assert_int_equal(utf8_width(0x1100), 2);   /* Hangul leading consonant */
	assert_int_equal(utf8_width(0x3042), 2);   /* あ */
	assert_int_equal(utf8_width(0x4e16), 2);   /* 世 */
	assert_int_equal(utf8_width(0x3ffff), 0);  /* noncharacter */
	assert_int_equal(utf8_width(0x3fffd), 2);  /* not assigned, in a plane of ideographs */
	assert_int_equal(utf8_width(0xff21), 2);   /* Ａ */
	assert_int_equal(utf8_width(0xff71), 1);   /* ｱ, half width */
	assert_int_equal(utf8_width(0x1f411), 2);  /* 🐑 */
	assert_int_equal(utf8_width(0x1fae8), 2);  /* an emoji new in Unicode 15 */
	assert_int_equal(utf8_width(0x1b), 0);
	assert_int_equal(utf8_width(0x9b), 0);
	assert_int_equal(utf8_width(0x200b), 0);
}

static void columns_and_fit(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns(""), 0);
	assert_int_equal(utf8_columns("ab━"), 3);
	assert_int_equal(utf8_columns("世界 e" ACUTE), 6);
	assert_int_equal(utf8_columns("\xff"), 1);
	assert_int_equal(utf8_fit("abc", 2), 2);
	assert_int_equal(utf8_fit("abc", 9), 3);
	assert_int_equal(utf8_fit("世界", 3), 3);          /* the second would need a fourth column */
	assert_int_equal(utf8_fit("世界", 4), 6);
	assert_int_equal(utf8_fit("e" ACUTE "x", 1), 3);   /* with its mark */
	assert_int_equal(utf8_fit("abc", 0), 0);
}

static void cut_between_characters(void **state)
{
	(void)state;
	const char text[] = "a\u20ac\U0001f600";

	assert_int_equal(utf8_cut(text, 8, 100), 8);
	assert_int_equal(utf8_cut(text, 8, 8), 8);
	for (size_t most = 4; most < 8; most++)
		assert_int_equal(utf8_cut(text, 8, most), 4);
	assert_int_equal(utf8_cut(text, 8, 3), 1);
	assert_int_equal(utf8_cut(text, 8, 0), 0);
	assert_int_equal(utf8_cut("\x80\x80\x80", 3, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_goes_round),
		cmocka_unit_test(what_is_no_character_is_encoded_as_replacement),
		cmocka_unit_test(only_well_formed_bytes_are_accepted),
		cmocka_unit_test(cut_sequences_are_ill_formed),
		cmocka_unit_test(scrub_leaves_text_alone),
		cmocka_unit_test(scrub_shows_controls),
		cmocka_unit_test(scrub_shows_what_is_ill_formed),
		cmocka_unit_test(scrub_shows_format_characters),
		cmocka_unit_test(scrub_limits_marks),
		cmocka_unit_test(scrubbed_text_is_safe_and_stays_as_it_is),
		cmocka_unit_test(widths),
		cmocka_unit_test(columns_and_fit),
		cmocka_unit_test(cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
