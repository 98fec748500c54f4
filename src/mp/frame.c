/* SPDX-License-Identifier: MIT */
#include "mp/frame.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

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

/* ---- out ---- */

void frame_out_init(struct frame_out *frame, const void *bytes, size_t length)
{
	*frame = (struct frame_out){.bytes = bytes, .length = length, .header_length = SHORT_HEADER};
	if (length <= INT32_MAX) {
		uint32_t word = htonl((uint32_t)length);
		memcpy(frame->header, &word, sizeof word);
		return;
	}
	uint64_t word = htobe64(length);
	memset(frame->header, 0xff, SHORT_HEADER);
	memcpy(frame->header + SHORT_HEADER, &word, sizeof word);
	frame->header_length = LONG_HEADER;
}

/* One writev(2) of at most `limit` bytes from where the frame stands. */
static ssize_t write_part(struct frame_out *frame, int fd, size_t limit)
{
	struct iovec parts[2];
	int count = 0;
	size_t body_done = 0;
	if (frame->done < frame->header_length) {
		size_t rest = frame->header_length - frame->done;
		parts[count++] = (struct iovec){frame->header + frame->done, rest < limit ? rest : limit};
		limit -= parts[0].iov_len;
	} else {
		body_done = frame->done - frame->header_length;
	}
	size_t rest = frame->length - body_done;
	if (rest > limit)
		rest = limit;
	if (rest > 0) /* writev only reads them */
		parts[count++] = (struct iovec){(void *)(uintptr_t)(frame->bytes + body_done), rest};
	return writev(fd, parts, count);
}

/*
 * How much to write next. When watched, a frame's last piece is at most PIPE_BUF, for which there is
 * room when poll(2) says so, and is told of before it goes.
 */
static int next_part(struct frame_out *frame, int fd, size_t *part)
{
	size_t rest = frame->header_length + frame->length - frame->done;
	*part = rest;
	if (frame->tell == NULL || frame->told)
		return 0;
	if (rest > PIPE_BUF) {
		*part = rest - PIPE_BUF;
		return 0;
	}
	struct pollfd polled = {.fd = fd, .events = POLLOUT};
	if (poll(&polled, 1, 0) <= 0)
		return -EAGAIN;
	if (polled.revents & (POLLERR | POLLHUP))
		return -EPIPE;
	frame->tell(frame->context);
	frame->told = true;
	return 0;
}

int frame_send(struct frame_out *frame, int fd)
{
	while (frame->done < frame->header_length + frame->length) {
		size_t part;
		int error = next_part(frame, fd, &part);
		if (error != 0)
			return error;
		ssize_t written = write_part(frame, fd, part);
		if (written >= 0)
			frame->done += (size_t)written;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
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

/* The header's length as far as it is known. */
static size_t header_wanted(const struct frame_in *frame)
{
	static const unsigned char is_long[SHORT_HEADER] = {0xff, 0xff, 0xff, 0xff};
	bool more = frame->header_done >= SHORT_HEADER && memcmp(frame->header, is_long, SHORT_HEADER) == 0;
	return more ? LONG_HEADER : SHORT_HEADER;
}

static size_t header_length(const struct frame_in *frame)
{
	uint32_t word;
	uint64_t long_word;
	memcpy(&word, frame->header, sizeof word);
	memcpy(&long_word, frame->header + SHORT_HEADER, sizeof long_word);
	return header_wanted(frame) == SHORT_HEADER ? ntohl(word) : be64toh(long_word);
}

static int receive_header(struct frame_in *frame, int fd)
{
	while (frame->header_done < header_wanted(frame)) {
		ssize_t got = read_some(frame, fd, frame->header + frame->header_done,
		                        header_wanted(frame) - frame->header_done);
		if (got < 0)
			return got == -ENODATA && frame->header_done > 0 ? -EIO : (int)got;
		frame->header_done += (size_t)got;
		if (frame->header_done == header_wanted(frame)) {
			frame->length = header_length(frame);
			frame->body.length = 0;
			buffer_reserve(&frame->body, frame->length + 1); /* never NULL, also when empty */
		}
	}
	return 0;
}

int frame_receive(struct frame_in *frame, int fd)
{
	int error = receive_header(frame, fd);
	if (error != 0)
		return error;
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
