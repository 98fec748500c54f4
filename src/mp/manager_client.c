/* SPDX-License-Identifier: MIT */
/* A process's side of a round trip: its connections, and the call. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/books.h"
#include "mp/finalize.h"
#include "mp/frame.h"
#include "mp/manager_internal.h"
#include "probe/probe.h"

/* ---- the managers that this process knows; guarded by the books' lock ---- */

static struct manager *managers;

/* A child has connections of its own; its parent's are not to be used by two, nor kept open. */
static void after_fork(void *argument)
{
	struct manager *manager = argument;
	pthread_mutex_init(&manager->mutex, NULL);
	while (manager->connections != NULL) {
		struct manager_connection *connection = manager->connections;
		manager->connections = connection->next;
		close(connection->fd);
		free(connection);
	}
}

void manager_enlist(struct manager *manager)
{
	frame_ignore_sigpipe();
	pthread_mutex_init(&manager->mutex, NULL);
	after_fork_register(after_fork, manager);
	books_lock();
	manager->next = managers;
	managers = manager;
	books_unlock();
}

void manager_delist(struct manager *manager)
{
	after_fork_cancel(after_fork, manager);
	books_lock();
	struct manager **at = &managers;
	while (*at != NULL && *at != manager)
		at = &(*at)->next;
	if (*at != NULL)
		*at = manager->next;
	books_unlock();
	after_fork(manager); /* closes */
}

struct manager *manager_known_as(const char *address, uint16_t object, uint16_t work)
{
	books_lock();
	struct manager *manager = managers;
	while (manager != NULL && strcmp(manager->address, address) != 0)
		manager = manager->next;
	books_unlock();
	if (manager != NULL || strlen(address) >= sizeof manager->address)
		return manager;
	manager = memory_new(sizeof *manager);
	*manager = (struct manager){.listener = -1, .object = object, .work = work};
	memcpy(manager->address, address, strlen(address));
	manager_enlist(manager);
	return manager;
}

/* ---- connections ---- */

static int connect_to(const struct manager *manager)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(manager->address);
	memcpy(address.sun_path + 1, manager->address, length);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
	if (connect(fd, (const struct sockaddr *)&address, size) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* One that nobody uses, or a new one. 0 or -errno. */
static int take_connection(struct manager *manager, struct manager_connection **taken)
{
	pthread_mutex_lock(&manager->mutex);
	struct manager_connection *connection = manager->connections;
	while (connection != NULL && connection->busy)
		connection = connection->next;
	if (connection != NULL)
		connection->busy = true;
	pthread_mutex_unlock(&manager->mutex);
	*taken = connection;
	if (connection != NULL)
		return 0;
	int fd = connect_to(manager);
	if (fd < 0)
		return fd;
	*taken = connection = memory_new(sizeof *connection);
	*connection = (struct manager_connection){.fd = fd, .busy = true, .channel = probe_channel_new(manager->object)};
	pthread_mutex_lock(&manager->mutex);
	connection->next = manager->connections;
	manager->connections = connection;
	pthread_mutex_unlock(&manager->mutex);
	return 0;
}

static void give_back(struct manager *manager, struct manager_connection *connection, bool usable)
{
	pthread_mutex_lock(&manager->mutex);
	connection->busy = false;
	struct manager_connection **at = &manager->connections;
	while (!usable && *at != connection)
		at = &(*at)->next;
	if (!usable)
		*at = connection->next;
	pthread_mutex_unlock(&manager->mutex);
	if (usable)
		return;
	close(connection->fd);
	free(connection);
}

/* ---- a call ---- */

struct calling {
	struct manager *manager;
	struct manager_connection *connection; /* NULL until the gate is passed */
	uint16_t object;
	struct buffer request;
	struct frame_out out;
	struct frame_in in;
	struct message_text text;
};

static void tell_call(void *context)
{
	struct calling *calling = context;
	probe_event_text(EVENT_MANAGER_CALL, calling->manager->object, 0, calling->object, 0, probe_self.place,
	                 calling->text.bytes, calling->text.length);
}

static int begin_call(struct calling *calling)
{
	int error = take_connection(calling->manager, &calling->connection);
	if (error != 0)
		return error;
	struct manager_request header;
	memcpy(&header, calling->request.bytes, sizeof header);
	header.channel = calling->connection->channel;
	memcpy(calling->request.bytes, &header, sizeof header);
	return 0;
}

static int attempt_call(void *context)
{
	struct calling *calling = context;
	int error = calling->connection == NULL ? begin_call(calling) : 0;
	if (error != 0)
		return error;
	size_t before = calling->out.done;
	error = frame_send(&calling->out, calling->connection->fd);
	if (calling->out.done > before)
		probe_wake(calling->manager->work);
	return error;
}

static int block_call(void *context, const struct timespec *deadline)
{
	const struct calling *calling = context;
	return frame_wait_and_try(calling->connection->fd, POLLOUT, deadline, attempt_call, context);
}

static int send_request(struct calling *calling)
{
	frame_out_init(&calling->out, calling->request.bytes, calling->request.length);
	if (probe_on()) {
		calling->out.tell = tell_call;
		calling->out.context = calling;
	}
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_MANAGER_CALL, .wait_kind = EVENT_MANAGER_WAIT, .object = calling->manager->object,
		           .aux = calling->object, .place = probe_self.place, .text = message_text_string(&calling->text)},
		.attempt = attempt_call, .block = block_call, .pieces = true,
	};
	int error = probe_perform(&waiting, calling, -1);
	if (error != 0 && probe_on())
		probe_event(EVENT_MANAGER_CALL, calling->manager->object, 0, calling->object, EVENT_FAILED, probe_self.place);
	return error;
}

