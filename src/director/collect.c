/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "base/utf8.h"
#include "director/internal.h"

#define NOTE_NS 100000000ull /* a parent that lives has noted by then whom it has reaped */

/* ---- members ---- */

struct member *run_member(struct run *run, unsigned int actor)
{
	for (size_t i = 0; i < run->member_count; i++)
		if (run->members[i].id == actor)
			return &run->members[i];
	return NULL;
}

static void add_member(struct run *run, unsigned int id)
{
	run->members = memory_resize(run->members, run->member_count + 1, sizeof *run->members);
	run->members[run->member_count++] = (struct member){
		.id = (uint16_t)id,
		.kind = run->wire.actors[id].kind,
		.moving = run->options.gated,
		.pidfd = -1,
		.moving_since = monotonic_ns(),
	};
}

static void remove_member(struct run *run, struct member *member)
{
	if (member->pidfd >= 0)
		close(member->pidfd);
	size_t at = (size_t)(member - run->members);
	run->member_count--;
	memmove(member, member + 1, (run->member_count - at) * sizeof *member);
}

void collect_newcomers(struct run *run)
{
	uint32_t count = atomic_load_explicit(&run->wire.header->actor_count, memory_order_acquire);
	if (count > run->wire.geometry.actors)
		count = run->wire.geometry.actors;
	while (run->actors_seen < count)
		add_member(run, run->actors_seen++);
}

void collect_watch(struct run *run, unsigned int actor, int64_t pid)
{
	struct member *member = run_member(run, actor);
	if (member == NULL || member->pidfd >= 0 || pid <= 0 || pid > INT32_MAX)
		return;
	member->pid = (int32_t)pid;
	if (member->kind != ACTOR_PROCESS)
		return;
	member->pidfd = pidfd_open((pid_t)pid, 0);
	if (member->pidfd < 0) {
		member->gone_since = errno == ESRCH ? monotonic_ns() : 0; /* else there was no descriptor for it: it lives */
		return;
	}
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = actor};
	epoll_ctl(run->epoll, EPOLL_CTL_ADD, member->pidfd, &event);
}

/* ---- events ---- */

void collect_place(struct run *run, uint32_t place)
{
	uint32_t *cached = &run->place_cache[(place >> 1) % PLACE_CACHE];
	if (*cached == place)
		return;
	*cached = place;
	if (run->places == NULL || history_has_place(run->history, place))
		return;
	struct place found = places_find(run->places, place);
	history_set_place(run->history, place, &found);
}

/* What an event tells the director itself. */
static void take_note(struct run *run, const struct wire_event *event)
{
	switch (event->kind) {
	case EVENT_PROCESS_START:
		collect_newcomers(run);
		collect_watch(run, event->aux, event->value);
		break;
	case EVENT_PROCESS_BEGIN:
		collect_newcomers(run);
		collect_watch(run, event->actor, event->value);
		break;
	case EVENT_PROCESS_TERMINATE:
	case EVENT_PROCESS_KILL:
		run->check_deaths = true;
		break;
	case EVENT_PROCESS_EXIT:
	case EVENT_THREAD_EXIT: {
		struct member *member = run_member(run, event->actor);
		if (member != NULL)
			member->told_exit = true;
		break;
	}
	default:
		break;
	}
}

void collect_event(void *context, const struct wire_event *event, const char *text, size_t length)
{
	struct run *run = context;
	struct wire_event known = *event;
	if (known.kind >= EVENT_KIND_COUNT)
		known.kind = EVENT_UNKNOWN;
	if (known.place != 0)
		collect_place(run, known.place);
	take_note(run, &known);
	if (length == 0) {
		history_append(run->history, &known, NULL, 0);
		return;
	}
	text_reset(&run->scratch);
	utf8_scrub(&run->scratch, text, length, false);
	history_append(run->history, &known, run->scratch.bytes, run->scratch.length);
}

/* An event that the director itself has to tell, at the time of the last one. */
static void append_own(struct run *run, struct wire_event event)
{
	event.time = history_last_time(run->history);
	history_append(run->history, &event, NULL, 0);
}

/* ---- output ---- */

