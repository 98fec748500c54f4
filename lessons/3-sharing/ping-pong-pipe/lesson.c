/* SPDX-License-Identifier: MIT */
/* Parent and child talk over a pipe: Ping one way, Pong the other. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "rounds", .low = 1, .high = 1000, .fallback = "1",
	 .help = "how often they go to and fro"},
	{.name = "think", .low = 0, .high = 10, .real = true, .fallback = "0.5",
	 .help = "seconds that each thinks before it sends"},
	{0}};

static const struct lesson_variant variants[] = {
	{"one round", "rounds=1", "Ping, Pong"},
	{"five rounds", "rounds=5", "always in turn, without any lock"},
	{0}};

static const struct lesson lesson = {
	.title = "Ping-pong over a pipe",
	.summary = "A child sends Ping and waits; its parent answers Pong. "
	           "Receiving is waiting: the pipe itself keeps the turns.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "messages: what was received, in order",
	.right = "Ping, Pong in every round",
	.step_settings = "think=0"};

static void play(void *argument)
{
	struct connection *connection = argument;
	double think = lesson_real("think");
	json_t *pong = json_string("Pong");

	for (long i = lesson_integer("rounds"); i > 0; i--) {
		if (think > 0)
			clock_sleep(think);
		print("child sends Ping");
		connection_send(connection, json_string("Ping"));

		json_t *data = connection_recv(connection);
		if (!json_equal(data, pong))
			process_fail("the child waited for Pong");
		print("child received %s", json_string_value(data));
		json_decref(data);
	}
	json_decref(pong);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long rounds = lesson_integer("rounds");
	double think = lesson_real("think");

	struct connection *ends[2];
	if (pipe_new("pipe", true, ends) < 0)
		process_fail("no pipe could be made");
	struct connection *parent = ends[0], *child = ends[1];

	struct process *player = process_new("child", play, child);
	process_start(player);

	json_t *messages = json_array();
	for (long i = 0; i < rounds; i++) {
		json_t *data = connection_recv(parent);
		if (!data)
			break; /* nobody is left at the other end */
		print("parent received %s", json_string_value(data));
		json_array_append_new(messages, data);

		if (think > 0)
			clock_sleep(think);
		print("parent sends Pong");
		connection_send(parent, json_string("Pong"));
		json_array_append_new(messages, json_string("Pong"));
	}
	process_join(player);

	/* The child ends with 0 only when each of its answers was Pong. */
	int code = 1;
	process_exitcode(player, &code);
	json_t *expected = json_array();
	for (long i = 0; i < rounds; i++) {
		json_array_append_new(expected, json_string("Ping"));
		json_array_append_new(expected, json_string("Pong"));
	}
	bool right = code == 0 && json_equal(messages, expected);
	lesson_outcome(right, right ? "in turn" : "out of turn",
	               json_pack("{s:o}", "messages", messages),
	               json_pack("{s:o}", "messages", expected));
	return lesson_end();
}
