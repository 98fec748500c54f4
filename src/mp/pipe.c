/* SPDX-License-Identifier: MIT */
/*
 * A connection is a descriptor and the frames on it. Under the gate a large message goes piece by
 * piece: who sends and who receives wake each other, and each is told of once, when the message is whole.
 */
#include "mp/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/frame.h"
#include "mp/message.h"
#include "probe/probe.h"

struct connection {
	int fd; /* -1 when closed */
	bool readable;
	bool writable;
	uint8_t end;     /* 0 or 1 */
	uint16_t object; /* the pipe's: both ends have the same */
};

static struct connection *connection_new(int fd, unsigned int end, bool readable, bool writable, uint16_t object)
{
	struct connection *connection = memory_new(sizeof *connection);
	*connection = (struct connection){.fd = fd, .readable = readable, .writable = writable,
	                                  .end = (uint8_t)end, .object = object};
	return connection;
}

int pipe_new(const char *name, bool duplex, struct connection *ends[2])
{
	uint32_t place = PROBE_HERE();
	int fds[2];
	int error = duplex ? frame_socketpair(fds) : frame_pipe(fds);
	if (error != 0)
		return error;
	uint16_t object = probe_object_new(OBJECT_PIPE, name, 0, duplex, 0, place);
	ends[0] = connection_new(fds[0], 0, true, duplex, object);
	ends[1] = connection_new(fds[1], 1, duplex, true, object);
	return 0;
}

void connection_close(struct connection *connection)
{
	if (connection->fd < 0)
		return;
	uint32_t place = PROBE_HERE();
	if (probe_on()) {
		probe_gate(&(struct probe_intent){.kind = EVENT_PIPE_CLOSE, .object = connection->object,
		                                  .aux = connection->end, .place = place});
		probe_event(EVENT_PIPE_CLOSE, connection->object, 0, connection->end, 0, place);
	}
	close(connection->fd);
	connection->fd = -1;
	probe_wake(connection->object);
}

void connection_free(struct connection *connection)
{
	if (connection == NULL)
		return;
	PROBE_CALL();
	connection_close(connection);
	free(connection);
}

/* ---- sending ---- */

struct sending {
	struct connection *connection;
	struct frame_out frame;
	const struct message_text *text; /* for the event; NULL unwatched */
};

static void tell_send(void *context)
{
	struct sending *sending = context;
	const struct connection *connection = sending->connection;
	probe_event_text(EVENT_PIPE_SEND, connection->object, (int64_t)sending->frame.length, connection->end, 0,
	                 probe_self.place, sending->text->bytes, sending->text->length);
}

static int attempt_send(void *context)
{
	struct sending *sending = context;
	size_t before = sending->frame.done;
	int error = frame_send(&sending->frame, sending->connection->fd);
	if (sending->frame.done > before)
		probe_wake(sending->connection->object);
	return error;
}

static int block_send(void *context, const struct timespec *deadline)
{
	const struct sending *sending = context;
	return frame_wait_and_try(sending->connection->fd, POLLOUT, deadline, attempt_send, context);
}

static int perform_send(struct sending *sending)
{
	const struct connection *connection = sending->connection;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_PIPE_SEND, .wait_kind = EVENT_PIPE_SEND_WAIT, .object = connection->object,
		           .aux = connection->end, .value = (int64_t)sending->frame.length,
		           .place = probe_self.place, .text = sending->text != NULL ? sending->text->bytes : NULL},
		.attempt = attempt_send, .block = block_send, .pieces = true,
	};
	return probe_perform(&waiting, sending, -1);
}

static int send_unwatched(struct connection *connection, const void *bytes, size_t length)
{
	struct sending sending;
	sending.connection = connection;
	sending.text = NULL;
	frame_out_init(&sending.frame, bytes, length);
	int error = attempt_send(&sending);
	return error == -EAGAIN ? perform_send(&sending) : error;
}

/* A message whose text is `text`. */
static int send_watched(struct connection *connection, const void *bytes, size_t length, struct message_text *text)
{
	struct sending sending = {.connection = connection, .text = text};
	message_text_string(text);
	frame_out_init(&sending.frame, bytes, length);
	sending.frame.tell = tell_send;
	sending.frame.context = &sending;
	int error = perform_send(&sending);
	if (error != 0)
		probe_event(EVENT_PIPE_SEND, connection->object, (int64_t)length, connection->end, EVENT_FAILED,
		            probe_self.place);
	return error;
}

static int may_send(const struct connection *connection)
{
	return connection->fd >= 0 && connection->writable ? 0 : -EBADF;
}

