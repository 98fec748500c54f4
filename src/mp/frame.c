/* SPDX-License-Identifier: MIT */
#include "mp/frame.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe/probe.h"

enum { SHORT_HEADER = 4, LONG_HEADER = 12 };

/* ---- descriptors ---- */

/* As Python does at its start: who writes to nobody is told EPIPE and not killed. */
void frame_ignore_sigpipe(void)
{
	struct sigaction action;
	if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

int frame_pipe(int ends[2])
{
	frame_ignore_sigpipe();
	return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 ? 0 : -errno;
}

int frame_socketpair(int ends[2])
{
	frame_ignore_sigpipe();
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}

bool frame_ready(int fd, short events)
{
	struct pollfd polled = {.fd = fd, .events = events};
	return poll(&polled, 1, 0) > 0;
}

/* What is left until `deadline`, not less than nothing. */
static struct timespec time_left(const struct timespec *deadline)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	struct timespec left = {.tv_sec = deadline->tv_sec - now.tv_sec, .tv_nsec = deadline->tv_nsec - now.tv_nsec};
	if (left.tv_nsec < 0) {
		left.tv_nsec += 1000000000;
		left.tv_sec--;
	}
	return left.tv_sec < 0 ? (struct timespec){0} : left;
}

int frame_wait(int fd, short events, const struct timespec *deadline)
{
	struct pollfd polled = {.fd = fd, .events = events};
	struct timespec left = {0};
	if (deadline != NULL)
		left = time_left(deadline);
	int count = ppoll(&polled, 1, deadline != NULL ? &left : NULL, NULL);
	return count > 0 ? 0 : count == 0 ? -ETIMEDOUT : -errno;
}

int frame_wait_and_try(int fd, short events, const struct timespec *deadline, int (*attempt)(void *context), void *context)
{
	int error;
	do
		error = frame_wait(fd, events, deadline);
	while (error == 0 && (error = attempt(context)) == -EAGAIN);
	return error;
}

/* ---- out ---- */

void frame_out_init(struct frame_out *frame, const void *bytes, size_t length)
{
	*frame = (struct frame_out){.bytes = bytes, .length = length, .header_length = SHORT_HEADER};
	if (length <= INT32_MAX) {
		uint32_t word = htonl((uint32_t)length);
		memcpy(frame->header, &word, sizeof word);
	} else {
		uint64_t word = htobe64(length);
		memset(frame->header, 0xff, SHORT_HEADER);
		memcpy(frame->header + SHORT_HEADER, &word, sizeof word);
		frame->header_length = LONG_HEADER;
	}
	if (SHORT_HEADER + length <= FRAME_LEAST) {
		if (length != 0)
			memcpy(frame->header + SHORT_HEADER, bytes, length);
		frame->header_length = FRAME_LEAST;
	}
}

/* How many bytes there are after the header. */
static size_t rest_length(const struct frame_out *frame)
{
	return frame->header_length == FRAME_LEAST ? 0 : frame->length;
}

/* One write from where the frame stands. */
static ssize_t write_on(const struct frame_out *frame, int fd)
{
	struct iovec parts[2];
	if (frame->done >= frame->header_length) {
		size_t done = frame->done - frame->header_length;
		return write(fd, frame->bytes + done, frame->length - done);
	}
	size_t header_rest = frame->header_length - frame->done;
	if (rest_length(frame) == 0)
		return write(fd, frame->header + frame->done, header_rest);
	parts[0] = (struct iovec){(void *)(uintptr_t)(frame->header + frame->done), header_rest}; /* it only reads them */
	parts[1] = (struct iovec){(void *)(uintptr_t)frame->bytes, frame->length};
	return writev(fd, parts, 2);
}

/* write_on(), and if that was all, telling of it. 0 or -errno. */
static int send_on(struct frame_out *frame, int fd)
{
	ssize_t written = write_on(frame, fd);
	if (written < 0)
		return errno == EINTR ? 0 : -errno;
	frame->done += (size_t)written;
	if (frame->tell != NULL && frame->done == frame->header_length + rest_length(frame))
		frame->tell(frame->context);
	return 0;
}

