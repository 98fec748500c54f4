/* SPDX-License-Identifier: MIT */
#include "verbs/writer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

void writer_init(struct writer *writer, int fd)
{
	struct stat about;

	*writer = (struct writer){.fd = fd, .text = TEXT_INIT};
	writer->regular = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

void writer_release(struct writer *writer)
{
	text_release(&writer->text);
}

static bool is_writable(const struct writer *writer)
{
	struct pollfd wait = {.fd = writer->fd, .events = POLLOUT};

	return writer->regular || poll(&wait, 1, 0) > 0;
}

static void all_sent(struct writer *writer)
{
	text_reset(&writer->text);
	writer->sent = 0;
}

/* One write. False when it cannot go on now. */
static bool write_some(struct writer *writer)
{
	size_t left = writer->text.length - writer->sent;

	if (!writer->regular && left > PIPE_BUF)
		left = PIPE_BUF;
	ssize_t wrote = write(writer->fd, writer->text.bytes + writer->sent, left);
	if (wrote >= 0)
		writer->sent += (size_t)wrote;
	else if (errno != EINTR && errno != EAGAIN)
		writer->error = -errno;
	return wrote >= 0;
}

bool writer_drain(struct writer *writer)
{
	while (writer->error == 0 && writer->sent < writer->text.length)
		if (!is_writable(writer) || !write_some(writer))
			break;
	bool done = writer->error != 0 || writer->sent == writer->text.length;
	if (done)
		all_sent(writer);
	return done;
}

int writer_finish(struct writer *writer, const volatile sig_atomic_t *stop)
{
	while (!writer_drain(writer)) {
		if (*stop)
			return -EINTR;
		poll(&(struct pollfd){.fd = writer->fd, .events = POLLOUT}, 1, 100);
	}
	return writer->error;
}
