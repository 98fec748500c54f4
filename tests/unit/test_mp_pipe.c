/* SPDX-License-Identifier: MIT */
/* Pipe and Connection: messages, their bounds, the end of file, signals. Unwatched, between real processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "children.h"
#include "mp/pipe.h"

enum { BIG = 16 << 20, LIMIT = 20 };

struct both {
	struct connection *ends[2];
};

static struct both new_pipe(bool duplex)
{
	struct both pipe;
	assert_int_equal(pipe_new("p", duplex, pipe.ends), 0);
	return pipe;
}

static void free_pipe(struct both *pipe)
{
	connection_free(pipe->ends[0]);
	connection_free(pipe->ends[1]);
}

static void expect_message(struct connection *from, const char *json)
{
	json_t *want = json_loads(json, JSON_DECODE_ANY, NULL), *got = connection_recv(from);
	assert_non_null(got);
	assert_true(json_equal(want, got));
	json_decref(want);
	json_decref(got);
}

/* ---- values ---- */

static void values_arrive_as_they_were(void **state)
{
	(void)state;
	static const char *const values[] = {
		"0", "-1", "127", "128", "-129", "32768", "-32769", "2147483648", "-9223372036854775808", "9223372036854775807",
		"0.1", "-2.5e300", "1.0", "null", "true", "false", "\"\"", "\"h\\u00e9llo\\n\"", "[]",
		"{\"idx\": 3, \"n_sq\": 9}", "[42, null, \"hello\", [1.5, {}]]",
	};
	struct both pipe = new_pipe(false);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		assert_int_equal(connection_send(pipe.ends[1], json_loads(values[i], JSON_DECODE_ANY, NULL)), 0);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		expect_message(pipe.ends[0], values[i]);
	free_pipe(&pipe);
}

static void long_strings_arrive(void **state)
{
	(void)state;
	struct both pipe = new_pipe(false);
	static const size_t lengths[] = {255, 256, 4090, 4096, 30000};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		char *string = calloc(1, lengths[i] + 1);
		memset(string, 'x', lengths[i]);
		assert_int_equal(connection_send(pipe.ends[1], json_string(string)), 0);
		json_t *got = connection_recv(pipe.ends[0]);
		assert_string_equal(json_string_value(got), string);
		json_decref(got);
		free(string);
	}
	free_pipe(&pipe);
}

static void what_cannot_be_passed_is_refused(void **state)
{
	(void)state;
	struct both pipe = new_pipe(false);
	assert_int_equal(connection_send(pipe.ends[1], NULL), -EINVAL);
	assert_int_equal(connection_send(pipe.ends[1], json_pack("[o]", json_stringn_nocheck("\xff", 1))), -EINVAL);
	assert_false(connection_poll(pipe.ends[0], 0));
	assert_int_equal(connection_send_bytes(pipe.ends[1], "no value", 8), 0);
	assert_null(connection_recv(pipe.ends[0]));
	assert_int_equal(errno, EINVAL);
	free_pipe(&pipe);
}

/* ---- bounds ---- */

static void expect_bytes(struct connection *from, const void *want, size_t length)
{
	void *got = NULL;
	assert_int_equal(connection_recv_bytes(from, &got), length);
	assert_memory_equal(got, want, length);
	free(got);
}

static void messages_keep_their_bounds(void **state)
{
	(void)state;
	struct both pipe = new_pipe(true);
	assert_int_equal(connection_send_bytes(pipe.ends[0], "one", 3), 0);
	assert_int_equal(connection_send_bytes(pipe.ends[0], "", 0), 0);
	assert_int_equal(connection_send_bytes(pipe.ends[0], "three", 5), 0);
	expect_bytes(pipe.ends[1], "one", 3);
	expect_bytes(pipe.ends[1], "", 0);
	expect_bytes(pipe.ends[1], "three", 5);
	free_pipe(&pipe);
}

