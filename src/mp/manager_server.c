/* SPDX-License-Identifier: MIT */
/* The server: one process, one loop, a request at a time. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/frame.h"
#include "mp/manager_internal.h"
#include "probe/probe.h"

struct client {
	struct client *next;
	int fd;
	uint64_t turn;        /* when it was served last */
	uint16_t channel;     /* that it waits on for its answer */
	bool asks;            /* `in` holds a whole request, not yet served */
	bool answered;        /* `out` has not gone yet */
	struct frame_in in;
	struct frame_out out;
	struct buffer answer;
};

struct server {
	struct manager *manager;
	int parent; /* pidfd; -1 when there is none to be had */
	struct client *clients; /* in the order in which they came */
	uint64_t turns;
	struct held *held;      /* number n at n - 1 */
	size_t held_count, held_capacity;
	struct client *next;    /* who is to be served */
	bool stop;
};

/* ---- clients ---- */

static void accept_clients(struct server *server)
{
	struct client **end = &server->clients;
	int fd;
	while (*end != NULL)
		end = &(*end)->next;
	while ((fd = accept4(server->manager->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct ucred who;
		socklen_t size = sizeof who;
		/* An abstract name is open to all users of the machine; this server only to its own. */
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.uid != geteuid()) {
			close(fd);
			continue;
		}
		*end = memory_new(sizeof **end);
		**end = (struct client){.fd = fd};
		end = &(*end)->next;
	}
}

static void drop_client(struct client **at)
{
	struct client *client = *at;
	*at = client->next;
	close(client->fd);
	frame_in_release(&client->in);
	buffer_release(&client->answer);
	free(client);
}

/* Sends what can be sent of the answer. 0, also when some is left, or -errno. */
static int send_answer(struct client *client)
{
	int error = frame_send(&client->out, client->fd);
	client->answered = error == -EAGAIN;
	probe_wake(client->channel);
	return error == -EAGAIN ? 0 : error;
}

/* Reads what can be read of its request. 0 or -errno: it is gone. */
static int read_request(struct server *server, struct client *client)
{
	size_t before = client->in.body.length;
	int error = frame_receive(&client->in, client->fd);
	client->asks = error == 0;
	if (error == -EAGAIN && client->in.body.length > before)
		probe_wake(server->manager->object); /* there is room for the rest */
	return error == -EAGAIN ? 0 : error;
}

static void look_at_clients(struct server *server)
{
	accept_clients(server);
	for (struct client **at = &server->clients; *at != NULL;) {
		struct client *client = *at;
		int error = client->answered ? send_answer(client) : 0;
		if (error == 0 && !client->asks && !client->answered)
			error = read_request(server, client);
		if (error != 0)
			drop_client(at);
		else
			at = &client->next;
	}
}

/* Whose last turn is longest ago; NULL: nobody asks. */
static struct client *choose_client(const struct server *server)
{
	struct client *chosen = NULL;
	for (struct client *client = server->clients; client != NULL; client = client->next)
		if (client->asks && (chosen == NULL || client->turn < chosen->turn))
			chosen = client;
	return chosen;
}

/* ---- waiting for a request ---- */

static int attempt_serve(void *context)
{
	struct server *server = context;
	if (server->next == NULL) {
		look_at_clients(server);
		server->next = choose_client(server);
	}
	return server->next != NULL ? 0 : -EAGAIN;
}

static nfds_t fill_polled(const struct server *server, struct pollfd **polled)
{
	nfds_t count = 2;
	for (const struct client *client = server->clients; client != NULL; client = client->next)
		count++;
	struct pollfd *at = *polled = memory_array(count, sizeof **polled);
	*at++ = (struct pollfd){.fd = server->manager->listener, .events = POLLIN};
	*at++ = (struct pollfd){.fd = server->parent, .events = POLLIN};
	for (const struct client *client = server->clients; client != NULL; client = client->next)
		*at++ = (struct pollfd){.fd = client->fd, .events = client->answered ? POLLOUT : POLLIN};
	return count;
}

/* Nobody sets the server a limit. -ECANCELED: the manager's process is gone. */
static int block_serve(void *context, const struct timespec *deadline)
{
	struct server *server = context;
	(void)deadline;
	for (;;) {
		struct pollfd *polled;
		nfds_t count = fill_polled(server, &polled);
		int error = poll(polled, count, -1) < 0 ? -errno : polled[1].revents != 0 ? -ECANCELED : 0;
		free(polled);
		if (error != 0)
			return error;
		if (attempt_serve(server) == 0)
			return 0;
	}
}

/* A request, cut into its parts. */
struct request {
	struct manager_request header;
	json_t *arguments; /* NULL: it is not understood */
	struct message_text text;
};

static void read_parts(struct request *request, const struct client *client)
{
	const struct buffer *body = &client->in.body;
	*request = (struct request){0};
	if (body->length < sizeof request->header)
		return;
	memcpy(&request->header, body->bytes, sizeof request->header);
	message_only(body->bytes + sizeof request->header, body->length - sizeof request->header, &request->arguments);
	if (probe_on())
		manager_describe_call(&request->text, request->header.method, request->arguments);
}

/* With nothing asked it waits without a step; the step is the serving. 0, or -errno: it is to end. */
static int await_request(struct server *server)
{
	struct request request = {0};
	look_at_clients(server);
	server->next = choose_client(server);
	if (server->next != NULL)
		read_parts(&request, server->next);
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_MANAGER_SERVE, .wait_kind = EVENT_MANAGER_SERVE_WAIT,
		           .object = server->manager->object, .channel = server->manager->work,
		           .aux = request.header.object, .value = request.header.client, .place = request.header.place,
		           .text = request.arguments != NULL ? message_text_string(&request.text) : NULL},
		.attempt = attempt_serve, .block = block_serve, .inside = server->next == NULL, .pieces = true,
	};
	int error = probe_perform(&waiting, server, -1);
	json_decref(request.arguments);
	return error;
}

