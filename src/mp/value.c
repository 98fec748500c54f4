/* SPDX-License-Identifier: MIT */
/*
 * An integer, of whatever type, and a real number lie in one 64-bit word, loaded and stored at once: a reader
 * never sees half of a write. Nothing more is promised: relaxed loads and stores, as plain memory.
 */
#include "mp/value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mp/lock_internal.h"
#include "mp/process.h"
#include "mp/shared.h"
#include "probe/probe.h"

#define NOINLINE __attribute__((noinline))

/* What value and array share. */
struct cell_head {
	struct lock lock;
	size_t size;     /* bytes of the whole, for the unmapping */
	uint16_t object;
	bool is_unsigned;
	uint8_t cut;     /* how many of the word's bits an integer of this type has not: 0 for 'q' */
};

struct value {
	_Atomic int64_t word;
	struct cell_head head;
};

struct array {
	struct cell_head head;
	size_t length;
	_Atomic int64_t words[];
};

static inline int64_t load(_Atomic int64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

static inline void store(_Atomic int64_t *word, int64_t bits)
{
	atomic_store_explicit(word, bits, memory_order_relaxed);
}

static inline int64_t bits_of(double real)
{
	int64_t bits;
	memcpy(&bits, &real, sizeof bits);
	return bits;
}

static inline double real_of(int64_t bits)
{
	double real;
	memcpy(&real, &bits, sizeof real);
	return real;
}

/* ---- types ---- */

static const struct type {
	char typecode;
	bool is_unsigned;
	uint8_t size;
} types[] = {
	{'c', true, 1},          {'b', false, 1},           {'B', true, 1},
	{'h', false, 2},         {'H', true, 2},            {'i', false, sizeof(int)}, {'I', true, sizeof(int)},
	{'l', false, sizeof(long)}, {'L', true, sizeof(long)}, {'q', false, 8},        {'Q', true, 8},
};

static const struct type *type_of(char typecode)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i].typecode == typecode)
			return &types[i];
	errno = EINVAL;
	return NULL;
}

static void set_type(struct cell_head *head, const struct type *type)
{
	head->is_unsigned = type->is_unsigned;
	head->cut = (uint8_t)(64 - 8 * type->size);
}

static inline int64_t fit(const struct cell_head *head, int64_t number)
{
	uint64_t shifted = (uint64_t)number << head->cut;
	return head->is_unsigned ? (int64_t)(shifted >> head->cut) : (int64_t)shifted >> head->cut;
}

/* ---- watched loads and stores, of a value or of an element ---- */

static inline unsigned int with_lock(const struct cell_head *head, unsigned int flags)
{
	return lock_held_here(&head->lock) ? flags | EVENT_LOCKED : flags;
}

static NOINLINE void stop_at_gate(const struct cell_head *head, enum event_kind kind, int64_t bits,
                                  uint32_t index, unsigned int flags, uint32_t place)
{
	probe_gate_slow(&(struct probe_intent){.kind = kind, .object = head->object, .aux = index, .value = bits,
	                                       .flags = flags, .place = place});
}

static inline int64_t load_watched(_Atomic int64_t *word, const struct cell_head *head, enum event_kind kind,
                                   uint32_t index, unsigned int flags, uint32_t place)
{
	flags = with_lock(head, flags);
	if (probe_gate_shut())
		stop_at_gate(head, kind, 0, index, flags, place);
	int64_t bits = load(word);
	probe_event(kind, head->object, bits, index, flags, place);
	return bits;
}

static inline void store_watched(_Atomic int64_t *word, int64_t bits, const struct cell_head *head,
                                 enum event_kind kind, uint32_t index, unsigned int flags, uint32_t place)
{
	flags = with_lock(head, flags);
	if (probe_gate_shut())
		stop_at_gate(head, kind, bits, index, flags, place);
	store(word, bits);
	probe_event(kind, head->object, bits, index, flags, place);
}

static struct lock *own_lock(struct cell_head *head, uint32_t place)
{
	if (probe_on() && head->object != 0) {
		char name[WIRE_NAME_MAX];
		snprintf(name, sizeof name, "%.*s.lock", WIRE_NAME_MAX - 6, probe.wire.objects[head->object].name);
		lock_introduce(&head->lock, name, place);
	}
	return &head->lock;
}

/* ---- Value ---- */

static struct value *make_value(const char *name, int64_t bits, unsigned int flags, uint32_t place)
{
	struct value *value = shared_new(sizeof *value);
	lock_init(&value->head.lock);
	value->head.size = sizeof *value;
	value->head.object = probe_object_new(OBJECT_VALUE, name, bits, 0, flags, place);
	store(&value->word, bits);
	return value;
}

struct value *value_new(const char *name, int64_t initial)
{
	return make_value(name, initial, 0, PROBE_HERE());
}

struct value *value_new_real(const char *name, double initial)
{
	return make_value(name, bits_of(initial), EVENT_REAL, PROBE_HERE());
}

struct value *value_new_typed(const char *name, char typecode, int64_t initial)
{
	const struct type *type = type_of(typecode);
	if (type == NULL)
		return NULL;
	struct cell_head head = {0};
	set_type(&head, type);
	struct value *value = make_value(name, fit(&head, initial), 0, PROBE_HERE());
	set_type(&value->head, type);
	return value;
}

