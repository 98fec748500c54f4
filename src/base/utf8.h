/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 in and out, and the one place where foreign text is made safe to show: everything that
 * comes from a lesson (its text, its output, names, parameters, recordings) passes utf8_scrub()
 * once, on the way in, and nowhere else.
 *
 * Runs in: both. May block: no.
 */
#ifndef LOCKSTEP_BASE_UTF8_H
#define LOCKSTEP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Decodes one character from at most `length` bytes; returns the bytes used (at least 1) and the code
 * point, or U+FFFD for each byte that is not well-formed UTF-8 (Unicode 15, table 3-7).
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point);

/* Writes one character; returns the bytes used (1 … 4). `bytes` has room for 4. */
size_t utf8_encode(uint32_t code_point, char *bytes);

/*
 * Appends `bytes` made safe: C0 and C1 controls, DEL, bidirectional controls, zero-width and other
 * format characters, line and paragraph separators, unassigned tags and ill-formed bytes become a
 * visible stand-in (control pictures U+2400…, else U+FFFD). Tabs become a space. End of line is kept
 * only with `keep_lines`. Combining marks are kept, at most four in a row.
 */
void utf8_scrub(struct text *out, const char *bytes, size_t length, bool keep_lines);

/* Columns of one character on a terminal: 0, 1 or 2. By our own table (Unicode 15), not by the locale. */
int utf8_width(uint32_t code_point);
size_t utf8_columns(const char *string); /* of a whole NUL-terminated string */

/* How many bytes of `string` fit into `columns`. */
size_t utf8_fit(const char *string, size_t columns);

/* How many bytes are left of `length` when there is room for `most`: no character is cut in two. */
size_t utf8_cut(const char *bytes, size_t length, size_t most);

#endif
