/* SPDX-License-Identifier: MIT */
/* Proxies: each function is one call. */
#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/manager_internal.h"
#include "probe/probe.h"

/* Which of the three it is, is its type for the compiler alone. */
struct proxy {
	struct manager *manager;
	enum held_type type;
	uint32_t held;
	uint16_t object;
	char *name;
};

struct dict_proxy {
	struct proxy proxy;
};

struct list_proxy {
	struct proxy proxy;
};

struct namespace_proxy {
	struct proxy proxy;
};

/* ---- calls ---- */

static int order(const struct proxy *proxy, enum manager_method method, json_t *arguments)
{
	return manager_call(proxy->manager, proxy->held, proxy->object, method, arguments, NULL);
}

static json_t *fetch(const struct proxy *proxy, enum manager_method method, json_t *arguments)
{
	json_t *result = NULL;
	int error = manager_call(proxy->manager, proxy->held, proxy->object, method, arguments, &result);
	if (error != 0)
		errno = -error;
	return result;
}

/* A number, or yes as 1 and no as 0; or -errno. */
static long count(const struct proxy *proxy, enum manager_method method, json_t *arguments)
{
	json_t *result = NULL;
	int error = manager_call(proxy->manager, proxy->held, proxy->object, method, arguments, &result);
	long number = json_is_true(result) ? 1 : (long)json_integer_value(result);
	json_decref(result);
	return error != 0 ? error : number;
}

/* ---- making and forgetting ---- */

static void *proxy_new(struct manager *manager, enum held_type type, uint32_t held, uint16_t object, const char *name)
{
	struct proxy *proxy = memory_new(sizeof(struct dict_proxy));
	*proxy = (struct proxy){.manager = manager, .type = type, .held = held, .object = object,
	                        .name = memory_copy_string(name)};
	return proxy;
}

static void proxy_free(struct proxy *proxy)
{
	free(proxy->name);
	free(proxy);
}

static void *create(struct manager *manager, enum held_type type, enum object_kind kind, const char *name)
{
	uint16_t object = probe_object_new(kind, name, 0, manager->object, 0, probe_self.place);
	struct proxy *proxy = proxy_new(manager, type, 0, object, name != NULL ? name : object_kind_name(kind));
	long held = count(proxy, MANAGER_CREATE, json_pack("[s]", manager_type_name(type)));
	if (held < 0) {
		proxy_free(proxy);
		errno = (int)-held;
		return NULL;
	}
	proxy->held = (uint32_t)held;
	return proxy;
}

struct dict_proxy *manager_dict(struct manager *manager, const char *name)
{
	PROBE_CALL();
	return create(manager, HELD_DICT, OBJECT_DICT, name);
}

struct list_proxy *manager_list(struct manager *manager, const char *name)
{
	PROBE_CALL();
	return create(manager, HELD_LIST, OBJECT_LIST, name);
}

struct namespace_proxy *manager_namespace(struct manager *manager, const char *name)
{
	PROBE_CALL();
	return create(manager, HELD_NAMESPACE, OBJECT_NAMESPACE, name);
}

static json_t *value_of(const struct proxy *proxy)
{
	return manager_token_value(&(struct manager_token){
		.type = proxy->type, .address = proxy->manager->address, .name = proxy->name, .held = proxy->held,
		.object = proxy->object, .manager = proxy->manager->object, .work = proxy->manager->work});
}

static void *from_value(json_t *value, enum held_type type)
{
	struct manager_token token;
	struct manager *manager = NULL;
	void *proxy = NULL;
	if (manager_token_read(value, &token) && token.type == type)
		manager = manager_known_as(token.address, token.manager, token.work);
	if (manager != NULL)
		proxy = proxy_new(manager, type, token.held, token.object, token.name);
	else
		errno = EINVAL;
	json_decref(value);
	return proxy;
}

json_t *dict_proxy_value(const struct dict_proxy *dict)
{
	return value_of(&dict->proxy);
}

json_t *list_proxy_value(const struct list_proxy *list)
{
	return value_of(&list->proxy);
}

json_t *namespace_proxy_value(const struct namespace_proxy *space)
{
	return value_of(&space->proxy);
}

struct dict_proxy *dict_proxy_from(json_t *value)
{
	return from_value(value, HELD_DICT);
}

struct list_proxy *list_proxy_from(json_t *value)
{
	return from_value(value, HELD_LIST);
}

struct namespace_proxy *namespace_proxy_from(json_t *value)
{
	return from_value(value, HELD_NAMESPACE);
}

void dict_proxy_free(struct dict_proxy *dict)
{
	if (dict != NULL)
		proxy_free(&dict->proxy);
}

void list_proxy_free(struct list_proxy *list)
{
	if (list != NULL)
		proxy_free(&list->proxy);
}