int frame_send(struct frame_out *frame, int fd)
{
	int error = 0;
	while (error == 0 && frame->done < frame->header_length + rest_length(frame)) {
		probe_hold();
		error = send_on(frame, fd);
		probe_hold_end();
	}
	return error;
}

/* ---- in ---- */

/* One read(2): how many bytes, or -errno, -ENODATA at the end of file. */
static ssize_t read_now(int fd, void *bytes, size_t length)
{
	ssize_t got;
	do
		got = read(fd, bytes, length);
	while (got < 0 && errno == EINTR);
	return got > 0 ? got : got == 0 ? -ENODATA : -errno;
}

/* The same, from what was read ahead if there is any. */
static ssize_t read_some(struct frame_in *frame, int fd, void *bytes, size_t length)
{
	struct frame_ahead *ahead = frame->ahead;
	if (ahead == NULL || (ahead->from == ahead->to && length >= sizeof ahead->bytes))
		return read_now(fd, bytes, length);
	if (ahead->from == ahead->to) {
		ssize_t got = read_now(fd, ahead->bytes, sizeof ahead->bytes);
		if (got < 0)
			return got;
		ahead->from = 0;
		ahead->to = (size_t)got;
	}
	size_t there = ahead->to - ahead->from;
	length = there < length ? there : length;
	memcpy(bytes, ahead->bytes + ahead->from, length);
	ahead->from += length;
	return (ssize_t)length;
}

/* Of a frame whose first FRAME_LEAST bytes are there. */
static size_t header_length(const struct frame_in *frame)
{
	static const unsigned char is_long[SHORT_HEADER] = {0xff, 0xff, 0xff, 0xff};
	return memcmp(frame->header, is_long, SHORT_HEADER) == 0 ? LONG_HEADER : SHORT_HEADER;
}

static size_t body_length(const struct frame_in *frame)
{
	uint32_t word;
	uint64_t long_word;
	memcpy(&word, frame->header, sizeof word);
	memcpy(&long_word, frame->header + SHORT_HEADER, sizeof long_word);
	return header_length(frame) == SHORT_HEADER ? ntohl(word) : be64toh(long_word);
}

/* Reads FRAME_LEAST bytes: the header, and the start of the body or all of it. */
static int receive_start(struct frame_in *frame, int fd)
{
	while (frame->header_done < FRAME_LEAST) {
		ssize_t got = read_some(frame, fd, frame->header + frame->header_done, FRAME_LEAST - frame->header_done);
		if (got < 0)
			return got == -ENODATA && frame->header_done > 0 ? -EIO : (int)got;
		frame->header_done += (size_t)got;
	}
	return 0;
}

static void begin_body(struct frame_in *frame)
{
	size_t header = header_length(frame);
	frame->length = body_length(frame);
	frame->body.length = 0;
	buffer_reserve(&frame->body, frame->length + 1); /* never NULL, also when empty */
	buffer_add(&frame->body, frame->header + header,
	           frame->length < FRAME_LEAST - header ? frame->length : FRAME_LEAST - header);
}

int frame_receive(struct frame_in *frame, int fd)
{
	if (frame->header_done < FRAME_LEAST) {
		int error = receive_start(frame, fd);
		if (error != 0)
			return error;
		begin_body(frame);
	}
	while (frame->body.length < frame->length) {
		ssize_t got = read_some(frame, fd, frame->body.bytes + frame->body.length, frame->length - frame->body.length);
		if (got < 0)
			return got == -ENODATA ? -EIO : (int)got;
		frame->body.length += (size_t)got;
	}
	frame->header_done = 0;
	return 0;
}

void frame_in_release(struct frame_in *frame)
{
	buffer_release(&frame->body);
	*frame = (struct frame_in){0};
}
