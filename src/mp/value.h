/* SPDX-License-Identifier: MIT */
/*
 * Value and Array: multiprocessing.Value, Array (CPython 3.11, Lib/multiprocessing/sharedctypes.py)
 * in memory that parent and children share. Each get is one real load and each set one real store:
 * `value_set(v, value_get(v) + 1)` is not atomic, as `v.value += 1` is not, though the value
 * has a lock of its own: take value_lock() around the two to make it so.
 *
 * Make them before the fork that is to share them. Out of range, as any exception that nobody
 * catches, ends the process with status 1.
 *
 * Runs in: lesson. May block: under the gate only.
 */
#ifndef LOCKSTEP_MP_VALUE_H
#define LOCKSTEP_MP_VALUE_H

#include <stddef.h>
#include <stdint.h>

struct lock;
struct value;
struct array;

struct value *value_new(const char *name, int64_t initial);      /* Value('q', initial) */
struct value *value_new_real(const char *name, double initial);  /* Value('d', initial) */
/*
 * Value(typecode, initial) of an integer type: b B h H i I l L q Q, or c, a byte. What is stored is cut to the
 * type, as in C. NULL and errno EINVAL: no such type.
 */
struct value *value_new_typed(const char *name, char typecode, int64_t initial);
int64_t value_get(struct value *value);
void value_set(struct value *value, int64_t number);
double value_get_real(struct value *value);
void value_set_real(struct value *value, double number);
struct lock *value_lock(struct value *value);                    /* v.get_lock() */
void value_free(struct value *value);

struct array *array_new(const char *name, size_t length);        /* Array('q', length): zeroed */
struct array *array_new_real(const char *name, size_t length);   /* Array('d', length) */
struct array *array_new_typed(const char *name, char typecode, size_t length); /* as value_new_typed() */
int64_t array_get(struct array *array, size_t index);
void array_set(struct array *array, size_t index, int64_t number);
double array_get_real(struct array *array, size_t index);
void array_set_real(struct array *array, size_t index, double number);
size_t array_length(const struct array *array);
struct lock *array_lock(struct array *array);
void array_free(struct array *array);

#endif
