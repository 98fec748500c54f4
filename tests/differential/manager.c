/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mp/mp.h"

struct job {
	struct namespace_proxy *shared;
	struct list_proxy *list;
	struct dict_proxy *dict;
	int first, count;
};

static struct process *start(void (*target)(void *), struct job *job)
{
	struct process *process = process_new(NULL, target, job);
	process_start(process);
	return process;
}

static void end(struct process *process)
{
	int code = -1;
	process_join(process);
	process_exitcode(process, &code);
	pair_line("exit code %d", code);
}

static const char *error_name(int error, const char *missing)
{
	return error == ENOENT ? missing : error == ERANGE ? "IndexError" : error == EINVAL ? "EINVAL" : "server gone";
}

/* Takes the value over. */
static void show(json_t *value)
{
	if (value == NULL) {
		pair_line("%s", error_name(errno, "KeyError"));
		return;
	}
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	pair_line("%s", text);
	free(text);
	json_decref(value);
}

static void line_of(int error)
{
	pair_line("%s", error == 0 ? "null" : error_name(-error, "KeyError"));
}

static json_t *parsed(const char *text)
{
	return json_loads(text, JSON_DECODE_ANY, NULL);
}

static void dict_of_all_kinds(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	dict_proxy_set(dict, "a", json_integer(1));
	dict_proxy_set(dict, "b", parsed("[1, null, {\"x\": 2.5}]"));
	pair_line("%ld %s %s", dict_proxy_len(dict), pair_bool(dict_proxy_contains(dict, "a") == 1),
	          pair_bool(dict_proxy_contains(dict, "z") == 1));
	show(dict_proxy_get(dict, "b"));
	dict_proxy_update(dict, parsed("{\"c\": true, \"a\": 7}"));
	show(dict_proxy_copy(dict));
	show(dict_proxy_keys(dict));
	show(dict_proxy_values(dict));
	show(dict_proxy_items(dict));
	dict_proxy_del(dict, "b");
	show(dict_proxy_pop(dict, "a"));
	show(dict_proxy_copy(dict));
	dict_proxy_clear(dict);
	pair_line("%ld", dict_proxy_len(dict));
}

static void dict_without_the_key(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	show(dict_proxy_get(dict, "x"));
	line_of(dict_proxy_del(dict, "x"));
	show(dict_proxy_pop(dict, "x"));
	pair_line("%ld", dict_proxy_len(dict));
}

static void keys_keep_their_order(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	for (const char *letter = "zebra"; *letter != '\0'; letter++)
		dict_proxy_set(dict, (char[]){*letter, '\0'}, json_integer(1));
	dict_proxy_set(dict, "e", json_integer(2));
	dict_proxy_del(dict, "b");
	dict_proxy_set(dict, "b", json_integer(3));
	show(dict_proxy_copy(dict));
}

static void list_of_all_kinds(void)
{
	struct list_proxy *list = manager_list(manager_new(NULL), NULL);
	list_proxy_append(list, json_integer(1));
	list_proxy_extend(list, parsed("[2, \"three\", [4]]"));
	list_proxy_insert(list, 0, json_integer(0));
	list_proxy_insert(list, 99, json_string("end"));
	list_proxy_insert(list, -1, json_string("before the end"));
	show(list_proxy_copy(list));
	pair_line("%ld %s %s", list_proxy_len(list), pair_bool(list_proxy_contains(list, json_integer(2)) == 1),
	          pair_bool(list_proxy_contains(list, json_integer(99)) == 1));
	show(list_proxy_get(list, -1));
	list_proxy_set(list, 1, json_string("one"));
	list_proxy_del(list, 0);
	show(list_proxy_pop(list, -1));
	show(list_proxy_pop(list, 0));
	list_proxy_reverse(list);
	show(list_proxy_copy(list));
}

static void list_without_the_index(void)
{
	struct list_proxy *list = manager_list(manager_new(NULL), NULL);
	list_proxy_append(list, json_integer(1));
	show(list_proxy_get(list, 1));
	show(list_proxy_get(list, -2));
	line_of(list_proxy_set(list, 5, json_integer(0)));
	line_of(list_proxy_del(list, 1));
	json_decref(list_proxy_pop(list, -1));
	show(list_proxy_pop(list, -1));
}

static void namespace(void)
{
	struct namespace_proxy *space = manager_namespace(manager_new(NULL), NULL);
	namespace_proxy_set(space, "x", json_integer(10));
	namespace_proxy_set(space, "x", json_pack("[o]", namespace_proxy_get(space, "x")));
	show(namespace_proxy_get(space, "x"));
	namespace_proxy_del(space, "x");
	json_t *gone = namespace_proxy_get(space, "x");
	pair_line("%s", gone == NULL ? error_name(errno, "AttributeError") : "value");
	pair_line("%s", error_name(-namespace_proxy_del(space, "x"), "AttributeError"));
}

static void what_was_read_is_a_copy(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	dict_proxy_set(dict, "a", parsed("[1]"));
	json_t *copy = dict_proxy_get(dict, "a");
	json_array_append_new(copy, json_integer(2));
	show(dict_proxy_get(dict, "a"));
	dict_proxy_set(dict, "a", copy);
	show(dict_proxy_get(dict, "a"));
}

static void write_square(void *argument)
{
	struct job *job = argument;
	char key[16];
	snprintf(key, sizeof key, "%d", job->first);
	struct dict_proxy *tracker = dict_proxy_from(namespace_proxy_get(job->shared, "tracker"));
	dict_proxy_set(tracker, key, json_integer(job->first * job->first));
}