static void tell_line(struct run *run, struct output *output, const char *bytes, size_t length)
{
	struct wire_event event = {
		.kind = EVENT_OUTPUT,
		.actor = run->output_actor,
		.aux = output->stream,
		.value = (int64_t)length,
		.time = history_last_time(run->history),
	};
	text_reset(&run->scratch);
	utf8_scrub(&run->scratch, bytes, length, false);
	history_append(run->history, &event, run->scratch.bytes, run->scratch.length);
}

/* Whole lines go on; the rest waits for its end. */
static void tell_lines(struct run *run, struct output *output)
{
	const char *bytes = output->pending.bytes;
	size_t length = output->pending.length;
	while (length > 0) {
		const char *end = memchr(bytes, '\n', length);
		size_t piece = end != NULL ? (size_t)(end - bytes) : length;
		if (end == NULL && piece < OUTPUT_LINE_MAX)
			break;
		piece = piece < OUTPUT_LINE_MAX ? piece : OUTPUT_LINE_MAX;
		tell_line(run, output, bytes, piece);
		piece += piece < length && bytes[piece] == '\n';
		bytes += piece;
		length -= piece;
	}
	if (length == output->pending.length)
		return;
	struct text rest = TEXT_INIT;
	text_add_bytes(&rest, bytes, length);
	text_release(&output->pending);
	output->pending = rest;
}

static bool read_output(struct output *output)
{
	char bytes[16384];
	bool any = false;
	while (output->fd >= 0) {
		ssize_t got = read(output->fd, bytes, sizeof bytes);
		if (got == 0) {
			close(output->fd);
			output->fd = -1;
		}
		if (got <= 0)
			break;
		text_add_bytes(&output->pending, bytes, (size_t)got);
		any = true;
	}
	return any;
}

bool collect_output(struct run *run)
{
	bool any = false;
	for (size_t i = 0; i < 2; i++) {
		struct output *output = &run->outputs[i];
		any = read_output(output) || any;
		tell_lines(run, output);
	}
	return any;
}

void collect_output_quietly(struct run *run)
{
	for (size_t i = 0; i < 2; i++) {
		read_output(&run->outputs[i]);
		if (run->outputs[i].pending.length > OUTPUT_PENDING_MAX)
			tell_lines(run, &run->outputs[i]);
	}
}

/* Lines that never got their end. */
static void tell_rest_of_output(struct run *run)
{
	for (size_t i = 0; i < 2; i++) {
		struct output *output = &run->outputs[i];
		tell_lines(run, output);
		if (output->pending.length > 0)
			tell_line(run, output, output->pending.bytes, output->pending.length);
		text_reset(&output->pending);
	}
}

/* ---- departures ---- */

/*
 * The exit status of a process that nobody has reaped yet, as Python's exit code: field 52 of
 * proc(5)'s stat, which a zombie still has. False when it is gone.
 */