static int attempt_answer(void *context)
{
	struct calling *calling = context;
	size_t before = calling->in.body.length;
	int error = frame_receive(&calling->in, calling->connection->fd);
	if (error == -EAGAIN && calling->in.body.length > before)
		probe_wake(calling->manager->work);
	return error;
}

static int block_answer(void *context, const struct timespec *deadline)
{
	const struct calling *calling = context;
	return frame_wait_and_try(calling->connection->fd, POLLIN, deadline, attempt_answer, context);
}

/* What the server said: 0 or its -errno; -EINVAL too when it is not understood. */
static int read_answer(const struct buffer *body, json_t **value)
{
	struct manager_answer header;
	if (body->length < sizeof header)
		return -EINVAL;
	memcpy(&header, body->bytes, sizeof header);
	int error = message_only(body->bytes + sizeof header, body->length - sizeof header, value);
	return header.error != 0 ? header.error : error;
}

static void tell_return(const struct calling *calling, int error, bool answered, const json_t *value)
{
	struct message_text text = {0};
	if (error == 0 && !json_is_null(value))
		manager_describe(&text, value);
	probe_event_text(EVENT_MANAGER_RETURN, calling->manager->object, answered, calling->object,
	                 error != 0 ? EVENT_FAILED : 0, probe_self.place, text.bytes, text.length);
}

static int receive_answer(struct calling *calling, bool *answered, json_t **value)
{
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_MANAGER_RETURN, .wait_kind = EVENT_MANAGER_WAIT, .object = calling->manager->object,
		           .channel = calling->connection->channel, .aux = calling->object, .place = probe_self.place},
		.attempt = attempt_answer, .block = block_answer, .inside = true, .pieces = true,
	};
	int error = probe_perform(&waiting, calling, -1);
	*answered = error == 0;
	if (error == 0)
		error = read_answer(&calling->in.body, value);
	if (probe_on())
		tell_return(calling, error, *answered, *value);
	return error;
}

static int write_request(struct buffer *request, enum manager_method method, uint32_t held, uint16_t object,
                         json_t *arguments)
{
	struct manager_request header = {.method = method, .held = held, .place = probe_self.place, .object = object,
	                                 .client = probe_self.actor};
	buffer_add(request, &header, sizeof header);
	return message_add(request, arguments);
}

int manager_call(struct manager *manager, uint32_t held, uint16_t object, enum manager_method method,
                 json_t *arguments, json_t **result)
{
	struct calling calling = {.manager = manager, .object = object};
	json_t *value = NULL;
	bool answered = false;
	int error = write_request(&calling.request, method, held, object, arguments);
	if (error == 0 && probe_on())
		manager_describe_call(&calling.text, method, arguments);
	json_decref(arguments);
	if (error == 0)
		error = send_request(&calling);
	if (error == 0)
		error = receive_answer(&calling, &answered, &value);
	if (calling.connection != NULL)
		give_back(manager, calling.connection, answered);
	buffer_release(&calling.request);
	frame_in_release(&calling.in);
	if (error == 0 && result != NULL)
		*result = json_incref(value);
	json_decref(value);
	return error;
}

int manager_post(struct manager *manager, enum manager_method method)
{
	struct calling calling = {.manager = manager};
	json_t *nothing = json_array();
	int error = write_request(&calling.request, method, 0, 0, nothing);
	json_decref(nothing);
	frame_out_init(&calling.out, calling.request.bytes, calling.request.length);
	if (error == 0)
		error = attempt_call(&calling); /* so short that there is room for it */
	if (calling.connection != NULL)
		give_back(manager, calling.connection, false);
	buffer_release(&calling.request);
	return error;
}
