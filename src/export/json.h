/* SPDX-License-Identifier: MIT */
/*
 * JSON, written by hand: millions of lines are printed, and their keys keep the order in which
 * they are added. Strings may hold any bytes that are UTF-8; quotes, controls and DEL are escaped.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_JSON_H
#define LOCKSTEP_EXPORT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

void json_open(struct text *out, char bracket);
void json_close(struct text *out, char bracket);
void json_comma(struct text *out); /* unless something was just opened, or the line begins */
void json_add_key(struct text *out, const char *key); /* with its comma; NULL: an element of an array */

void json_add_string(struct text *out, const char *key, const char *string);
void json_add_bytes(struct text *out, const char *key, const char *bytes, size_t length);
void json_add_integer(struct text *out, const char *key, int64_t value);
void json_add_natural(struct text *out, const char *key, uint64_t value);
void json_add_bool(struct text *out, const char *key, bool value);

/* The shortest decimal that reads back as the same double; null for what is no number. */
void json_add_real(struct text *out, const char *key, double value);

/* ns as seconds: up to nine decimals, no more than are needed, at least one. */
void json_add_seconds(struct text *out, const char *key, uint64_t ns);

/* A whole value, its strings made safe, reals as above, nested at most JSON_DEPTH_MAX deep (then null). NULL: null. */
enum { JSON_DEPTH_MAX = 64 };
void json_add_value(struct text *out, const char *key, const json_t *value);

#endif
