/* SPDX-License-Identifier: MIT */
/* What a server holds, and what can be done with it: one function a method. */
#include <errno.h>

#include "mp/manager_internal.h"

typedef int held_function(json_t *held, json_t *arguments, json_t **result);

static json_t *argument(json_t *arguments, size_t index)
{
	return json_array_get(arguments, index);
}

/* A key or the name of an attribute. */
static const char *key_of(json_t *arguments)
{
	return json_string_value(argument(arguments, 0));
}

/* ---- dicts; namespaces are dicts of their attributes ---- */

static int dict_set(json_t *held, json_t *arguments, json_t **result)
{
	(void)result;
	return json_object_set(held, key_of(arguments), argument(arguments, 1)) == 0 ? 0 : -EINVAL;
}

static int dict_get(json_t *held, json_t *arguments, json_t **result)
{
	*result = json_incref(json_object_get(held, key_of(arguments)));
	return *result != NULL ? 0 : -ENOENT;
}

static int dict_del(json_t *held, json_t *arguments, json_t **result)
{
	(void)result;
	return json_object_del(held, key_of(arguments)) == 0 ? 0 : -ENOENT;
}

static int dict_pop(json_t *held, json_t *arguments, json_t **result)
{
	int error = dict_get(held, arguments, result);
	return error != 0 ? error : dict_del(held, arguments, result);
}

static int dict_contains(json_t *held, json_t *arguments, json_t **result)
{
	*result = json_boolean(json_object_get(held, key_of(arguments)) != NULL);
	return 0;
}

static int dict_len(json_t *held, json_t *arguments, json_t **result)
{
	(void)arguments;
	*result = json_integer((json_int_t)json_object_size(held));
	return 0;
}

static int dict_keys(json_t *held, json_t *arguments, json_t **result)
{
	const char *key;
	json_t *value;
	(void)arguments;
	*result = json_array();
	json_object_foreach(held, key, value)
		json_array_append_new(*result, json_string_nocheck(key));
	return 0;
}

static int dict_values(json_t *held, json_t *arguments, json_t **result)
{
	const char *key;
	json_t *value;
	(void)arguments;
	*result = json_array();
	json_object_foreach(held, key, value)
		json_array_append(*result, value);
	return 0;
}

static int dict_items(json_t *held, json_t *arguments, json_t **result)
{
	const char *key;
	json_t *value;
	(void)arguments;
	*result = json_array();
	json_object_foreach(held, key, value)
		json_array_append_new(*result, json_pack("[s, O]", key, value));
	return 0;
}

static int whole(json_t *held, json_t *arguments, json_t **result)
{
	(void)arguments;
	*result = json_incref(held);
	return 0;
}

static int dict_update(json_t *held, json_t *arguments, json_t **result)
{
	(void)result;
	return json_object_update(held, argument(arguments, 0)) == 0 ? 0 : -EINVAL;
}

static int dict_clear(json_t *held, json_t *arguments, json_t **result)
{
	(void)arguments;
	(void)result;
	json_object_clear(held);
	return 0;
}

/* ---- lists ---- */

/* The place that an index means; false: there is none. */
static bool find_place(const json_t *held, json_t *arguments, size_t *place)
{
	json_int_t index = json_integer_value(argument(arguments, 0));
	json_int_t size = (json_int_t)json_array_size(held);
	if (index < 0)
		index += size;
	*place = (size_t)index;
	return index >= 0 && index < size;
}

static int list_append(json_t *held, json_t *arguments, json_t **result)
{
	(void)result;
	return json_array_append(held, argument(arguments, 0)) == 0 ? 0 : -EINVAL;
}

static int list_extend(json_t *held, json_t *arguments, json_t **result)
{
	(void)result;
	return json_array_extend(held, argument(arguments, 0)) == 0 ? 0 : -EINVAL;
}

/* As list.insert: an index out of range means the nearer end. */
static int list_insert(json_t *held, json_t *arguments, json_t **result)
{
	json_int_t index = json_integer_value(argument(arguments, 0));
	json_int_t size = (json_int_t)json_array_size(held);
	(void)result;
	if (index < 0)
		index += size;
	index = index < 0 ? 0 : index > size ? size : index;
	return json_array_insert(held, (size_t)index, argument(arguments, 1)) == 0 ? 0 : -EINVAL;
}