/* One read(2) takes the whole of a short one, and nothing of the next. */
static void every_short_length_arrives(void **state)
{
	(void)state;
	static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct both pipe = new_pipe(false);
	assert_int_equal(connection_send_bytes(pipe.ends[1], NULL, 0), 0);
	for (size_t length = 0; length < sizeof text; length++)
		assert_int_equal(connection_send_bytes(pipe.ends[1], text, length), 0);
	expect_bytes(pipe.ends[0], "", 0);
	for (size_t length = 0; length < sizeof text; length++)
		expect_bytes(pipe.ends[0], text, length);
	assert_false(connection_poll(pipe.ends[0], 0));
	free_pipe(&pipe);
}

static void both_ways_do_not_mix(void **state)
{
	(void)state;
	struct both pipe = new_pipe(true);
	assert_int_equal(connection_send(pipe.ends[0], json_string("ping")), 0);
	assert_int_equal(connection_send(pipe.ends[1], json_string("pong")), 0);
	expect_message(pipe.ends[1], "\"ping\"");
	expect_message(pipe.ends[0], "\"pong\"");
	free_pipe(&pipe);
}

/* ---- ends ---- */

static void one_way_has_one_way(void **state)
{
	(void)state;
	struct both pipe = new_pipe(false);
	assert_int_equal(connection_send(pipe.ends[0], json_integer(1)), -EBADF);
	assert_null(connection_recv(pipe.ends[1]));
	assert_int_equal(errno, EBADF);
	void *bytes;
	assert_int_equal(connection_recv_bytes(pipe.ends[1], &bytes), -EBADF);
	free_pipe(&pipe);
}

static void closed_is_closed(void **state)
{
	(void)state;
	struct both pipe = new_pipe(true);
	connection_close(pipe.ends[0]);
	connection_close(pipe.ends[0]);
	assert_int_equal(connection_send(pipe.ends[0], json_integer(1)), -EBADF);
	assert_null(connection_recv(pipe.ends[0]));
	assert_int_equal(errno, EBADF);
	free_pipe(&pipe);
}

static void end_of_file_after_what_was_sent(void **state)
{
	(void)state;
	for (int duplex = 0; duplex < 2; duplex++) {
		struct both pipe = new_pipe(duplex);
		connection_send(pipe.ends[1], json_integer(7));
		connection_close(pipe.ends[1]);
		assert_true(connection_poll(pipe.ends[0], 0));
		expect_message(pipe.ends[0], "7");
		assert_true(connection_poll(pipe.ends[0], 0));
		assert_null(connection_recv(pipe.ends[0]));
		assert_int_equal(errno, ENODATA);
		free_pipe(&pipe);
	}
}

struct forgetful {
	struct both pipe;
	int control[2];
};

/* Holds its copies of both ends until it may go. */
static int forget_to_close(void *argument)
{
	struct forgetful *forgetful = argument;
	char byte;
	return read(forgetful->control[0], &byte, 1) != 1;
}

/* Truth 16: the reader is at the end of file when every copy of the other end is closed, and not before. */
static void a_forgotten_end_hangs_the_reader(void **state)
{
	(void)state;
	struct forgetful forgetful = {.pipe = new_pipe(false)};
	assert_int_equal(pipe(forgetful.control), 0);
	pid_t child = child_start(forget_to_close, &forgetful);
	connection_close(forgetful.pipe.ends[1]);
	assert_false(connection_poll(forgetful.pipe.ends[0], 0.02));
	assert_int_equal(write(forgetful.control[1], "!", 1), 1);
	assert_true(connection_poll(forgetful.pipe.ends[0], LIMIT));
	assert_null(connection_recv(forgetful.pipe.ends[0]));
	assert_int_equal(errno, ENODATA);
	assert_int_equal(child_wait(child, LIMIT), 0);
	close(forgetful.control[0]);
	close(forgetful.control[1]);
	free_pipe(&forgetful.pipe);
}

static void sending_to_nobody_is_refused(void **state)
{
	(void)state;
	for (int duplex = 0; duplex < 2; duplex++) {
		struct both pipe = new_pipe(duplex);
		connection_close(pipe.ends[0]);
		assert_int_equal(connection_send(pipe.ends[1], json_integer(1)), -EPIPE);
		free_pipe(&pipe);
	}
}

/* ---- poll ---- */