static void nested_in_a_namespace(void)
{
	struct manager *manager = manager_new(NULL);
	struct namespace_proxy *shared = manager_namespace(manager, NULL);
	struct dict_proxy *tracker = manager_dict(manager, NULL);
	struct process *processes[5];
	struct job jobs[5];
	namespace_proxy_set(shared, "tracker", dict_proxy_value(tracker));
	pair_line("%ld", dict_proxy_len(tracker));
	for (int i = 0; i < 5; i++) {
		jobs[i] = (struct job){.shared = shared, .first = i};
		processes[i] = start(write_square, &jobs[i]);
	}
	for (int i = 0; i < 5; i++)
		end(processes[i]);
	pair_line("%ld", dict_proxy_len(tracker));
	for (int i = 0; i < 5; i++)
		show(dict_proxy_get(tracker, (char[]){(char)('0' + i), '\0'}));
}

static void nested_in_a_list(void)
{
	struct manager *manager = manager_new(NULL);
	struct list_proxy *outer = manager_list(manager, NULL);
	struct dict_proxy *inner = manager_dict(manager, NULL);
	list_proxy_append(outer, dict_proxy_value(inner));
	dict_proxy_set(inner, "late", json_integer(1));
	show(dict_proxy_get(dict_proxy_from(list_proxy_get(outer, 0)), "late"));
	dict_proxy_set(dict_proxy_from(list_proxy_get(outer, 0)), "there", json_integer(2));
	show(dict_proxy_copy(inner));
}

static void append_numbers(void *argument)
{
	struct job *job = argument;
	for (int i = job->first; i < job->first + job->count; i++)
		list_proxy_append(job->list, json_integer(i));
}

static void nothing_is_lost_in_appends(void)
{
	struct list_proxy *list = manager_list(manager_new(NULL), NULL);
	struct process *children[4];
	struct job jobs[4];
	for (int i = 0; i < 4; i++) {
		jobs[i] = (struct job){.list = list, .first = 100 * i, .count = 30};
		children[i] = start(append_numbers, &jobs[i]);
	}
	for (int i = 0; i < 4; i++)
		end(children[i]);
	pair_line("%ld", list_proxy_len(list));
	json_t *all = list_proxy_copy(list), *number;
	size_t index;
	json_array_foreach(all, index, number)
		pair_line("set: %lld", json_integer_value(number));
	json_decref(all);
}

static void ask_for_own(void *argument)
{
	struct job *job = argument;
	char key[16];
	snprintf(key, sizeof key, "%d", job->first);
	for (int i = 0; i < 100; i++) {
		json_t *own = json_pack("[i, i]", job->first, i);
		dict_proxy_set(job->dict, key, json_incref(own));
		json_t *there = dict_proxy_get(job->dict, key);
		if (!json_equal(own, there))
			process_exit(9);
		json_decref(there);
		json_decref(own);
	}
}

static void answers_come_to_who_asked(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	struct process *children[4];
	struct job jobs[4];
	dict_proxy_set(dict, "here", json_integer(1));
	for (int i = 0; i < 4; i++) {
		jobs[i] = (struct job){.dict = dict, .first = i};
		children[i] = start(ask_for_own, &jobs[i]);
	}
	for (int i = 0; i < 4; i++)
		end(children[i]);
	show(dict_proxy_get(dict, "here"));
}

static void append_for_ever(void *argument)
{
	struct job *job = argument;
	for (;;)
		list_proxy_append(job->list, json_integer(1));
}

static void client_killed(void)
{
	struct job job = {.list = manager_list(manager_new(NULL), NULL)};
	for (int i = 0; i < 3; i++) {
		struct process *child = start(append_for_ever, &job);
		while (list_proxy_len(job.list) == 0)
			clock_sleep(0.01);
		process_kill(child);
		end(child);
		while (list_proxy_len(job.list) > 0)
			json_decref(list_proxy_pop(job.list, -1));
	}
	list_proxy_append(job.list, json_string("well"));
	show(list_proxy_copy(job.list));
}

static void big_value(void)
{
	struct dict_proxy *dict = manager_dict(manager_new(NULL), NULL);
	char *bytes = malloc(8000000);
	memset(bytes, 'x', 8000000);
	dict_proxy_set(dict, "big", json_stringn(bytes, 8000000));
	json_t *big = dict_proxy_get(dict, "big");
	pair_line("%zu", json_string_length(big));
	json_decref(big);
	free(bytes);
}

static void after_shutdown(void)
{
	struct manager *manager = manager_new(NULL);
	struct dict_proxy *dict = manager_dict(manager, NULL);
	dict_proxy_set(dict, "a", json_integer(1));
	manager_shutdown(manager);
	manager_shutdown(manager);
	show(dict_proxy_get(dict, "a"));
}

static void two_managers(void)
{
	struct manager *a = manager_new(NULL), *b = manager_new(NULL);
	struct dict_proxy *of_a = manager_dict(a, NULL), *of_b = manager_dict(b, NULL);
	dict_proxy_set(of_a, "x", json_string("a"));
	dict_proxy_set(of_b, "x", json_string("b"));
	manager_shutdown(a);
	show(dict_proxy_get(of_a, "x"));
	show(dict_proxy_get(of_b, "x"));
}

#define PAIR(name) {#name, name}
const struct pair pairs[] = {
	PAIR(dict_of_all_kinds), PAIR(dict_without_the_key), PAIR(keys_keep_their_order), PAIR(list_of_all_kinds),
	PAIR(list_without_the_index), PAIR(namespace), PAIR(what_was_read_is_a_copy), PAIR(nested_in_a_namespace),
	PAIR(nested_in_a_list), PAIR(nothing_is_lost_in_appends), PAIR(answers_come_to_who_asked),
	PAIR(client_killed), PAIR(big_value),
	PAIR(after_shutdown), PAIR(two_managers), {0}};
