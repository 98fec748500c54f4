/* SPDX-License-Identifier: MIT */
/*
 * A string that grows. `bytes` is always NUL-terminated and never NULL; `struct text t = TEXT_INIT`
 * needs no allocation until something is added.
 *
 * Owns: its bytes. Runs in: both. May block: no.
 */
#ifndef LOCKSTEP_BASE_TEXT_H
#define LOCKSTEP_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
	char *bytes;
	size_t length;
	size_t capacity; /* 0: `bytes` is a constant "" */
};

extern char text_empty[1];
#define TEXT_INIT {.bytes = text_empty}

void text_init(struct text *text);
void text_release(struct text *text);              /* back to TEXT_INIT */
void text_reset(struct text *text);                /* empty, keeps the memory */
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_char(struct text *text, char c);
char *text_reserve(struct text *text, size_t more); /* room for `more` bytes behind the end, for who writes them himself … */
void text_set_length(struct text *text, size_t length); /* … and then says how long it is; or shorter than it was */
void text_add_unicode(struct text *text, unsigned int code_point); /* as UTF-8 */
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
char *text_detach(struct text *text);              /* the caller frees; text is TEXT_INIT again */

#endif
