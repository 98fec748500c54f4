/* SPDX-License-Identifier: MIT */
/*
 * One poll loop over three descriptors: signals, the front's requests, the nearest deadline.
 *
 *     what happens                          what is done
 *     SIGCHLD: a lesson's main ended        its family is swept; then the front is told
 *     SIGCHLD: the front stopped (Ctrl-Z)   lessons are stopped, we stop; SIGCONT undoes it
 *     SIGCHLD: the front ended              all is killed; terminal rescued if a signal did it
 *     TERM, HUP, INT, QUIT from a process   passed on to the front, which has FRONT_GRACE_MS to go
 *     the same from the terminal            the front, in the same group, has had it itself
 *     a request                             start, stop, pause, continue
 *     a deadline                            SIGKILL to who should have gone
 */
#include "lesson/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "lesson/families.h"
#include "lesson/protocol.h"

enum {
	FRONT_GRACE_MS = 2000, /* for the front, to go when it was told to */
	LAST_SWEEP_MS = 900,   /* what we wait for killed processes at the very end */
	STATUS_INTERNAL = 70,
};

struct supervisor {
	struct families families;
	pid_t front;
	int front_status;
	bool front_ended;
	uint64_t front_deadline; /* CLOCK_MONOTONIC ns; 0: it was not told to go */
	int channel;             /* -1: the front has closed its end */
	int signals;
	int timer;
	sigset_t old_mask;
};

/* ---- the front's requests ---- */

struct message {
	struct request request;
	char strings[REQUEST_STRINGS_MAX];
	size_t length; /* of the strings */
	int descriptors[REQUEST_DESCRIPTORS];
};

static void take_descriptors(struct message *message, struct msghdr *header)
{
	int got[REQUEST_DESCRIPTORS] = {-1, -1, -1};
	size_t next = 0;
	struct cmsghdr *control = CMSG_FIRSTHDR(header);

	if (control != NULL && control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_RIGHTS)
		memcpy(got, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0));
	for (size_t i = 0; i < REQUEST_DESCRIPTORS; i++)
		message->descriptors[i] = message->request.descriptors & 1u << i ? got[next++] : -1;
}