static NOINLINE int64_t get_value(struct value *value, unsigned int flags, uint32_t place)
{
	return load_watched(&value->word, &value->head, EVENT_VALUE_READ, 0, flags, place);
}

static NOINLINE void set_value(struct value *value, int64_t bits, unsigned int flags, uint32_t place)
{
	store_watched(&value->word, bits, &value->head, EVENT_VALUE_WRITE, 0, flags, place);
}

int64_t value_get(struct value *value)
{
	return probe_on() ? get_value(value, 0, PROBE_HERE()) : load(&value->word);
}

static NOINLINE void set_slowly(struct value *value, int64_t number, uint32_t place)
{
	number = fit(&value->head, number);
	if (probe_on())
		set_value(value, number, 0, place);
	else
		store(&value->word, number);
}

/* Unwatched and of full width, as most are: one test, one store. */
void value_set(struct value *value, int64_t number)
{
	if (__builtin_expect(probe.on | value->head.cut, 0))
		set_slowly(value, number, PROBE_HERE());
	else
		store(&value->word, number);
}

double value_get_real(struct value *value)
{
	return real_of(probe_on() ? get_value(value, EVENT_REAL, PROBE_HERE()) : load(&value->word));
}

void value_set_real(struct value *value, double number)
{
	if (probe_on())
		set_value(value, bits_of(number), EVENT_REAL, PROBE_HERE());
	else
		store(&value->word, bits_of(number));
}

struct lock *value_lock(struct value *value)
{
	return own_lock(&value->head, PROBE_HERE());
}

void value_free(struct value *value)
{
	if (value != NULL)
		shared_free(value, value->head.size);
}

/* ---- Array ---- */

static struct array *make_array(const char *name, size_t length, unsigned int flags, uint32_t place)
{
	size_t size;
	if (__builtin_mul_overflow(length, sizeof(int64_t), &size) ||
	    __builtin_add_overflow(size, sizeof(struct array), &size))
		process_fail("MemoryError: no array of %zu elements", length);
	struct array *array = shared_new(size);
	lock_init(&array->head.lock);
	array->head.size = size;
	array->head.object = probe_object_new(OBJECT_ARRAY, name, 0, (uint32_t)length, flags, place);
	array->length = length;
	return array;
}

struct array *array_new(const char *name, size_t length)
{
	return make_array(name, length, 0, PROBE_HERE());
}

struct array *array_new_real(const char *name, size_t length)
{
	return make_array(name, length, EVENT_REAL, PROBE_HERE());
}

struct array *array_new_typed(const char *name, char typecode, size_t length)
{
	const struct type *type = type_of(typecode);
	if (type == NULL)
		return NULL;
	struct array *array = make_array(name, length, 0, PROBE_HERE());
	set_type(&array->head, type);
	return array;
}

static NOINLINE _Noreturn void out_of_range(const struct array *array, size_t index)
{
	process_fail("IndexError: invalid index %zu: the array has %zu elements", index, array->length);
}

static inline _Atomic int64_t *element(struct array *array, size_t index)
{
	if (__builtin_expect(index >= array->length, 0))
		out_of_range(array, index);
	return &array->words[index];
}

static NOINLINE int64_t get_element(struct array *array, size_t index, unsigned int flags, uint32_t place)
{
	return load_watched(&array->words[index], &array->head, EVENT_ARRAY_READ, (uint32_t)index, flags, place);
}

static NOINLINE void set_element(struct array *array, size_t index, int64_t bits, unsigned int flags, uint32_t place)
{
	store_watched(&array->words[index], bits, &array->head, EVENT_ARRAY_WRITE, (uint32_t)index, flags, place);
}

int64_t array_get(struct array *array, size_t index)
{
	_Atomic int64_t *word = element(array, index);
	return probe_on() ? get_element(array, index, 0, PROBE_HERE()) : load(word);
}

static NOINLINE void set_element_slowly(struct array *array, size_t index, int64_t number, uint32_t place)
{
	number = fit(&array->head, number);
	if (probe_on())
		set_element(array, index, number, 0, place);
	else
		store(&array->words[index], number);
}

void array_set(struct array *array, size_t index, int64_t number)
{
	_Atomic int64_t *word = element(array, index);
	if (__builtin_expect(probe.on | array->head.cut, 0))
		set_element_slowly(array, index, number, PROBE_HERE());
	else
		store(word, number);
}

double array_get_real(struct array *array, size_t index)
{
	_Atomic int64_t *word = element(array, index);
	return real_of(probe_on() ? get_element(array, index, EVENT_REAL, PROBE_HERE()) : load(word));
}

void array_set_real(struct array *array, size_t index, double number)
{
	_Atomic int64_t *word = element(array, index);
	if (probe_on())
		set_element(array, index, bits_of(number), EVENT_REAL, PROBE_HERE());
	else
		store(word, bits_of(number));
}

size_t array_length(const struct array *array)
{
	return array->length;
}

struct lock *array_lock(struct array *array)
{
	return own_lock(&array->head, PROBE_HERE());
}

void array_free(struct array *array)
{
	if (array != NULL)
		shared_free(array, array->head.size);
}