int connection_send_bytes(struct connection *connection, const void *bytes, size_t length)
{
	PROBE_CALL();
	int error = may_send(connection);
	if (error != 0)
		return error;
	if (!probe_on())
		return send_unwatched(connection, bytes, length);
	struct message_text text = {0};
	message_text_add(&text, bytes, length);
	return send_watched(connection, bytes, length, &text);
}

static int send_encoded(struct connection *connection, const struct buffer *buffer)
{
	if (!probe_on())
		return send_unwatched(connection, buffer->bytes, buffer->length);
	struct message_text text = {0};
	message_describe(&text, buffer->bytes, buffer->bytes + buffer->length);
	return send_watched(connection, buffer->bytes, buffer->length, &text);
}

int connection_send(struct connection *connection, json_t *message)
{
	PROBE_CALL();
	struct buffer buffer = {0};
	int error = may_send(connection);
	if (error == 0)
		error = message_add(&buffer, message);
	json_decref(message);
	if (error == 0)
		error = send_encoded(connection, &buffer);
	buffer_release(&buffer);
	return error;
}

/* ---- receiving ---- */

struct receiving {
	struct connection *connection;
	struct frame_in frame;
};

static int attempt_receive(void *context)
{
	struct receiving *receiving = context;
	size_t before = receiving->frame.body.length;
	int error = frame_receive(&receiving->frame, receiving->connection->fd);
	if (error == 0 || receiving->frame.body.length > before)
		probe_wake(receiving->connection->object); /* there is room for who sends */
	return error;
}

static int block_receive(void *context, const struct timespec *deadline)
{
	const struct receiving *receiving = context;
	return frame_wait_and_try(receiving->connection->fd, POLLIN, deadline, attempt_receive, context);
}

static void tell_receive(const struct receiving *receiving, int error, bool raw)
{
	const struct connection *connection = receiving->connection;
	const struct buffer *body = &receiving->frame.body;
	struct message_text text = {0};
	if (error == 0 && raw)
		message_text_add(&text, body->bytes, body->length);
	else if (error == 0)
		message_describe(&text, body->bytes, body->bytes + body->length);
	probe_event_text(EVENT_PIPE_RECV, connection->object, error == 0 ? (int64_t)body->length : 0, connection->end,
	                 error != 0 ? EVENT_FAILED : 0, probe_self.place, text.bytes, text.length);
}

static int perform_receive(struct receiving *receiving)
{
	const struct connection *connection = receiving->connection;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_PIPE_RECV, .wait_kind = EVENT_PIPE_WAIT, .object = connection->object,
		           .aux = connection->end, .place = probe_self.place},
		.attempt = attempt_receive, .block = block_receive, .pieces = true,
	};
	return probe_perform(&waiting, receiving, -1);
}

static int receive(struct receiving *receiving, bool raw)
{
	if (receiving->connection->fd < 0 || !receiving->connection->readable)
		return -EBADF;
	int error = probe_on() ? -EAGAIN : attempt_receive(receiving);
	if (error == -EAGAIN)
		error = perform_receive(receiving);
	if (probe_on())
		tell_receive(receiving, error, raw);
	return error;
}

long connection_recv_bytes(struct connection *connection, void **bytes)
{
	PROBE_CALL();
	struct receiving receiving = {.connection = connection};
	int error = receive(&receiving, true);
	if (error != 0) {
		frame_in_release(&receiving.frame);
		return error;
	}
	*bytes = receiving.frame.body.bytes;
	return (long)receiving.frame.body.length;
}

json_t *connection_recv(struct connection *connection)
{
	PROBE_CALL();
	struct receiving receiving = {.connection = connection};
	json_t *message = NULL;
	int error = receive(&receiving, false);
	const struct buffer *body = &receiving.frame.body;
	if (error == 0)
		error = message_only(body->bytes, body->length, &message);
	frame_in_release(&receiving.frame);
	if (error != 0)
		errno = -error;
	return message;
}

/* ---- asking ---- */

static int attempt_poll(void *context)
{
	const struct connection *connection = context;
	return frame_ready(connection->fd, POLLIN) ? 0 : -EAGAIN;
}

static int block_poll(void *context, const struct timespec *deadline)
{
	const struct connection *connection = context;
	return frame_wait(connection->fd, POLLIN, deadline);
}

bool connection_poll(struct connection *connection, double seconds)
{
	if (connection->fd < 0 || !connection->readable)
		return false;
	uint32_t place = PROBE_HERE();
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_PIPE_POLL, .wait_kind = EVENT_PIPE_WAIT, .object = connection->object,
		           .aux = connection->end, .place = place},
		.attempt = attempt_poll, .block = block_poll,
	};
	bool there = probe_perform(&waiting, connection, seconds) == 0;
	if (probe_on())
		probe_event(EVENT_PIPE_POLL, connection->object, there, connection->end, 0, place);
	return there;
}