/* ---- serving ---- */

static int create(struct server *server, const struct request *request, json_t **result)
{
	enum held_type type = manager_type_named(json_string_value(json_array_get(request->arguments, 0)));
	if (type == HELD_NONE)
		return -EINVAL;
	if (server->held_count == server->held_capacity) {
		server->held_capacity = server->held_capacity == 0 ? 8 : server->held_capacity * 2;
		server->held = memory_resize(server->held, server->held_capacity, sizeof *server->held);
	}
	server->held[server->held_count++] = (struct held){.type = type, .object = request->header.object,
		.value = type == HELD_LIST ? json_array() : json_object()};
	*result = json_integer((json_int_t)server->held_count);
	return 0;
}

/* The object that a request is about; NULL: there is none. */
static struct held *held_of(const struct server *server, const struct request *request, const json_t *result)
{
	size_t number = request->header.method == MANAGER_CREATE ? (size_t)json_integer_value(result)
	                                                          : request->header.held;
	return number >= 1 && number <= server->held_count ? &server->held[number - 1] : NULL;
}

static int do_request(struct server *server, const struct request *request, json_t **result)
{
	struct held *held = held_of(server, request, NULL);
	if (request->arguments == NULL || manager_method_info(request->header.method) == NULL)
		return -EINVAL;
	if (request->header.method == MANAGER_CREATE)
		return create(server, request, result);
	if (request->header.method == MANAGER_SHUTDOWN) {
		server->stop = true;
		return 0;
	}
	if (held == NULL)
		return -EINVAL;
	return held_do(held, (enum manager_method)request->header.method, request->arguments, result);
}

static void tell_served(const struct server *server, const struct request *request, const json_t *result, bool done)
{
	const struct manager_method_info *info = manager_method_info(request->header.method);
	const struct held *held = held_of(server, request, result);
	struct message_text text = {0};
	probe_event_text(EVENT_MANAGER_SERVE, server->manager->object, request->header.client, request->header.object, 0,
	                 request->header.place, request->text.bytes, request->text.length);
	if (!done || info == NULL || !info->changes || held == NULL || held->object == 0)
		return;
	manager_describe(&text, held->value);
	probe_event_text(EVENT_MANAGER_HOLDS, held->object, 0, server->manager->object, 0, request->header.place,
	                 text.bytes, text.length);
}

static void write_answer(struct client *client, int error, json_t *result)
{
	struct manager_answer header = {.error = error};
	json_t *nothing = json_null();
	client->answer.length = 0;
	buffer_add(&client->answer, &header, sizeof header);
	message_add(&client->answer, result != NULL ? result : nothing);
	frame_out_init(&client->out, client->answer.bytes, client->answer.length);
	client->answered = true;
}

/* Told before the answer goes: whoever has it has a later time stamp. */
static void serve(struct server *server)
{
	struct client *client = server->next;
	struct request request;
	json_t *result = NULL;
	read_parts(&request, client);
	int error = do_request(server, &request, &result);
	if (probe_on())
		tell_served(server, &request, result, error == 0);
	client->asks = false;
	client->turn = ++server->turns;
	client->channel = request.header.channel;
	write_answer(client, error, result);
	send_answer(client); /* one that is gone is dropped when it is looked at next */
	json_decref(result);
	json_decref(request.arguments);
	server->next = NULL;
}

void manager_serve(void *argument)
{
	struct server server = {.manager = argument};
	server.parent = (int)syscall(SYS_pidfd_open, server.manager->creator, 0);
	signal(SIGINT, SIG_IGN); /* Ctrl-C is for those who use it: managers.py, Server.serve_forever() */
	if (server.parent < 0 && getppid() != server.manager->creator)
		return; /* it has ended already */
	while (!server.stop && await_request(&server) == 0)
		serve(&server);
}