static void poll_is_never_early(void **state)
{
	(void)state;
	struct both pipe = new_pipe(true);
	double start = seconds_now();
	assert_false(connection_poll(pipe.ends[0], 0.03));
	assert_true(seconds_now() - start >= 0.03);
	assert_false(connection_poll(pipe.ends[0], 0));
	connection_send(pipe.ends[1], json_null());
	assert_true(connection_poll(pipe.ends[0], 0));
	assert_true(connection_poll(pipe.ends[0], -1));
	free_pipe(&pipe);
}

/* ---- big messages, signals ---- */

static unsigned char big_byte(size_t i)
{
	return (unsigned char)(i * 2654435761u >> 11);
}

static int send_big(void *argument)
{
	struct both *pipe = argument;
	interrupt_often();
	unsigned char *bytes = malloc(BIG);
	for (size_t i = 0; i < BIG; i++)
		bytes[i] = big_byte(i);
	for (int i = 0; i < 3; i++)
		if (connection_send_bytes(pipe->ends[1], bytes, BIG) != 0)
			return 1;
	return 0;
}

static bool receive_big(struct connection *from)
{
	void *got = NULL;
	bool same = connection_recv_bytes(from, &got) == BIG;
	for (size_t i = 0; same && i < BIG; i++)
		same = ((unsigned char *)got)[i] == big_byte(i);
	free(got);
	return same;
}

static void big_messages_survive_signals(void **state)
{
	(void)state;
	for (int duplex = 0; duplex < 2; duplex++) {
		struct both pipe = new_pipe(duplex);
		pid_t child = child_start(send_big, &pipe);
		interrupt_often();
		for (int i = 0; i < 3; i++)
			assert_true(receive_big(pipe.ends[0]));
		interrupt_no_more();
		assert_int_equal(child_wait(child, LIMIT), 0);
		assert_false(connection_poll(pipe.ends[0], 0));
		free_pipe(&pipe);
	}
}

/* Waits in recv through many signals, then gets its message. */
static int echo(void *argument)
{
	struct both *pipe = argument;
	connection_close(pipe->ends[0]);
	interrupt_often();
	for (;;) {
		json_t *message = connection_recv(pipe->ends[1]);
		if (message == NULL)
			return errno != ENODATA;
		if (connection_send(pipe->ends[1], message) != 0)
			return 2;
	}
}

static void a_blocked_recv_survives_signals(void **state)
{
	(void)state;
	struct both pipe = new_pipe(true);
	pid_t child = child_start(echo, &pipe);
	connection_close(pipe.ends[1]);
	interrupt_often();
	for (int i = 0; i < 500; i++) {
		if (i % 100 == 0)
			assert_false(connection_poll(pipe.ends[0], 0.005)); /* both wait through some signals */
		assert_int_equal(connection_send(pipe.ends[0], json_integer(i)), 0);
		json_t *got = connection_recv(pipe.ends[0]);
		assert_int_equal(json_integer_value(got), i);
		json_decref(got);
	}
	interrupt_no_more();
	connection_close(pipe.ends[0]);
	assert_int_equal(child_wait(child, LIMIT), 0);
	free_pipe(&pipe);
}

static void nothing_is_left_open(void **state)
{
	(void)state;
	int before = dup(STDIN_FILENO);
	close(before);
	for (int i = 0; i < 100; i++) {
		struct both pipe = new_pipe(i % 2);
		free_pipe(&pipe);
	}
	int after = dup(STDIN_FILENO);
	close(after);
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_arrive_as_they_were),
		cmocka_unit_test(long_strings_arrive),
		cmocka_unit_test(what_cannot_be_passed_is_refused),
		cmocka_unit_test(messages_keep_their_bounds),
		cmocka_unit_test(every_short_length_arrives),
		cmocka_unit_test(both_ways_do_not_mix),
		cmocka_unit_test(one_way_has_one_way),
		cmocka_unit_test(closed_is_closed),
		cmocka_unit_test(end_of_file_after_what_was_sent),
		cmocka_unit_test(a_forgotten_end_hangs_the_reader),
		cmocka_unit_test(sending_to_nobody_is_refused),
		cmocka_unit_test(poll_is_never_early),
		cmocka_unit_test(big_messages_survive_signals),
		cmocka_unit_test(a_blocked_recv_survives_signals),
		cmocka_unit_test(nothing_is_left_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
