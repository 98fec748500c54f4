/* SPDX-License-Identifier: MIT */
/*
 * Manager: multiprocessing.Manager (CPython 3.11, Lib/multiprocessing/managers.py). Dicts, lists and
 * namespaces that live in a server process; what others hold are proxies. Each call through a
 * proxy is a round trip over a Unix socket: it is done at once or not at all, but two calls are two
 * round trips, and anything may come between them (`d["n"] += 1` loses updates).
 *
 * A value that was read is a copy: to change it does nothing to what lies in the server; it must be
 * set again. A proxy can itself be a value (…_proxy_value), in another object of the same
 * manager or in a message: whoever reads it makes a proxy of it again (…_proxy_from).
 *
 * Proxies work in the process that made them and in all that are forked from it afterwards. The server
 * ends with manager_shutdown(), and with the process that made the manager, however that ends. Nothing
 * is left in the file system: the socket's name is an abstract one, unix(7). Keys are strings, values JSON.
 *
 * Calls return 0, a number or a new reference; else -errno (NULL and errno): ENOENT no such key or attribute
 * (KeyError, AttributeError), ERANGE no such index (IndexError), EINVAL cannot be passed, or no such object;
 * ECONNREFUSED, EPIPE, ECONNRESET, ENODATA: the server is gone.
 *
 * Runs in: lesson. May block: all that calls the server.
 */
#ifndef LOCKSTEP_MP_MANAGER_H
#define LOCKSTEP_MP_MANAGER_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

struct manager;
struct dict_proxy;
struct list_proxy;
struct namespace_proxy;

struct manager *manager_new(const char *name);        /* Manager(): starts the server; NULL and errno */
int manager_shutdown(struct manager *manager);        /* m.shutdown(): by the process that made it; again: nothing */
pid_t manager_pid(const struct manager *manager);     /* of the server */
void manager_free(struct manager *manager);           /* shuts down; proxies must not be used afterwards */

/* m.dict(), m.list(), m.Namespace(): empty ones, known to the screen by their names. NULL and errno. */
struct dict_proxy *manager_dict(struct manager *manager, const char *name);
struct list_proxy *manager_list(struct manager *manager, const char *name);
struct namespace_proxy *manager_namespace(struct manager *manager, const char *name);

/* ---- dict; functions that are given a value take its reference ---- */

int dict_proxy_set(struct dict_proxy *dict, const char *key, json_t *value);
json_t *dict_proxy_get(struct dict_proxy *dict, const char *key);
json_t *dict_proxy_pop(struct dict_proxy *dict, const char *key);
int dict_proxy_del(struct dict_proxy *dict, const char *key);
int dict_proxy_contains(struct dict_proxy *dict, const char *key); /* 1, 0, or -errno */
long dict_proxy_len(struct dict_proxy *dict);
json_t *dict_proxy_keys(struct dict_proxy *dict);   /* arrays, in the order in which the keys came */
json_t *dict_proxy_values(struct dict_proxy *dict);
json_t *dict_proxy_items(struct dict_proxy *dict);  /* of arrays of two */
json_t *dict_proxy_copy(struct dict_proxy *dict);   /* all of it, as an object */
int dict_proxy_update(struct dict_proxy *dict, json_t *object);
int dict_proxy_clear(struct dict_proxy *dict);

/* ---- list; an index below 0 counts from the end ---- */

int list_proxy_append(struct list_proxy *list, json_t *value);
int list_proxy_extend(struct list_proxy *list, json_t *array);
int list_proxy_insert(struct list_proxy *list, long index, json_t *value); /* any index, as in Python */
json_t *list_proxy_get(struct list_proxy *list, long index);
int list_proxy_set(struct list_proxy *list, long index, json_t *value);
int list_proxy_del(struct list_proxy *list, long index);
json_t *list_proxy_pop(struct list_proxy *list, long index); /* -1: the last */
int list_proxy_contains(struct list_proxy *list, json_t *value);
long list_proxy_len(struct list_proxy *list);
int list_proxy_reverse(struct list_proxy *list);
json_t *list_proxy_copy(struct list_proxy *list);            /* all of it, as an array */

/* ---- namespace ---- */

int namespace_proxy_set(struct namespace_proxy *space, const char *name, json_t *value);
json_t *namespace_proxy_get(struct namespace_proxy *space, const char *name);
int namespace_proxy_del(struct namespace_proxy *space, const char *name);

/* ---- proxies as values ---- */

json_t *dict_proxy_value(const struct dict_proxy *dict); /* a new reference */
json_t *list_proxy_value(const struct list_proxy *list);
json_t *namespace_proxy_value(const struct namespace_proxy *space);

/* A proxy of its own for what such a value stands for; takes the reference. NULL and EINVAL: it stands for none. */
struct dict_proxy *dict_proxy_from(json_t *value);
struct list_proxy *list_proxy_from(json_t *value);
struct namespace_proxy *namespace_proxy_from(json_t *value);

/* Forgets this proxy; what it stands for stays in the server as long as that runs. */
void dict_proxy_free(struct dict_proxy *dict);
void list_proxy_free(struct list_proxy *list);
void namespace_proxy_free(struct namespace_proxy *space);

#endif