void namespace_proxy_free(struct namespace_proxy *space)
{
	if (space != NULL)
		proxy_free(&space->proxy);
}

/* ---- dict ---- */

int dict_proxy_set(struct dict_proxy *dict, const char *key, json_t *value)
{
	PROBE_CALL();
	return order(&dict->proxy, MANAGER_DICT_SET, json_pack("[so]", key, value));
}

json_t *dict_proxy_get(struct dict_proxy *dict, const char *key)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_GET, json_pack("[s]", key));
}

json_t *dict_proxy_pop(struct dict_proxy *dict, const char *key)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_POP, json_pack("[s]", key));
}

int dict_proxy_del(struct dict_proxy *dict, const char *key)
{
	PROBE_CALL();
	return order(&dict->proxy, MANAGER_DICT_DEL, json_pack("[s]", key));
}

int dict_proxy_contains(struct dict_proxy *dict, const char *key)
{
	PROBE_CALL();
	return (int)count(&dict->proxy, MANAGER_DICT_CONTAINS, json_pack("[s]", key));
}

long dict_proxy_len(struct dict_proxy *dict)
{
	PROBE_CALL();
	return count(&dict->proxy, MANAGER_DICT_LEN, json_array());
}

json_t *dict_proxy_keys(struct dict_proxy *dict)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_KEYS, json_array());
}

json_t *dict_proxy_values(struct dict_proxy *dict)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_VALUES, json_array());
}

json_t *dict_proxy_items(struct dict_proxy *dict)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_ITEMS, json_array());
}

json_t *dict_proxy_copy(struct dict_proxy *dict)
{
	PROBE_CALL();
	return fetch(&dict->proxy, MANAGER_DICT_COPY, json_array());
}

int dict_proxy_update(struct dict_proxy *dict, json_t *object)
{
	PROBE_CALL();
	return order(&dict->proxy, MANAGER_DICT_UPDATE, json_pack("[o]", object));
}

int dict_proxy_clear(struct dict_proxy *dict)
{
	PROBE_CALL();
	return order(&dict->proxy, MANAGER_DICT_CLEAR, json_array());
}

/* ---- list ---- */

int list_proxy_append(struct list_proxy *list, json_t *value)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_APPEND, json_pack("[o]", value));
}

int list_proxy_extend(struct list_proxy *list, json_t *array)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_EXTEND, json_pack("[o]", array));
}

int list_proxy_insert(struct list_proxy *list, long index, json_t *value)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_INSERT, json_pack("[Io]", (json_int_t)index, value));
}

json_t *list_proxy_get(struct list_proxy *list, long index)
{
	PROBE_CALL();
	return fetch(&list->proxy, MANAGER_LIST_GET, json_pack("[I]", (json_int_t)index));
}

int list_proxy_set(struct list_proxy *list, long index, json_t *value)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_SET, json_pack("[Io]", (json_int_t)index, value));
}

int list_proxy_del(struct list_proxy *list, long index)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_DEL, json_pack("[I]", (json_int_t)index));
}

json_t *list_proxy_pop(struct list_proxy *list, long index)
{
	PROBE_CALL();
	return fetch(&list->proxy, MANAGER_LIST_POP, json_pack("[I]", (json_int_t)index));
}

int list_proxy_contains(struct list_proxy *list, json_t *value)
{
	PROBE_CALL();
	return (int)count(&list->proxy, MANAGER_LIST_CONTAINS, json_pack("[o]", value));
}

long list_proxy_len(struct list_proxy *list)
{
	PROBE_CALL();
	return count(&list->proxy, MANAGER_LIST_LEN, json_array());
}

int list_proxy_reverse(struct list_proxy *list)
{
	PROBE_CALL();
	return order(&list->proxy, MANAGER_LIST_REVERSE, json_array());
}

json_t *list_proxy_copy(struct list_proxy *list)
{
	PROBE_CALL();
	return fetch(&list->proxy, MANAGER_LIST_COPY, json_array());
}

/* ---- namespace ---- */

int namespace_proxy_set(struct namespace_proxy *space, const char *name, json_t *value)
{
	PROBE_CALL();
	return order(&space->proxy, MANAGER_NAMESPACE_SET, json_pack("[so]", name, value));
}

json_t *namespace_proxy_get(struct namespace_proxy *space, const char *name)
{
	PROBE_CALL();
	return fetch(&space->proxy, MANAGER_NAMESPACE_GET, json_pack("[s]", name));
}

int namespace_proxy_del(struct namespace_proxy *space, const char *name)
{
	PROBE_CALL();
	return order(&space->proxy, MANAGER_NAMESPACE_DEL, json_pack("[s]", name));
}
