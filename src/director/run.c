/* SPDX-License-Identifier: MIT */
#include "director/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/blocks.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "director/internal.h"
#include "wire/futex.h"

enum {
	ACTOR_LIMIT = 256,         /* live processes and threads of a run */
	FIRST_SETTLE_MS = 100,     /* a lesson that computes first is out of sight until it has */
	PUMP_EVENTS = 200000,      /* at most so many a call: a few milliseconds */
	END_MS = 3000,             /* the supervisor is given so long to sweep a run */
};

/* ---- starting ---- */

static int open_output(struct run *run, size_t which, int *write_end)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	run->outputs[which].fd = ends[0];
	run->outputs[which].stream = (uint32_t)which + 1;
	*write_end = ends[1];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
		return -errno;
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
	return epoll_ctl(run->epoll, EPOLL_CTL_ADD, ends[0], &event) == 0 ? 0 : -errno;
}

static void set_header(struct run *run)
{
	struct wire_header *header = run->wire.header;
	bool gated = run->options.gated;
	header->seed = run->options.seed;
	header->speed = run->options.speed;
	header->gated = gated;
	header->stamp = gated ? STAMP_VIRTUAL : wire_ticks_invariant() ? STAMP_TICKS : STAMP_CLOCK;
	header->actor_limit = ACTOR_LIMIT;
	header->mode = gated ? GATE_STEP : GATE_FREE;
}

/* Actor 0 stands ready before its process does: the probe only has to step into it. */
static void set_first_actor(struct run *run)
{
	struct wire_actor *slot = &run->wire.actors[0];
	snprintf(slot->name, sizeof slot->name, "MainProcess");
	slot->kind = ACTOR_PROCESS;
	slot->ring = 0;
	run->wire.controls[0].owner = 1;
	slot->state = ACTOR_RUNNING;
	run->wire.header->live_actors = 1;
	run->wire.header->actor_count = 1;
}

static int open_wire(struct run *run)
{
	int error = wire_create(&run->wire, &WIRE_GEOMETRY);
	if (error != 0)
		return error;
	set_header(run);
	set_first_actor(run);
	run->reader = wire_reader_new(&run->wire, (enum wire_stamp)run->wire.header->stamp, run->options.speed,
	                              collect_event, run);
	return 0;
}

/* "NAME=VALUE" for each parameter, NULL-terminated. */
static char **lesson_arguments(const struct settings *settings)
{
	size_t count = settings->lesson->parameter_count;
	char **arguments = memory_array(count + 1, sizeof *arguments);
	for (size_t i = 0; i < count; i++) {
		struct text text = TEXT_INIT;
		text_printf(&text, "%s=%s", settings->lesson->parameters[i].name, settings->values[i]);
		arguments[i] = text_detach(&text);
	}
	return arguments;
}

static void free_arguments(char **arguments)
{
	for (char **argument = arguments; *argument != NULL; argument++)
		free(*argument);
	free(arguments);
}

/*
 * Under the gate the front and the lesson take turns, so they share one core: a wake-up across
 * cores costs eight times as much. Returns that core, or -1 for a free run.
 */
static int share_core(struct run *run)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	if (!run->options.gated || sched_getaffinity(0, sizeof run->front_cpus, &run->front_cpus) != 0)
		return -1;
	int cpu = sched_getcpu();
	if (cpu < 0)
		return -1;
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof one, &one) == 0 ? cpu : -1;
}

static void leave_core(struct run *run)
{
	if (CPU_COUNT(&run->front_cpus) > 0)
		sched_setaffinity(0, sizeof run->front_cpus, &run->front_cpus);
}

static int launch(struct run *run)
{
	int ends[2] = {-1, -1};
	int error = open_output(run, 0, &ends[0]);
	if (error == 0)
		error = open_output(run, 1, &ends[1]);
	if (error == 0) {
		char **arguments = lesson_arguments(&run->settings);
		struct launch launch = {
			.program = run->settings.lesson->program,
			.arguments = arguments,
			.wire = run->wire.fd,
			.output = ends[0],
			.error_output = ends[1],
			.cpu = share_core(run),
		};
		pid_t pid = launcher_start(run->launcher, &launch);
		free_arguments(arguments);
		error = pid < 0 ? (int)pid : 0;
		run->main = pid > 0 ? pid : 0;
	}
	for (size_t i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	return error;
}

static struct run *allocate(struct launcher *launcher, const struct run_options *options)
{
	struct run *run = memory_new(sizeof *run);
	run->launcher = launcher;
	run->options = *options;
	settings_copy(&run->settings, options->settings);
	run->options.settings = &run->settings;
	run->history = history_new_in(spill_new(HISTORY_IN_MEMORY));
	run->wire.fd = -1;
	run->epoll = -1;
	for (size_t i = 0; i < 2; i++)
		run->outputs[i] = (struct output){.fd = -1, .pending = TEXT_INIT};
	text_init(&run->scratch);
	schedule_init(&run->schedule);
	run->schedule.seed = options->seed;
	run->schedule.has_seed = true;
	return run;
}

struct run *run_new(struct launcher *launcher, const struct run_options *options, struct text *problem)
{
	if (options->settings->lesson->problem != NULL) {
		text_printf(problem, "%s cannot be built; `lockstep check` says why", options->settings->lesson->name);
		return NULL;
	}
	struct run *run = allocate(launcher, options);
	const char *program = run->settings.lesson->program;
	int error = 0;
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run->epoll < 0)
		error = -errno;
	if (error == 0)
		error = open_wire(run);
	if (error == 0)
		error = launch(run);
	if (error != 0) {
		text_printf(problem, "cannot start %s: %s", program, strerror(-error));
		run_free(run);
		return NULL;
	}
	run->places = places_open(program);
	collect_newcomers(run);
	collect_watch(run, 0, run->main);
	run_settle(run, FIRST_SETTLE_MS);
	return run;
}

