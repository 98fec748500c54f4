/* SPDX-License-Identifier: MIT */
/*
 * The front of a run that is printed. A free run is drained first and printed when there is time:
 * whoever reads the output slowly must not make the lesson's rings overflow.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "director/run.h"
#include "lesson/supervisor.h"
#include "verbs/ending.h"
#include "verbs/run.h"
#include "verbs/verb.h"
#include "verbs/writer.h"

enum {
	CANDIDATES_MAX = 1024,
	SETTLE_MS = 100, /* how long a step may keep us from hearing a signal */
	PUMP_MS = 4,
};

struct session {
	const struct run_request *request;
	struct launcher launcher;
	struct run *run;
	struct printer printer;
	struct writer writer;
	struct strategy strategy;
	size_t followed; /* choices of the schedule that are behind us */
	struct run_record record;
	struct comparison *comparison; /* NULL: with nothing */
};

static bool must_go(const struct session *session)
{
	return ending_signal || session->writer.error != 0;
}

/* ---- printing ---- */

/* What can be printed now without waiting. True when nothing is left to print. */
static bool print_some(struct session *session)
{
	if (!writer_drain(&session->writer))
		return false;
	bool all = printer_events(&session->printer, WRITER_FULL);
	return writer_drain(&session->writer) && all;
}

static const struct schedule *schedule_so_far(const struct session *session)
{
	return session->request->gated ? run_schedule(session->run) : NULL;
}

static void record_some(struct session *session)
{
	run_record_follow(&session->record, run_history(session->run), schedule_so_far(session));
}

/* All of it, waiting for the reader; for gated runs, which wait for us, and for the end. */
static void print_all(struct session *session)
{
	while (!must_go(session) && !printer_events(&session->printer, WRITER_FULL))
		writer_finish(&session->writer, &ending_signal);
	writer_finish(&session->writer, &ending_signal);
}

/* ---- a free run ---- */

static void run_freely(struct session *session)
{
	bool behind = false;

	while (run_state(session->run) != RUN_ENDED && !must_go(session)) {
		struct pollfd waits[] = {
			{.fd = run_poll_fd(session->run), .events = POLLIN},
			{.fd = STDOUT_FILENO, .events = behind ? POLLOUT : 0},
		};

		poll(waits, behind ? 2 : 1, PUMP_MS);
		run_pump(session->run);
		record_some(session);
		behind = !print_some(session);
	}
}

/* ---- a gated run ---- */

static void add_actor(struct session *session, struct text *out, unsigned int actor)
{
	text_printf(out, "%u", actor);
	if (world_actor(session->printer.world, actor) != NULL)
		text_printf(out, " (%s)", world_actor_name(session->printer.world, actor));
}

/* The schedule asks for somebody who cannot move. */
static void complain_about_choice(struct session *session, const uint16_t *actors, size_t count)
{
	unsigned int choice = session->request->schedule.choices[session->followed];
	struct text who = TEXT_INIT, others = TEXT_INIT, state = TEXT_INIT;

	add_actor(session, &who, choice);
	if (world_actor(session->printer.world, choice) != NULL)
		narrative_state(&state, session->printer.world, choice);
	else
		text_add(&state, "there is no such actor yet");
	for (size_t i = 0; i < count; i++) {
		text_add(&others, i > 0 ? ", " : "");
		add_actor(session, &others, actors[i]);
	}
	complain("choice %zu of the schedule, actor %s, is not possible: %s. Could move instead: %s",
	         session->followed + 1, who.bytes, state.bytes, count > 0 ? others.bytes : "nobody");
	text_release(&who);
	text_release(&others);
	text_release(&state);
}

static bool is_among(const uint16_t *actors, size_t count, unsigned int actor)
{
	for (size_t i = 0; i < count; i++)
		if (actors[i] == actor)
			return true;
	return false;
}

/* Who moves next. 0, or -EINVAL: the schedule asks for what is not possible. */
static int choose(struct session *session, uint16_t *choice)
{
	const struct schedule *schedule = &session->request->schedule;
	uint16_t actors[CANDIDATES_MAX];
	size_t count = run_candidates(session->run, actors, CANDIDATES_MAX);

	if (count > CANDIDATES_MAX)
		count = CANDIDATES_MAX;
	if (session->followed == schedule->count) {
		*choice = strategy_choose(&session->strategy, actors, count);
		return 0;
	}
	*choice = schedule->choices[session->followed];
	if (!is_among(actors, count, *choice)) {
		complain_about_choice(session, actors, count);
		return -EINVAL;
	}
	session->followed++;
	return 0;
}

/* A run that is compared goes as far as its recording, or until they differ. */
static bool is_compared_to_its_end(struct session *session)
{
	if (session->comparison == NULL)
		return false;
	const struct run_end *recorded = recording_end(session->request->against);
	bool has_end = recorded == NULL || !recorded->result->timed_out; /* else who is out of sight may stay there */
	enum run_state state = run_state(session->run);
	return !comparison_follow(session->comparison, run_history(session->run)) ||
	       (session->followed == session->request->schedule.count && (state == RUN_GOING || (state == RUN_BUSY && !has_end)));
}