static int list_get(json_t *held, json_t *arguments, json_t **result)
{
	size_t place;
	if (!find_place(held, arguments, &place))
		return -ERANGE;
	*result = json_incref(json_array_get(held, place));
	return 0;
}

static int list_set(json_t *held, json_t *arguments, json_t **result)
{
	size_t place;
	(void)result;
	if (!find_place(held, arguments, &place))
		return -ERANGE;
	return json_array_set(held, place, argument(arguments, 1)) == 0 ? 0 : -EINVAL;
}

static int list_del(json_t *held, json_t *arguments, json_t **result)
{
	size_t place;
	(void)result;
	if (!find_place(held, arguments, &place))
		return -ERANGE;
	return json_array_remove(held, place) == 0 ? 0 : -EINVAL;
}

static int list_pop(json_t *held, json_t *arguments, json_t **result)
{
	int error = list_get(held, arguments, result);
	return error != 0 ? error : list_del(held, arguments, result);
}

static int list_contains(json_t *held, json_t *arguments, json_t **result)
{
	size_t index;
	json_t *value;
	bool there = false;
	json_array_foreach(held, index, value)
		there = there || json_equal(value, argument(arguments, 0));
	*result = json_boolean(there);
	return 0;
}

static int list_len(json_t *held, json_t *arguments, json_t **result)
{
	(void)arguments;
	*result = json_integer((json_int_t)json_array_size(held));
	return 0;
}

static int list_reverse(json_t *held, json_t *arguments, json_t **result)
{
	(void)arguments;
	(void)result;
	size_t size = json_array_size(held);
	for (size_t i = 1; i < size; i++) {
		json_t *last = json_incref(json_array_get(held, size - 1));
		json_array_remove(held, size - 1);
		json_array_insert_new(held, i - 1, last);
	}
	return 0;
}

/* ---- the table ---- */

static const struct {
	held_function *function;
	const char *arguments; /* what json_unpack() must find; "[]": none */
} METHODS[MANAGER_METHOD_COUNT] = {
	[MANAGER_DICT_SET] = {dict_set, "[so]"},
	[MANAGER_DICT_GET] = {dict_get, "[s]"},
	[MANAGER_DICT_POP] = {dict_pop, "[s]"},
	[MANAGER_DICT_DEL] = {dict_del, "[s]"},
	[MANAGER_DICT_CONTAINS] = {dict_contains, "[s]"},
	[MANAGER_DICT_LEN] = {dict_len, "[]"},
	[MANAGER_DICT_KEYS] = {dict_keys, "[]"},
	[MANAGER_DICT_VALUES] = {dict_values, "[]"},
	[MANAGER_DICT_ITEMS] = {dict_items, "[]"},
	[MANAGER_DICT_COPY] = {whole, "[]"},
	[MANAGER_DICT_UPDATE] = {dict_update, "[o]"},
	[MANAGER_DICT_CLEAR] = {dict_clear, "[]"},
	[MANAGER_LIST_APPEND] = {list_append, "[o]"},
	[MANAGER_LIST_EXTEND] = {list_extend, "[o]"},
	[MANAGER_LIST_INSERT] = {list_insert, "[Io]"},
	[MANAGER_LIST_GET] = {list_get, "[I]"},
	[MANAGER_LIST_SET] = {list_set, "[Io]"},
	[MANAGER_LIST_DEL] = {list_del, "[I]"},
	[MANAGER_LIST_POP] = {list_pop, "[I]"},
	[MANAGER_LIST_CONTAINS] = {list_contains, "[o]"},
	[MANAGER_LIST_LEN] = {list_len, "[]"},
	[MANAGER_LIST_REVERSE] = {list_reverse, "[]"},
	[MANAGER_LIST_COPY] = {whole, "[]"},
	[MANAGER_NAMESPACE_SET] = {dict_set, "[so]"},
	[MANAGER_NAMESPACE_GET] = {dict_get, "[s]"},
	[MANAGER_NAMESPACE_DEL] = {dict_del, "[s]"},
};

int held_do(struct held *held, enum manager_method method, json_t *arguments, json_t **result)
{
	/* Validated without storing: a letter of the format takes no argument then. */
	if (METHODS[method].function == NULL || manager_method_info(method)->type != held->type ||
	    json_unpack_ex(arguments, NULL, JSON_VALIDATE_ONLY | JSON_STRICT, METHODS[method].arguments) != 0)
		return -EINVAL;
	return METHODS[method].function(held->value, arguments, result);
}
