/* SPDX-License-Identifier: MIT */
/* What client and server have in common: methods, values that stand for proxies, what is told of them. */
#include <string.h>

#include "mp/manager_internal.h"

static const struct manager_method_info METHODS[MANAGER_METHOD_COUNT] = {
#define X(method, type, name, changes) {type, name, changes},
	MANAGER_METHODS(X)
#undef X
};

static const char *const TYPE_NAMES[] = {"manager", "dict", "list", "Namespace"};

const struct manager_method_info *manager_method_info(unsigned int method)
{
	return method < MANAGER_METHOD_COUNT ? &METHODS[method] : NULL;
}

const char *manager_type_name(enum held_type type)
{
	return TYPE_NAMES[type];
}

enum held_type manager_type_named(const char *name)
{
	for (int type = HELD_DICT; name != NULL && type <= HELD_NAMESPACE; type++)
		if (strcmp(name, TYPE_NAMES[type]) == 0)
			return (enum held_type)type;
	return HELD_NONE;
}

/* ---- values that stand for proxies: what Python pickles as RebuildProxy ---- */

#define TOKEN_KEY "__proxy__"
#define TOKEN_FORMAT "{s:[issiiii]}"

json_t *manager_token_value(const struct manager_token *token)
{
	return json_pack(TOKEN_FORMAT, TOKEN_KEY, (int)token->type, token->address, token->name, (int)token->held,
	                 (int)token->object, (int)token->manager, (int)token->work);
}

bool manager_token_read(const json_t *value, struct manager_token *token)
{
	int type, held, object, manager, work;
	*token = (struct manager_token){0};
	if (json_object_size(value) != 1 || json_object_get(value, TOKEN_KEY) == NULL ||
	    json_unpack_ex((json_t *)(uintptr_t)value, NULL, 0, TOKEN_FORMAT, TOKEN_KEY, &type, &token->address, &token->name,
	                   &held, &object, &manager, &work) != 0)
		return false;
	token->type = (enum held_type)type;
	token->held = (uint32_t)held;
	token->object = (uint16_t)object;
	token->manager = (uint16_t)manager;
	token->work = (uint16_t)work;
	return type > HELD_NONE && type <= HELD_NAMESPACE;
}

/* ---- telling ---- */

static void add(struct message_text *text, const char *string)
{
	message_text_add(text, string, strlen(string));
}

static void describe_scalar(struct message_text *text, const json_t *value)
{
	struct buffer buffer = {0};
	if (message_add(&buffer, (json_t *)(uintptr_t)value) == 0) /* it only reads */
		message_describe(text, buffer.bytes, buffer.bytes + buffer.length);
	buffer_release(&buffer);
}

static void describe_object(struct message_text *text, const json_t *object)
{
	struct manager_token token;
	const char *key, *between = "";
	json_t *value;
	if (manager_token_read(object, &token)) {
		add(text, "<");
		add(text, TYPE_NAMES[token.type]);
		add(text, " ");
		add(text, token.name);
		add(text, ">");
		return;
	}
	add(text, "{");
	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		add(text, between);
		add(text, "\"");
		add(text, key);
		add(text, "\": ");
		manager_describe(text, value);
		between = ", ";
		if (message_text_full(text))
			return;
	}
	add(text, "}");
}

static void describe_items(struct message_text *text, const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array) && !message_text_full(text); i++) {
		add(text, i > 0 ? ", " : "");
		manager_describe(text, json_array_get(array, i));
	}
}

void manager_describe(struct message_text *text, const json_t *value)
{
	if (json_is_object(value)) {
		describe_object(text, value);
	} else if (json_is_array(value)) {
		add(text, "[");
		describe_items(text, value);
		add(text, "]");
	} else {
		describe_scalar(text, value);
	}
}

void manager_describe_call(struct message_text *text, unsigned int method, const json_t *arguments)
{
	const struct manager_method_info *info = manager_method_info(method);
	add(text, info != NULL ? info->name : "?");
	add(text, "(");
	describe_items(text, arguments);
	add(text, ")");
}
