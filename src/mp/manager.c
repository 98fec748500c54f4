/* SPDX-License-Identifier: MIT */
/* The manager itself: starting its server, and ending it. */
#include "mp/manager.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/finalize.h"
#include "mp/frame.h"
#include "mp/manager_internal.h"
#include "mp/process_internal.h"
#include "mp/process_self.h"
#include "probe/probe.h"

static const double PATIENCE = 1.0; /* seconds for an orderly end: shutdown_timeout in managers.py */

/*
 * A listening socket with a name that the kernel makes up: bind(2) of the family alone, unix(7),
 * "Autobind feature". Such a name is five digits after a NUL byte. 0 or -errno.
 */
static int listen_somewhere(struct manager *manager)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t size = sizeof address;
	manager->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (manager->listener < 0)
		return -errno;
	if (bind(manager->listener, (const struct sockaddr *)&address, sizeof address.sun_family) < 0 ||
	    listen(manager->listener, SOMAXCONN) < 0 ||
	    getsockname(manager->listener, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	size_t length = size - offsetof(struct sockaddr_un, sun_path) - 1;
	if (length >= sizeof manager->address)
		return -ENAMETOOLONG;
	memcpy(manager->address, address.sun_path + 1, length);
	return 0;
}

static void stop_listening(struct manager *manager)
{
	if (manager->listener >= 0)
		close(manager->listener);
	manager->listener = -1;
}

static void shutdown_at_exit(void *manager)
{
	manager_shutdown(manager);
}

static int start_server(struct manager *manager)
{
	int error = listen_somewhere(manager);
	if (error == 0) {
		manager->server = process_new_worker("SyncManager", manager_serve, manager);
		error = process_start(manager->server);
	}
	stop_listening(manager); /* the server has its own copy */
	return error;
}

struct manager *manager_new(const char *name)
{
	PROBE_CALL();
	struct manager *manager = memory_new(sizeof *manager);
	*manager = (struct manager){.creator = process_self.pid, .listener = -1};
	manager->object = probe_object_new(OBJECT_MANAGER, name, 0, 0, 0, probe_self.place);
	manager->work = probe_channel_new(manager->object);
	manager_enlist(manager);
	int error = start_server(manager);
	if (error != 0) {
		manager_delist(manager);
		process_free(manager->server);
		free(manager);
		errno = -error;
		return NULL;
	}
	finalize_register(shutdown_at_exit, manager, 0);
	return manager;
}

pid_t manager_pid(const struct manager *manager)
{
	return process_pid(manager->server);
}

/* Waits for the server's end; one that does not come is brought about. */
static void join_server(struct manager *manager)
{
	struct process *server = manager->server;
	struct probe_intent intent = {.kind = EVENT_PROCESS_JOIN, .wait_kind = EVENT_PROCESS_WAIT,
	                              .object = process_object(server), .aux = process_actor(server),
	                              .place = probe_self.place};
	int code = 0;
	if (process_join_as(server, &intent, true, PATIENCE) == -ETIMEDOUT) {
		process_terminate_inside(server);
		process_join_as(server, &intent, true, -1);
	}
	process_exitcode(server, &code);
	if (probe_on())
		probe_event(EVENT_PROCESS_JOIN, intent.object, code, intent.aux, 0, intent.place);
}

int manager_shutdown(struct manager *manager)
{
	PROBE_CALL();
	if (manager->creator != process_self.pid)
		return -ECHILD;
	if (manager->down)
		return 0;
	manager->down = true;
	finalize_cancel(shutdown_at_exit, manager);
	if (probe_on()) {
		probe_gate(&(struct probe_intent){.kind = EVENT_MANAGER_SHUTDOWN, .object = manager->object,
		                                  .place = probe_self.place});
		probe_event(EVENT_MANAGER_SHUTDOWN, manager->object, 0, 0, 0, probe_self.place);
	}
	manager_post(manager, MANAGER_SHUTDOWN); /* one that cannot be reached has ended */
	join_server(manager);
	return 0;
}

void manager_free(struct manager *manager)
{
	if (manager == NULL)
		return;
	PROBE_CALL();
	manager_shutdown(manager);
	manager_delist(manager);
	if (manager->creator == process_self.pid)
		process_free(manager->server);
	free(manager);
}
