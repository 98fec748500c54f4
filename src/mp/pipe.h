/* SPDX-License-Identifier: MIT */
/*
 * Pipe and Connection: multiprocessing.Pipe (CPython 3.11, Lib/multiprocessing/connection.py).
 * Duplex is a socketpair(2), one-way a pipe(2). A message is a length (4 bytes, network order;
 * -1 then 8 bytes for 2 GiB and more) and its bytes, so messages keep their bounds. What is sent
 * is a JSON value, our stand-in for pickle.
 *
 * Reading after the other end closed is the end of file, but only when every copy of that end is
 * closed: a forked child inherits both ends, and a forgotten one hangs the reader.
 *
 * Runs in: lesson. Owns: a connection owns its descriptor. May block: send, recv, poll.
 */
#ifndef LOCKSTEP_MP_PIPE_H
#define LOCKSTEP_MP_PIPE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct connection;

/* Pipe(duplex): two ends. One-way: ends[0] only receives, ends[1] only sends. 0 or -errno. */
int pipe_new(const char *name, bool duplex, struct connection *ends[2]);

/* Sends; takes the reference to `message`. 0, -EBADF closed or not writable, -EPIPE, -EINVAL cannot be sent. */
int connection_send(struct connection *connection, json_t *message);

/*
 * A new reference; NULL and errno ENODATA: end of file; EBADF: closed or not readable; EINVAL: the message
 * (lost) was no value; EIO: the file ended inside a message.
 */
json_t *connection_recv(struct connection *connection);

int connection_send_bytes(struct connection *connection, const void *bytes, size_t length);
/* Length, or -errno (-ENODATA: end of file). *bytes is malloc'ed, the caller frees it. */
long connection_recv_bytes(struct connection *connection, void **bytes);

/* Whether there is something to receive (the end of file too), waiting at most `seconds` (0: not; negative: for ever). */
bool connection_poll(struct connection *connection, double seconds);

void connection_close(struct connection *connection); /* this process's copy; again: nothing */
void connection_free(struct connection *connection);  /* closes */

#endif
