/* SPDX-License-Identifier: MIT */
/*
 * Frames: bytes that keep their bounds on a pipe or socket, much as CPython's Connection sends them
 * (3.11, Lib/multiprocessing/connection.py:407): length in 4 bytes, network order, and the bytes;
 * from 2 GiB on -1 and then the length in 8. A frame shorter than FRAME_LEAST is filled up with zeroes, so
 * that one read(2), which must not reach into the next frame, has all of a number or short string.
 *
 * Descriptors are non-blocking, so that one try never waits: a frame that went only half is gone on with
 * from there. Whoever has to wait does so in frame_wait().
 *
 * Runs in: lesson. Not installed. May block: frame_wait, frame_wait_and_try.
 */
#ifndef LOCKSTEP_MP_FRAME_H
#define LOCKSTEP_MP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "mp/message.h"

/* A pipe whose ends are non-blocking and closed on exec. 0 or -errno. Makes a write to a pipe without readers -EPIPE. */
int frame_pipe(int ends[2]);
int frame_socketpair(int ends[2]);
void frame_ignore_sigpipe(void); /* the same, for sockets made otherwise */

enum { FRAME_LEAST = 16 };

/* A frame on its way out. The bytes are borrowed. */
struct frame_out {
	unsigned char header[FRAME_LEAST]; /* of a short frame: all of it */
	size_t header_length;
	const char *bytes;
	size_t length;
	size_t done; /* of header and bytes together */
	/* Called, unless NULL, once the frame is whole; what it tells (with text) comes before what is told of
	 * receiving all the same, see probe_hold(). */
	void (*tell)(void *context);
	void *context;
};

void frame_out_init(struct frame_out *frame, const void *bytes, size_t length);

/* Writes what can be written now. 0: all is written; -EAGAIN: there is no room; -EPIPE; or another -errno. */
int frame_send(struct frame_out *frame, int fd);

/* What was read beyond the frame that was wanted, by one who is the only reader there. */
struct frame_ahead {
	size_t from, to; /* of `bytes`, what is still to be had */
	char bytes[8192];
};

/* A frame on its way in; all zeroes before the first, but for `ahead`. */
struct frame_in {
	struct frame_ahead *ahead; /* NULL: reads no further than its frame */
	unsigned char header[FRAME_LEAST];
	size_t header_done;
	size_t length;      /* of the body, once the header is whole */
	struct buffer body; /* what came of it; `length` bytes when whole */
};

/*
 * Reads what can be read now. 0: `body` is a whole frame, valid until the next call; -EAGAIN: there is
 * nothing (more) now, neither ahead; -ENODATA: end of file; -EIO: it ended inside a frame; or another -errno.
 */
int frame_receive(struct frame_in *frame, int fd);
void frame_in_release(struct frame_in *frame);

/* Has any byte of the next frame been read? Then it must be gone on with. */
static inline bool frame_in_begun(const struct frame_in *frame)
{
	return frame->header_done > 0;
}

bool frame_ready(int fd, short events); /* poll(2) events, or the other end is gone */

/* Waits for poll(2) `events` on fd, until a CLOCK_MONOTONIC deadline (NULL: for ever). 0, -ETIMEDOUT or -EINTR. */
int frame_wait(int fd, short events, const struct timespec *deadline);

/* The block of a probe_waiting (see probe.h) whose attempt would have to wait for that: until it need wait no more. */
int frame_wait_and_try(int fd, short events, const struct timespec *deadline, int (*attempt)(void *context), void *context);

#endif
