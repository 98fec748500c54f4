/* SPDX-License-Identifier: MIT */
/* Manager: what a server holds, and what is told of asking for it; unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mp/manager.h"
#include "mp/process.h"
#include "watched.h"

static void expect(json_t *got, const char *want)
{
	char *text = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
	assert_string_equal(text != NULL ? text : "nothing", want);
	free(text);
	json_decref(got);
}

static void set_and_ask(void)
{
	struct manager *manager = manager_new("m");
	struct dict_proxy *dict = manager_dict(manager, "d");
	assert_int_equal(dict_proxy_set(dict, "a", json_integer(1)), 0);
	expect(dict_proxy_get(dict, "a"), "1");
	assert_null(dict_proxy_get(dict, "b"));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(dict_proxy_contains(dict, "a"), 1);
	dict_proxy_free(dict);
	assert_int_equal(manager_shutdown(manager), 0);
	assert_int_equal(manager_shutdown(manager), 0);
	manager_free(manager);
}

static void a_call_and_its_answer(void **state)
{
	(void)state;
	twice(set_and_ask, "process.start SyncManager-2 SyncManager-2\nmanager.call m create(\"dict\")\n"
	                   "manager.return m 1 1\nmanager.call m set(\"a\", 1)\nmanager.return m 1\n"
	                   "manager.call m get(\"a\")\nmanager.return m 1 1\nmanager.call m get(\"b\")\n"
	                   "manager.return m 1 failed\nmanager.call m contains(\"a\")\nmanager.return m 1 true\n"
	                   "manager.shutdown m\nprocess.join SyncManager-2\n");
}

static void lists_are_indexed_as_in_python(void **state)
{
	(void)state;
	struct manager *manager = manager_new("m");
	struct list_proxy *list = manager_list(manager, "l");
	assert_int_equal(list_proxy_extend(list, json_pack("[iii]", 1, 2, 3)), 0);
	expect(list_proxy_get(list, -1), "3");
	assert_null(list_proxy_get(list, 3));
	assert_int_equal(errno, ERANGE);
	assert_int_equal(list_proxy_set(list, -4, json_null()), -ERANGE);
	assert_int_equal(list_proxy_insert(list, -100, json_integer(0)), 0);
	expect(list_proxy_pop(list, 1), "1");
	assert_int_equal(list_proxy_reverse(list), 0);
	expect(list_proxy_copy(list), "[3,2,0]");
	assert_int_equal(list_proxy_len(list), 3);
	list_proxy_free(list);
	manager_free(manager);
}

/* A proxy that is held by another object of the server is the same object, not a copy. */
static void what_is_nested_is_shared(void **state)
{
	(void)state;
	struct manager *manager = manager_new("m");
	struct namespace_proxy *space = manager_namespace(manager, "n");
	struct list_proxy *list = manager_list(manager, "l");
	assert_int_equal(namespace_proxy_set(space, "list", list_proxy_value(list)), 0);
	struct list_proxy *again = list_proxy_from(namespace_proxy_get(space, "list"));
	assert_non_null(again);
	assert_int_equal(list_proxy_append(again, json_string("x")), 0);
	expect(list_proxy_copy(list), "[\"x\"]");
	assert_null(dict_proxy_from(json_integer(1)));
	assert_int_equal(errno, EINVAL);
	list_proxy_free(again);
	list_proxy_free(list);
	namespace_proxy_free(space);
	manager_free(manager);
}

enum { CLIENTS = 3, APPENDS = 100 };

static void append_many(void *list)
{
	for (int i = 0; i < APPENDS; i++)
		if (list_proxy_append(list, json_integer(i)) != 0)
			process_exit(1);
}

static void append_and_die(void *list)
{
	list_proxy_append(list, json_integer(0));
	raise(SIGKILL);
}

static int run_child(void (*target)(void *), void *argument, struct process **process)
{
	*process = process_new(NULL, target, argument);
	return process_start(*process);
}

static void nothing_is_lost_of_many_clients(void **state)
{
	(void)state;
	struct manager *manager = manager_new("m");
	struct list_proxy *list = manager_list(manager, "l");
	struct process *clients[CLIENTS + 1];
	assert_int_equal(run_child(append_and_die, list, &clients[CLIENTS]), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(run_child(append_many, list, &clients[i]), 0);
	for (int i = 0; i <= CLIENTS; i++) {
		int code = 1000;
		process_join(clients[i]);
		assert_true(process_exitcode(clients[i], &code));
		assert_int_equal(code, i < CLIENTS ? 0 : -SIGKILL);
		process_free(clients[i]);
	}
	assert_int_equal(list_proxy_len(list), CLIENTS * APPENDS + 1);
	list_proxy_free(list);
	manager_free(manager);
}

static void namespaces_are_values_too(void **state)
{
	(void)state;
	struct manager *manager = manager_new("m");
	struct namespace_proxy *space = manager_namespace(manager, "s");
	struct namespace_proxy *again = namespace_proxy_from(namespace_proxy_value(space));
	assert_non_null(again);
	assert_int_equal(namespace_proxy_set(again, "n", json_integer(3)), 0);
	expect(namespace_proxy_get(space, "n"), "3");
	assert_null(dict_proxy_from(namespace_proxy_value(space)));
	assert_int_equal(errno, EINVAL);
	namespace_proxy_free(again);
	namespace_proxy_free(space);
	manager_free(manager);
}

static void nobody_answers_after_the_end(void **state)
{
	(void)state;
	struct manager *manager = manager_new("m");
	struct dict_proxy *dict = manager_dict(manager, "d");
	manager_shutdown(manager);
	assert_true(dict_proxy_set(dict, "a", json_integer(1)) < 0);
	assert_true(dict_proxy_len(dict) < 0);
	dict_proxy_free(dict);
	manager_free(manager);
	assert_int_equal(process_active_children(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_and_its_answer),
		cmocka_unit_test(lists_are_indexed_as_in_python),
		cmocka_unit_test(what_is_nested_is_shared),
		cmocka_unit_test(nothing_is_lost_of_many_clients),
		cmocka_unit_test(namespaces_are_values_too),
		cmocka_unit_test(nobody_answers_after_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
