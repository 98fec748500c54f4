/* SPDX-License-Identifier: MIT */
/*
 * The front's side of the protocol. A STARTED is waited for; an EXITED that comes in meanwhile, or
 * when another pid is asked for, is kept in `exits`.
 */
#include "lesson/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "lesson/protocol.h"

_Static_assert((int)LAUNCHER_MAX == (int)LESSONS_AT_ONCE, "the supervisor's places are the launcher's");

void launcher_init(struct launcher *launcher, int channel)
{
	*launcher = (struct launcher){.channel = channel};
}

static void note_start(struct launcher *launcher, pid_t pid)
{
	for (int i = 0; i < LAUNCHER_MAX; i++) {
		if (launcher->running[i] == 0) {
			launcher->running[i] = pid;
			return;
		}
	}
}

static void note_exit(struct launcher *launcher, const struct reply *reply)
{
	for (int i = 0; i < LAUNCHER_MAX; i++)
		if (launcher->running[i] == reply->pid)
			launcher->running[i] = 0;
	/* Nobody asked for so many: the oldest is forgotten. */
	if (launcher->exit_count == LAUNCHER_MAX)
		memmove(launcher->exits, launcher->exits + 1, --launcher->exit_count * sizeof *launcher->exits);
	launcher->exits[launcher->exit_count++] = (struct launch_exit){.pid = reply->pid, .status = reply->status};
}

/* 1: a reply, 0: none now, -EPIPE. */
static int receive(const struct launcher *launcher, struct reply *reply, bool wait)
{
	ssize_t got;

	do
		got = recv(launcher->channel, reply, sizeof *reply, wait ? 0 : MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got == sizeof *reply)
		return 1;
	return got < 0 && errno == EAGAIN ? 0 : -EPIPE;
}

static int ask(const struct launcher *launcher, const struct request *request)
{
	ssize_t sent;

	do
		sent = send(launcher->channel, request, sizeof *request, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -EPIPE : 0;
}

/* ---- starting ---- */

/* Program and arguments one behind the other. Their bytes, or -E2BIG. */
static ssize_t pack_strings(const struct launch *launch, char *strings, uint32_t *count)
{
	const char *string = launch->program;
	size_t used = 0;

	for (*count = 0; string != NULL; string = launch->arguments != NULL ? launch->arguments[*count - 1] : NULL) {
		size_t length = strlen(string) + 1;

		if (++*count > REQUEST_ARGUMENTS_MAX || used + length > REQUEST_STRINGS_MAX)
			return -E2BIG;
		memcpy(strings + used, string, length);
		used += length;
	}
	return (ssize_t)used;
}

static int ask_to_start(const struct launcher *launcher, const struct launch *launch)
{
	const int descriptors[REQUEST_DESCRIPTORS] = {launch->wire, launch->output, launch->error_output};
	char strings[REQUEST_STRINGS_MAX];
	union {
		char bytes[CMSG_SPACE(REQUEST_DESCRIPTORS * sizeof(int))];
		struct cmsghdr align;
	} control = {.bytes = {0}};
	struct request request = {.kind = REQUEST_START, .cpu = launch->cpu};
	struct iovec parts[] = {{&request, sizeof request}, {strings, 0}};
	struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
	int sent_along[REQUEST_DESCRIPTORS];
	size_t count = 0;

	ssize_t length = pack_strings(launch, strings, &request.strings);
	if (length < 0)
		return (int)length;
	parts[1].iov_len = (size_t)length;
	for (unsigned int i = 0; i < REQUEST_DESCRIPTORS; i++) {
		if (descriptors[i] >= 0) {
			request.descriptors |= 1u << i;
			sent_along[count++] = descriptors[i];
		}
	}
	if (count > 0) {
		control.align = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
		                                 .cmsg_len = CMSG_LEN(count * sizeof(int))};
		memcpy(CMSG_DATA(&control.align), sent_along, count * sizeof(int));
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	while (sendmsg(launcher->channel, &header, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno == EBADF ? -EBADF : -EPIPE;
	return 0;
}

pid_t launcher_start(struct launcher *launcher, const struct launch *launch)
{
	struct reply reply;
	int error = ask_to_start(launcher, launch);

	while (error == 0) {
		if (receive(launcher, &reply, true) < 0)
			return -EPIPE;
		if (reply.kind == REPLY_STARTED) {
			if (reply.pid > 0)
				note_start(launcher, reply.pid);
			return reply.pid;
		}
		note_exit(launcher, &reply);
	}
	return error;
}

/* ---- the rest of its life ---- */

int launcher_stop(struct launcher *launcher, pid_t pid, int grace_ms)
{
	return ask(launcher, &(struct request){.kind = REQUEST_STOP, .pid = pid, .grace_ms = grace_ms});
}

int launcher_pause(struct launcher *launcher, pid_t pid, bool pause)
{
	return ask(launcher, &(struct request){.kind = pause ? REQUEST_PAUSE : REQUEST_CONTINUE, .pid = pid});
}

/* Takes the exit of `pid`, of any with 0, out of those that are kept. */
static bool take_exit(struct launcher *launcher, pid_t pid, struct launch_exit *exit)
{
	for (size_t i = 0; i < launcher->exit_count; i++) {
		if (pid != 0 && launcher->exits[i].pid != pid)
			continue;
		*exit = launcher->exits[i];
		launcher->exit_count--;
		memmove(launcher->exits + i, launcher->exits + i + 1,
		        (launcher->exit_count - i) * sizeof *launcher->exits);
		return true;
	}
	return false;
}

int launcher_wait_exit(struct launcher *launcher, pid_t pid, int ms, struct launch_exit *exit)
{
	int64_t limit = monotonic_ms() + ms;
	struct reply reply;

	while (!take_exit(launcher, pid, exit)) {
		int got = receive(launcher, &reply, false);
		int64_t left = limit - monotonic_ms();

		if (got < 0)
			return got;
		if (got > 0 && reply.kind == REPLY_EXITED)
			note_exit(launcher, &reply);
		else if (got == 0 && left <= 0)
			return 0;
		else if (got == 0)
			poll(&(struct pollfd){.fd = launcher->channel, .events = POLLIN}, 1, (int)left);
	}
	return 1;
}

int launcher_next_exit(struct launcher *launcher, struct launch_exit *exit)
{
	return launcher_wait_exit(launcher, 0, 0, exit);
}

void launcher_kill_all(struct launcher *launcher)
{
	for (int i = 0; i < LAUNCHER_MAX; i++)
		if (launcher->running[i] != 0)
			kill(-launcher->running[i], SIGKILL);
}