static bool zombie_exit_code(pid_t pid, int64_t *code)
{
	char path[64];
	char line[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return false;
	char *read = fgets(line, sizeof line, file);
	fclose(file);
	const char *at = read != NULL ? strrchr(line, ')') : NULL;
	for (int field = 2; at != NULL && field < 52; field++)
		at = strchr(at + 1, ' ');
	if (at == NULL)
		return false;
	int status = atoi(at);
	*code = (status & 0x7f) != 0 ? -(status & 0x7f) : status >> 8;
	return true;
}

/* As its parent noted it, as the zombie has it, or as we have ended it. */
static bool exit_code_of(const struct run *run, const struct member *member, int64_t *code)
{
	/* Pairs with the release store in probe_actor_reaped(). */
	uint32_t reaped = atomic_load_explicit(&run->wire.actors[member->id].reaped, memory_order_acquire);
	if ((reaped & WIRE_REAPED) == 0 && zombie_exit_code(member->pid, code))
		return true;
	if ((reaped & WIRE_REAPED) == 0 && !run->timed_out)
		return false;
	*code = (reaped & WIRE_REAPED) != 0 ? (int16_t)reaped : -SIGKILL;
	return true;
}

/* Whoever waits for its end, or for anybody's, may look again, and, as its descriptors are closed, readers and writers. */
static void wake_for(struct run *run, unsigned int actor)
{
	uint16_t own = run->wire.actors[actor].object;
	uint32_t count = atomic_load_explicit(&run->wire.header->object_count, memory_order_relaxed);
	for (uint32_t id = 1; id <= count && id < run->wire.geometry.objects; id++)
		if (id == own || run->wire.objects[id].kind == OBJECT_PIPE || run->wire.objects[id].deaths != 0)
			atomic_fetch_add_explicit(&run->wire.objects[id].wakes, 1, memory_order_relaxed);
}

/* Threads end with their process; the library's helpers never say so themselves. */
static void depart_threads_of(struct run *run, int32_t pid)
{
	for (size_t i = 0; i < run->member_count;) {
		struct member *member = &run->members[i];
		struct wire_actor *slot = &run->wire.actors[member->id];
		if (member->kind == ACTOR_PROCESS || atomic_load(&slot->pid) != pid) {
			i++;
			continue;
		}
		uint16_t id = member->id;
		wire_reader_close(run->reader, id);
		member = run_member(run, id); /* what was in its ring may have moved it, or told its end */
		if (!member->told_exit)
			append_own(run, (struct wire_event){.kind = EVENT_THREAD_EXIT, .actor = id});
		atomic_store_explicit(&slot->state, ACTOR_EXITED, memory_order_release);
		remove_member(run, member);
	}
}

void collect_departure(struct run *run, struct member *member)
{
	uint16_t id = member->id;
	int32_t pid = member->kind == ACTOR_PROCESS ? member->pid : 0;
	bool cut = wire_reader_close(run->reader, id);
	member = run_member(run, id);
	if (!member->told_exit) {
		struct wire_event event = {.kind = EVENT_KILLED, .actor = id, .aux = cut};
		if (!exit_code_of(run, member, &event.value))
			event.flags = EVENT_FAILED;
		append_own(run, event);
		wake_for(run, id);
		atomic_fetch_sub(&run->wire.header->live_actors, 1);
	}
	atomic_store_explicit(&run->wire.actors[id].state, ACTOR_EXITED, memory_order_release);
	remove_member(run, member);
	if (pid > 0)
		depart_threads_of(run, pid);
}

void collect_forget(struct run *run, unsigned int actor)
{
	struct member *member = run_member(run, actor);
	if (member != NULL)
		remove_member(run, member);
}

/* One that had been reaped before we could watch it has left a note, in a moment; unless its parent is dead, too. */
static bool is_dead(const struct run *run, const struct member *member)
{
	struct pollfd poll_fd = {.fd = member->pidfd, .events = POLLIN};
	if (member->pidfd >= 0)
		return poll(&poll_fd, 1, 0) == 1;
	uint32_t reaped = atomic_load_explicit(&run->wire.actors[member->id].reaped, memory_order_relaxed);
	if (member->gone_since != 0 && monotonic_ns() - member->gone_since > NOTE_NS)
		return true;
	return member->kind == ACTOR_PROCESS && (reaped & WIRE_REAPED) != 0;
}

/* What somebody did last has its turn among what others did meanwhile, and his threads go with him. */
static void catch_up(struct run *run)
{
	collect_newcomers(run);
	wire_reader_drain(run->reader, false, UINT64_MAX);
}

bool collect_deaths(struct run *run, bool movers_only)
{
	bool any = false;
	if (!movers_only)
		run->check_deaths = false;
	for (size_t i = 0; i < run->member_count;) {
		struct member *member = &run->members[i];
		if ((member->moving || !movers_only) && is_dead(run, member)) {
			if (!run->options.gated)
				catch_up(run);
			collect_departure(run, &run->members[i]);
			any = true;
			i = 0; /* threads may have gone with it */
		} else {
			i++;
		}
	}
	return any;
}

/* The main process is gone and the supervisor has swept the rest: nobody is left. */
void collect_end(struct run *run, int status)
{
	int code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	atomic_store_explicit(&run->wire.actors[0].reaped, WIRE_REAPED | (uint16_t)code, memory_order_relaxed);
	wire_reader_drain(run->reader, true, UINT64_MAX);
	while (run->member_count > 0)
		collect_departure(run, &run->members[0]);
	collect_output(run);
	tell_rest_of_output(run);
}