/* 1: a message, 0: none now, -EPIPE: the front has closed its end. */
static int receive(int channel, struct message *message)
{
	union {
		char bytes[CMSG_SPACE(REQUEST_DESCRIPTORS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec parts[] = {{&message->request, sizeof message->request},
	                        {message->strings, sizeof message->strings}};
	struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2, .msg_control = control.bytes,
	                        .msg_controllen = sizeof control.bytes};
	ssize_t got = recvmsg(channel, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -EPIPE;
	if (got < (ssize_t)sizeof message->request)
		return -EPIPE;
	message->length = (size_t)got - sizeof message->request;
	take_descriptors(message, &header);
	return 1;
}

/* The program and its arguments out of the message. 0 or -E2BIG, -EINVAL. */
static int split_strings(struct message *message, char **arguments)
{
	char *at = message->strings, *end = message->strings + message->length;
	uint32_t count = message->request.strings;

	if (count == 0 || count > REQUEST_ARGUMENTS_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < count; i++) {
		size_t length = strnlen(at, (size_t)(end - at));

		if (at + length == end)
			return -EINVAL;
		arguments[i] = at;
		at += length + 1;
	}
	arguments[count] = NULL;
	return 0;
}

static void start_lesson(struct supervisor *supervisor, struct message *message)
{
	char *arguments[REQUEST_ARGUMENTS_MAX + 1];
	struct reply reply = {.kind = REPLY_STARTED};
	const struct child child = {
		.arguments = arguments,
		.wire = message->descriptors[0],
		.output = message->descriptors[1],
		.error_output = message->descriptors[2],
		.cpu = message->request.cpu,
	};

	reply.pid = split_strings(message, arguments);
	if (reply.pid == 0)
		reply.pid = families_start(&supervisor->families, &child);
	for (int i = 0; i < REQUEST_DESCRIPTORS; i++)
		if (message->descriptors[i] >= 0)
			close(message->descriptors[i]);
	/* The front waits for this one, so there is room; if it has died, we learn it elsewhere. */
	send(supervisor->channel, &reply, sizeof reply, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void stop_lesson(struct supervisor *supervisor, struct message *message)
{
	struct family *family = families_find(&supervisor->families, message->request.pid);

	if (family != NULL)
		family_stop(family, message->request.grace_ms);
}

static void pause_lesson(struct supervisor *supervisor, struct message *message)
{
	struct family *family = families_find(&supervisor->families, message->request.pid);

	if (family != NULL)
		family_pause(family, message->request.kind == REQUEST_PAUSE);
}

static void (*const REQUESTS[REQUEST_KIND_COUNT])(struct supervisor *, struct message *) = {
	[REQUEST_START] = start_lesson,
	[REQUEST_STOP] = stop_lesson,
	[REQUEST_PAUSE] = pause_lesson,
	[REQUEST_CONTINUE] = pause_lesson,
};

static void serve_requests(struct supervisor *supervisor)
{
	struct message message;
	int got;

	while ((got = receive(supervisor->channel, &message)) > 0)
		if (message.request.kind < REQUEST_KIND_COUNT)
			REQUESTS[message.request.kind](supervisor, &message);
	if (got < 0) {
		close(supervisor->channel);
		supervisor->channel = -1;
	}
}

/* Tells the front of families that are gone. True: it takes no more now, try again when it does. */
static bool tell_exits(struct supervisor *supervisor)
{
	for (int i = 0; i < LESSONS_AT_ONCE; i++) {
		struct family *family = &supervisor->families.list[i];
		struct reply reply = {.kind = REPLY_EXITED, .pid = family->main, .status = family->status};

		if (!family->gone)
			continue;
		if (supervisor->channel >= 0 &&
		    send(supervisor->channel, &reply, sizeof reply, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EAGAIN)
			return true;
		*family = (struct family){0};
	}
	return false;
}

/* ---- the front's life ---- */

/* The shell sees us stopped, as it should, and whatever it does then it does to our whole group. */
static void stop_with_the_front(struct supervisor *supervisor)
{
	families_freeze(&supervisor->families, true);
	raise(SIGSTOP);
	families_freeze(&supervisor->families, false);
	kill(supervisor->front, SIGCONT);
}

static void reap_front(struct supervisor *supervisor)
{
	int status;

	if (waitpid(supervisor->front, &status, WNOHANG | WUNTRACED) != supervisor->front)
		return;
	if (WIFSTOPPED(status)) {
		stop_with_the_front(supervisor);
		return;
	}
	supervisor->front_status = status;
	supervisor->front_ended = true;
}

static void pass_on(struct supervisor *supervisor, const struct signalfd_siginfo *info)
{
	bool from_terminal = info->ssi_code == SI_KERNEL;

	if (!from_terminal)
		kill(supervisor->front, (int)info->ssi_signo);
	if ((!from_terminal || info->ssi_signo == SIGHUP) && info->ssi_signo != SIGTSTP && supervisor->front_deadline == 0)
		supervisor->front_deadline = monotonic_ns() + FRONT_GRACE_MS * 1000000ull;
}

static void take_signals(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;
	bool death = false;

	while (read(supervisor->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGCHLD)
			death = true;
		else
			pass_on(supervisor, &info);
	}
	if (death) {
		reap_front(supervisor);
		families_reap(&supervisor->families);
	}
}

/* ---- the loop ---- */

static void set_timer(const struct supervisor *supervisor, uint64_t deadline)
{
	const struct itimerspec when = {.it_value = {.tv_sec = (time_t)(deadline / 1000000000u),
	                                             .tv_nsec = (long)(deadline % 1000000000u)}};

	timerfd_settime(supervisor->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void expire(struct supervisor *supervisor)
{
	uint64_t next = families_expire(&supervisor->families), front = supervisor->front_deadline, ticks;

	if (front != 0 && front <= monotonic_ns()) {
		kill(supervisor->front, SIGKILL);
		front = 0; /* once is enough, and the timer would never rest */
	}
	while (read(supervisor->timer, &ticks, sizeof ticks) > 0)
		;
	set_timer(supervisor, next == 0 || (front != 0 && front < next) ? front : next);
}

static void supervise(struct supervisor *supervisor)
{
	bool told_all = true;

	while (!supervisor->front_ended) {
		struct pollfd waits[] = {
			{.fd = supervisor->signals, .events = POLLIN},
			{.fd = supervisor->timer, .events = POLLIN},
			{.fd = supervisor->channel, .events = (short)(told_all ? POLLIN : POLLIN | POLLOUT)},
		};

		poll(waits, 3, -1);
		take_signals(supervisor);
		if (supervisor->channel >= 0)
			serve_requests(supervisor);
		expire(supervisor);
		told_all = !tell_exits(supervisor);
	}
}

/* SIGKILL is certain; only processes in the middle of a system call of the disk's take their time. */
static void end_all(struct supervisor *supervisor)
{
	uint64_t limit = monotonic_ns() + LAST_SWEEP_MS * 1000000ull;

	families_kill(&supervisor->families);
	families_reap(&supervisor->families);
	while (!families_all_gone(&supervisor->families) && monotonic_ns() < limit) {
		struct signalfd_siginfo info;

		poll(&(struct pollfd){.fd = supervisor->signals, .events = POLLIN}, 1, 20);
		while (read(supervisor->signals, &info, sizeof info) == sizeof info)
			;
		families_reap(&supervisor->families);
	}
}

/* ---- beginning and end ---- */

/* By nohup(1), or a shell without job control: then it is not for us to act on either. */
static bool was_ignored(int number)
{
	struct sigaction action;

	return number != SIGCHLD && sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int open_descriptors(struct supervisor *supervisor, int ends[2])
{
	/* TTOU is only blocked: rescuing the terminal must not stop us when we are in the background. */
	static const int taken[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP};
	sigset_t blocked, heard;

	sigemptyset(&heard);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (!was_ignored(taken[i]))
			sigaddset(&heard, taken[i]);
	blocked = heard;
	sigaddset(&blocked, SIGTTOU);
	signal(SIGCHLD, SIG_DFL); /* inherited as ignored, it would hide every death */
	if (sigprocmask(SIG_BLOCK, &blocked, &supervisor->old_mask) < 0 ||
	    (supervisor->signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK)) < 0 ||
	    (supervisor->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -errno;
	return 0;
}

/* What has hung up is closed before its children are given away: either is a sign. */
static bool is_orphan(int channel, pid_t parent)
{
	struct pollfd hung_up = {.fd = channel};

	return getppid() != parent || (poll(&hung_up, 1, 0) == 1 && (hung_up.revents & POLLHUP) != 0);
}

/*
 * The groups are killed by whoever learns first that the supervisor is dead. Who has left his group was to be found
 * among its children, which are now somebody else's: the front finds him by his mark.
 */
_Noreturn static void become_front(struct supervisor *supervisor, int channel, pid_t parent,
                                   int (*front)(int channel, void *context), void *context)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(128 + SIGTERM);
	close(supervisor->signals);
	close(supervisor->timer);
	close(supervisor->channel);
	sigprocmask(SIG_SETMASK, &supervisor->old_mask, NULL);
	int status = front(channel, context);
	if (is_orphan(channel, parent))
		mark_kill_all(&supervisor->families.mark, LAST_SWEEP_MS);
	fflush(NULL);
	_exit(status);
}

static int exit_status(const struct supervisor *supervisor)
{
	return WIFSIGNALED(supervisor->front_status) ? 128 + WTERMSIG(supervisor->front_status)
	                                             : WEXITSTATUS(supervisor->front_status);
}

static void close_descriptors(struct supervisor *supervisor, const int ends[2])
{
	const int all[] = {supervisor->signals, supervisor->timer, ends[1], supervisor->channel};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] >= 0)
			close(all[i]);
	sigprocmask(SIG_SETMASK, &supervisor->old_mask, NULL);
}

int supervisor_run(int (*front)(int channel, void *context), void *context, const struct supervisor_hooks *hooks)
{
	struct supervisor supervisor = {.channel = -1, .signals = -1, .timer = -1};
	int ends[2] = {-1, -1};
	pid_t parent = getpid();

	families_init(&supervisor.families);
	fflush(NULL); /* or the front would print it again */
	if (open_descriptors(&supervisor, ends) < 0 || (supervisor.front = fork()) < 0) {
		fprintf(stderr, "lockstep: cannot start: %s\n", strerror(errno));
		close_descriptors(&supervisor, ends);
		return STATUS_INTERNAL;
	}
	supervisor.channel = ends[0];
	if (supervisor.front == 0)
		become_front(&supervisor, ends[1], parent, front, context);
	close(ends[1]);
	ends[1] = -1;
	supervisor.families.front = supervisor.front;

	supervise(&supervisor);
	if (WIFSIGNALED(supervisor.front_status) && hooks != NULL && hooks->rescue != NULL)
		hooks->rescue();
	end_all(&supervisor);
	close_descriptors(&supervisor, ends);
	return exit_status(&supervisor);
}
