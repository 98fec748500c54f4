/* SPDX-License-Identifier: MIT */
/*
 * A manager's parts:
 *
 *     proxy ── request ──► connection ──► server: dispatch ──► held object
 *           ◄── answer ───            ◄──
 *
 * One round trip at a time on a connection; a process opens as many as it has calls under way at once, and
 * keeps them. A child starts with none. A request is a frame: a header and its arguments (one value, an array);
 * so is an answer: a header and what came of it.
 *
 * The server is one process with an event loop (manager_server.c). Python's has a thread for each client;
 * one is enough because nothing that it does waits. Of several requests it serves first that of the
 * client whose last turn is longest ago.
 *
 * Under the gate: a call, the serving of it and the receiving of its answer are one step each. The server listens
 * to the channel `work`, each connection has one of its own for its answer.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_MANAGER_INTERNAL_H
#define LOCKSTEP_MP_MANAGER_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "mp/manager.h"
#include "mp/message.h"

enum held_type { HELD_NONE, HELD_DICT, HELD_LIST, HELD_NAMESPACE };

/* X(method, of which type, name, whether it changes what is held) */
#define MANAGER_METHODS(X)                                 \
	X(CREATE,         HELD_NONE,      "create",   true)    \
	X(SHUTDOWN,       HELD_NONE,      "shutdown", false)   \
	X(DICT_SET,       HELD_DICT,      "set",      true)    \
	X(DICT_GET,       HELD_DICT,      "get",      false)   \
	X(DICT_POP,       HELD_DICT,      "pop",      true)    \
	X(DICT_DEL,       HELD_DICT,      "del",      true)    \
	X(DICT_CONTAINS,  HELD_DICT,      "contains", false)   \
	X(DICT_LEN,       HELD_DICT,      "len",      false)   \
	X(DICT_KEYS,      HELD_DICT,      "keys",     false)   \
	X(DICT_VALUES,    HELD_DICT,      "values",   false)   \
	X(DICT_ITEMS,     HELD_DICT,      "items",    false)   \
	X(DICT_COPY,      HELD_DICT,      "copy",     false)   \
	X(DICT_UPDATE,    HELD_DICT,      "update",   true)    \
	X(DICT_CLEAR,     HELD_DICT,      "clear",    true)    \
	X(LIST_APPEND,    HELD_LIST,      "append",   true)    \
	X(LIST_EXTEND,    HELD_LIST,      "extend",   true)    \
	X(LIST_INSERT,    HELD_LIST,      "insert",   true)    \
	X(LIST_GET,       HELD_LIST,      "get",      false)   \
	X(LIST_SET,       HELD_LIST,      "set",      true)    \
	X(LIST_DEL,       HELD_LIST,      "del",      true)    \
	X(LIST_POP,       HELD_LIST,      "pop",      true)    \
	X(LIST_CONTAINS,  HELD_LIST,      "contains", false)   \
	X(LIST_LEN,       HELD_LIST,      "len",      false)   \
	X(LIST_REVERSE,   HELD_LIST,      "reverse",  true)    \
	X(LIST_COPY,      HELD_LIST,      "copy",     false)   \
	X(NAMESPACE_SET,  HELD_NAMESPACE, "set",      true)    \
	X(NAMESPACE_GET,  HELD_NAMESPACE, "get",      false)   \
	X(NAMESPACE_DEL,  HELD_NAMESPACE, "del",      true)

enum manager_method {
#define X(method, type, name, changes) MANAGER_##method,
	MANAGER_METHODS(X)
#undef X
	MANAGER_METHOD_COUNT
};

struct manager_method_info {
	enum held_type type;
	const char *name;
	bool changes;
};

const struct manager_method_info *manager_method_info(unsigned int method); /* NULL: there is none */

const char *manager_type_name(enum held_type type);       /* Python's typeid */
enum held_type manager_type_named(const char *name);      /* HELD_NONE: no such; NULL is allowed */

/* ---- the protocol ---- */

struct manager_request {
	uint32_t method;
	uint32_t held;    /* the object's number in the server; 0: the manager */
	uint32_t place;   /* of the caller's line */
	uint16_t object;  /* of the wire: what the object is known as */
	uint16_t client;  /* actor id */
	uint16_t channel; /* that the client waits on */
	uint16_t reserved[3];
};

struct manager_answer {
	int32_t error; /* 0 or -errno */
	uint32_t reserved;
};

/* `set("a", 1)`, as it is told: values that stand for a proxy by the name of what they stand for. */
void manager_describe_call(struct message_text *text, unsigned int method, const json_t *arguments);
void manager_describe(struct message_text *text, const json_t *value);

/* What stands for a proxy among values. */
struct manager_token {
	enum held_type type;
	const char *address; /* of its server, without the leading NUL byte; belongs to the value */
	const char *name;
	uint32_t held;
	uint16_t object, manager, work; /* of the wire */
};

json_t *manager_token_value(const struct manager_token *token);
bool manager_token_read(const json_t *value, struct manager_token *token);

/* ---- a manager, as each process sees it ---- */

struct manager_connection {
	struct manager_connection *next;
	int fd;
	bool busy;
	uint16_t channel;
};

struct process;

struct manager {
	struct manager *next; /* all that this process knows: manager_client.c */
	struct process *server; /* NULL: not made by this process or its parents */
	pid_t creator;
	bool down;
	char address[24]; /* abstract: without the NUL byte before it */
	int listener;     /* only until the server has it; -1 */
	uint16_t object;
	uint16_t work;    /* channel: a request is there */
	pthread_mutex_t mutex; /* guards the list; what is busy belongs to its caller */
	struct manager_connection *connections;
};

/* ---- manager_client.c ---- */

struct manager *manager_known_as(const char *address, uint16_t object, uint16_t work); /* makes it known if it is not */
void manager_enlist(struct manager *manager);
void manager_delist(struct manager *manager);

/*
 * One round trip; takes the reference to `arguments`. 0 and *result (unless NULL) a new reference, or -errno.
 * Passes the gate, tells call, wait and return.
 */
int manager_call(struct manager *manager, uint32_t held, uint16_t object, enum manager_method method,
                 json_t *arguments, json_t **result);

/* Sends without waiting for an answer and without telling; of an operation that has passed the gate. 0 or -errno. */
int manager_post(struct manager *manager, enum manager_method method);

/* ---- manager_server.c ---- */

void manager_serve(void *manager); /* the server's target */

/* ---- manager_held.c ---- */

struct held {
	enum held_type type;
	uint16_t object;
	json_t *value;
};

/* Does it: 0 and *result a new reference or NULL (for none), or -errno. */
int held_do(struct held *held, enum manager_method method, json_t *arguments, json_t **result);

#endif
