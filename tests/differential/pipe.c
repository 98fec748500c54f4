/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mp/mp.h"

struct sending {
	struct connection *connection;
	size_t length;
};

static void line_sent(int error)
{
	pair_line("%s", error == 0 ? "None" : error == -EPIPE ? "BrokenPipeError" : "OSError");
}

static void line_received(struct connection *connection)
{
	json_t *message = connection_recv(connection);
	if (message != NULL)
		pair_line("%s", json_string_value(message));
	else
		pair_line("%s", errno == ENODATA ? "EOFError" : "OSError");
	json_decref(message);
}

static int64_t number_of(struct connection *connection)
{
	json_t *message = connection_recv(connection);
	int64_t number = json_is_integer(message) ? json_integer_value(message) : -1;
	json_decref(message);
	return number;
}

static long length_of(struct connection *connection)
{
	void *bytes = NULL;
	long length = connection_recv_bytes(connection, &bytes);
	free(bytes);
	return length;
}

static void line_exit(struct process *process)
{
	int code = -1;
	process_join(process);
	process_exitcode(process, &code);
	pair_line("%d", code);
}

static void both_ways(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	connection_send(ends[0], json_string("there"));
	line_received(ends[1]);
	connection_send(ends[1], json_string("back"));
	line_received(ends[0]);
}

static void one_way(void)
{
	struct connection *ends[2];
	pipe_new(NULL, false, ends);
	connection_send(ends[1], json_integer(1));
	pair_line("%" PRId64, number_of(ends[0]));
	line_sent(connection_send(ends[0], json_integer(1)));
	line_received(ends[1]);
}

static void bounds_are_kept(void)
{
	static const char *const messages[] = {"a", "bb", "", "cccc"};
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	for (int i = 0; i < 4; i++)
		connection_send_bytes(ends[0], messages[i], strlen(messages[i]));
	for (int i = 0; i < 4; i++)
		pair_line("%ld", length_of(ends[1]));
}

static void zero_length(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	connection_send_bytes(ends[0], "", 0);
	bool there = connection_poll(ends[1], 0);
	long length = length_of(ends[1]);
	pair_line("%s %ld %s", pair_bool(there), length, pair_bool(connection_poll(ends[1], 0)));
}

static void order(void)
{
	struct connection *ends[2];
	bool right = true;
	pipe_new(NULL, false, ends);
	for (int i = 0; i < 100; i++)
		connection_send(ends[1], json_integer(i));
	for (int i = 0; i < 100; i++)
		right = number_of(ends[0]) == i && right;
	pair_line("%s", pair_bool(right));
}

static void send_big(void *argument)
{
	struct sending *sending = argument;
	char *bytes = calloc(1, sending->length);
	connection_send_bytes(sending->connection, bytes, sending->length);
	free(bytes);
}

static void sixteen_megabytes(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	struct sending sending = {ends[1], 16 << 20};
	struct process *child = process_new(NULL, send_big, &sending);
	process_start(child);
	pair_line("%ld", length_of(ends[0]));
	line_exit(child);
}

static void end_of_file(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	connection_send(ends[1], json_string("last"));
	connection_close(ends[1]);
	line_received(ends[0]);
	pair_line("%s", pair_bool(connection_poll(ends[0], 0)));
	line_received(ends[0]);
	line_received(ends[0]);
}

static void hold(void *event)
{
	event_wait(event);
}

static void end_of_file_needs_all_copies(void)
{
	struct connection *ends[2];
	pipe_new(NULL, false, ends);
	struct event *go = event_new(NULL);
	struct process *child = process_new(NULL, hold, go);
	process_start(child);
	connection_close(ends[1]);
	pair_line("there %s", pair_bool(connection_poll(ends[0], 0.2)));
	event_set(go);
	process_join(child);
	pair_line("there %s", pair_bool(connection_poll(ends[0], 0)));
	line_received(ends[0]);
}

static void nobody_reads(void)
{
	struct connection *ends[2];
	pipe_new(NULL, false, ends);
	connection_close(ends[0]);
	line_sent(connection_send(ends[1], json_integer(1)));
}

static void closed_refuses(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	connection_close(ends[0]);
	line_sent(connection_send(ends[0], json_integer(1)));
	line_received(ends[0]);
}

static void poll_is_not_early(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	double began = clock_seconds();
	bool there = connection_poll(ends[0], 0.15);
	pair_line("%s %s", pair_bool(there), pair_bool(clock_seconds() - began >= 0.15));
	connection_send(ends[1], json_integer(1));
	bool now = connection_poll(ends[0], 0), later = connection_poll(ends[0], 5);
	int64_t number = number_of(ends[0]);
	pair_line("%s %s %" PRId64 " %s", pair_bool(now), pair_bool(later), number, pair_bool(connection_poll(ends[0], 0)));
}

static void answer(void *argument)
{
	struct connection *connection = argument;
	int64_t number;
	while ((number = number_of(connection)) >= 0)
		connection_send(connection, json_integer(number * 2));
}

static void there_and_back(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	struct process *child = process_new(NULL, answer, ends[1]);
	process_start(child);
	for (int i = 0; i < 20; i++) {
		connection_send(ends[0], json_integer(i));
		pair_line("%" PRId64, number_of(ends[0]));
	}
	connection_send(ends[0], json_null());
	line_exit(child);
}

static void send_waits_for_room(void)
{
	struct connection *ends[2];
	pipe_new(NULL, true, ends);
	struct sending sending = {ends[1], 1 << 20};
	struct process *child = process_new(NULL, send_big, &sending);
	process_start(child);
	process_join_timeout(child, 0.3);
	pair_line("alive %s", pair_bool(process_is_alive(child)));
	pair_line("%ld", length_of(ends[0]));
	line_exit(child);
}

#define PAIR(name) {#name, name}
const struct pair pairs[] = {
	PAIR(both_ways), PAIR(one_way), PAIR(bounds_are_kept), PAIR(zero_length), PAIR(order), PAIR(sixteen_megabytes),
	PAIR(end_of_file), PAIR(end_of_file_needs_all_copies), PAIR(nobody_reads), PAIR(closed_refuses),
	PAIR(poll_is_not_early), PAIR(there_and_back), PAIR(send_waits_for_room), {0}};