/* ---- ending ---- */

static void stop(struct run *run)
{
	struct launch_exit exit;
	if (run->main == 0)
		return;
	if (launcher_stop(run->launcher, run->main, 0) == 0)
		launcher_wait_exit(run->launcher, run->main, END_MS, &exit);
	run->main = 0;
}

void run_free(struct run *run)
{
	if (run == NULL)
		return;
	stop(run);
	leave_core(run);
	for (size_t i = 0; i < run->member_count; i++)
		if (run->members[i].pidfd >= 0)
			close(run->members[i].pidfd);
	for (size_t i = 0; i < 2; i++) {
		if (run->outputs[i].fd >= 0)
			close(run->outputs[i].fd);
		text_release(&run->outputs[i].pending);
	}
	result_release(run);
	places_close(run->places);
	wire_reader_free(run->reader);
	wire_release(&run->wire);
	if (run->epoll >= 0)
		close(run->epoll);
	history_free(run->history);
	settings_release(&run->settings);
	schedule_release(&run->schedule);
	text_release(&run->scratch);
	free(run->members);
	free(run->about);
	free(run);
}

/* ---- a free run ---- */

/*
 * Rings of threads that have left are drained, closed and given back. A process that told its exit
 * waits for collect_deaths(): until it is gone its helper threads may still write.
 */
static void collect_ended_threads(struct run *run)
{
	for (size_t i = 0; i < run->member_count;) {
		struct member *member = &run->members[i];
		if (member->told_exit && member->kind != ACTOR_PROCESS)
			collect_departure(run, member);
		else
			i++;
	}
}

static void pump_end(struct run *run, int status)
{
	run->main = 0;
	collect_end(run, status);
	result_finish(run, RUN_ENDED, status);
}

static bool pump_free(struct run *run)
{
	limit_look(run);
	if (!run_paused(run))
		limit_count(run);
	collect_newcomers(run);
	uint64_t events = wire_reader_drain(run->reader, false, PUMP_EVENTS);
	bool any = collect_output(run) || events > 0;
	/* A backlog first: what is closed is drained at once, out of its turn. */
	if (events < PUMP_EVENTS) {
		collect_ended_threads(run);
		collect_deaths(run, false);
	}
	struct launch_exit exit;
	if (run->main != 0 && launcher_wait_exit(run->launcher, run->main, 0, &exit) == 1) {
		pump_end(run, exit.status);
		any = true;
	}
	return any;
}

/* Somebody may have been killed from outside while the run stood still. */
static bool pump_gated(struct run *run)
{
	size_t before = run->member_count;
	collect_output_quietly(run);
	collect_deaths(run, run->state == RUN_BUSY);
	if (run->member_count == before)
		return false;
	if (run->state != RUN_BUSY)
		run_settle(run, 0);
	return true;
}

bool run_pump(struct run *run)
{
	if (run->finished && run->main == 0)
		return false;
	return run->options.gated ? pump_gated(run) : pump_free(run);
}

void run_pause(struct run *run, bool pause)
{
	struct wire_header *header = run->wire.header;
	if (run->options.gated || pause == run_paused(run))
		return;
	if (pause) {
		run->paused_since = monotonic_ns();
	} else {
		while (wire_reader_drain(run->reader, false, PUMP_EVENTS) == PUMP_EVENTS)
			;
		atomic_fetch_add(&header->paused_ns, monotonic_ns() - run->paused_since);
		run->paused_since = 0;
	}
	atomic_store_explicit(&header->mode, pause ? GATE_PAUSED : GATE_FREE, memory_order_release);
	futex_wake(&header->mode);
}

bool run_paused(const struct run *run)
{
	return run->paused_since != 0;
}

/* ---- asking ---- */

const struct run_options *run_options(const struct run *run)
{
	return &run->options;
}

struct history *run_history(struct run *run)
{
	return run->history;
}

enum run_state run_state(const struct run *run)
{
	return run->state;
}

int run_poll_fd(const struct run *run)
{
	return run->epoll;
}

const struct schedule *run_schedule(const struct run *run)
{
	return &run->schedule;
}

double run_seconds(const struct run *run)
{
	if (run->options.gated)
		return (double)atomic_load_explicit(&run->wire.header->now, memory_order_relaxed) / 1e9;
	if (run->finished)
		return (double)history_last_time(run->history) / 1e9;
	return (double)wire_reader_now(run->reader) / 1e9;
}

struct run_end run_end(struct run *run)
{
	return (struct run_end){
		.result = run_result(run),
		.lost = wire_reader_lost(run->reader),
		.schedule = run->options.gated ? &run->schedule : NULL,
	};
}