static int run_steps(struct session *session)
{
	uint16_t choice;

	while (!must_go(session) && !is_compared_to_its_end(session)) {
		switch (run_state(session->run)) {
		case RUN_BUSY: /* it computes; what it does next cannot be foretold, so we wait */
			run_pump(session->run);
			run_settle(session->run, SETTLE_MS);
			break;
		case RUN_GOING:
			if (choose(session, &choice) < 0)
				return -EINVAL;
			run_step(session->run, choice, SETTLE_MS);
			break;
		case RUN_DEADLOCK:
		case RUN_ENDED:
			return 0;
		}
		record_some(session);
		print_all(session);
	}
	return 0;
}

/* A schedule that goes on after the end was made for another run: that is no exact repetition. */
static int check_followed(const struct session *session)
{
	size_t count = session->request->schedule.count;

	if (session->followed == count)
		return 0;
	complain("the run ended after %zu of the schedule's %zu choices", session->followed, count);
	return -EINVAL;
}

/* ---- from beginning to end ---- */

static void print_head(struct session *session)
{
	session->printer.form->head(&session->printer, run_options(session->run));
}

static void print_tail(struct session *session)
{
	const struct run_end end = run_end(session->run);

	if (end.result != NULL)
		session->printer.form->tail(&session->printer, &end);
	writer_finish(&session->writer, &ending_signal);
}

static void finish_comparison(struct session *session)
{
	const struct run_end end = run_end(session->run);

	comparison_finish(session->comparison, run_history(session->run), recording_end(session->request->against),
	                  end.result != NULL ? &end : NULL);
	run_print_comparison(&session->printer, session->comparison);
	writer_finish(&session->writer, &ending_signal);
}

static void finish_record(struct session *session)
{
	const struct run_end end = run_end(session->run);

	run_record_end(&session->record, run_history(session->run), schedule_so_far(session), end.result != NULL ? &end : NULL);
}

/* Whether it went as it should: the lesson's own judgement, or, when it is compared, whether it was the same. */
static bool went_right(struct session *session)
{
	if (session->comparison != NULL)
		return !comparison_differs(session->comparison);
	return run_result(session->run)->ok;
}

static void tell_of_limit(const struct session *session)
{
	const struct run_result *result = run_result(session->run);

	if (result != NULL && result->timed_out)
		complain("the run was ended before it came to its end: %s; `lockstep run %s --time-limit SECONDS` gives it more",
		         result->verdict, session->request->lesson->name);
}

static int finish(struct session *session, int error)
{
	int status = STATUS_FAILED;

	if (ending_signal)
		status = STATUS_SIGNAL + ending_signal;
	else if (session->writer.error == -EPIPE)
		status = STATUS_SIGNAL + SIGPIPE; /* who read it has had enough */
	else if (session->writer.error != 0)
		complain("cannot write the output: %s", strerror(-session->writer.error));
	else if (error == 0 && went_right(session))
		status = STATUS_OK;
	if (must_go(session))
		launcher_kill_all(&session->launcher);
	return status;
}

static int print_run(struct session *session)
{
	int error = 0;

	run_record_begin(&session->record, session->request->record, run_options(session->run));
	if (session->request->against != NULL)
		session->comparison = comparison_new(recording_history(session->request->against));
	printer_init(&session->printer, session->request->form, run_history(session->run), &session->writer.text);
	print_head(session);
	if (session->request->gated)
		error = run_steps(session);
	else
		run_freely(session);
	print_all(session);
	finish_record(session);
	if (error == 0 && !must_go(session))
		print_tail(session);
	if (session->comparison != NULL && !must_go(session))
		finish_comparison(session);
	else if (error == 0 && !must_go(session))
		error = check_followed(session);
	int status = finish(session, error);
	tell_of_limit(session);
	comparison_free(session->comparison);
	printer_release(&session->printer);
	return status;
}

int run_print(int channel, void *context)
{
	const struct run_request *request = context;
	const struct run_options options = {
		.settings = &request->settings,
		.seed = request->seed,
		.gated = request->gated,
		.speed = request->speed,
		.time_limit = request->time_limit,
	};
	struct session session = {.request = request};
	struct text problem = TEXT_INIT;
	int status = STATUS_FAILED;

	ending_hear(true);
	writer_init(&session.writer, STDOUT_FILENO);
	launcher_init(&session.launcher, channel);
	strategy_init(&session.strategy, request->strategy, request->seed);
	session.run = run_new(&session.launcher, &options, &problem);
	if (session.run != NULL)
		status = print_run(&session);
	else
		complain("%s", problem.bytes);
	run_free(session.run);
	writer_release(&session.writer);
	text_release(&problem);
	return status;
}
