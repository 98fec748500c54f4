/* SPDX-License-Identifier: MIT */
/*
 * One clause an event, and one for what somebody is about to do. Both are made of the same three
 * parts: words, what they are about (an object, an actor, nothing), and a tail with the numbers.
 */
#include "world/narrative.h"

#include <inttypes.h>
#include <string.h>

#include "world/narrative_inside.h"

/* What is to be said, of an event or of an intent. */
struct saying {
	const struct world *world;
	uint8_t kind;
	uint8_t flags;
	uint16_t object;
	uint32_t aux;
	int64_t value;
	const char *text;
};

typedef void tail_function(struct text *out, const struct saying *saying);

/*
 * CHILD: an actor that is not there before it has been started; its name is the event's text.
 * HELD: the object in a manager that `aux` names, or the manager.
 * TASK: an object; "a task" in the words becomes "task 3" where it is known which.
 */
enum about_what { NOTHING, OBJECT, ELEMENT, ACTOR, CHILD, TASK, HELD };

struct clause {
	enum about_what what;
	const char *to;           /* "write": what it will do, as an order */
	const char *words;        /* instead of the words in kinds.h */
	tail_function *tail;      /* after it was done */
	tail_function *ahead;     /* what is known before */
	const char *failed;       /* "does not get", instead of the words; NULL: words, and that it failed */
	const char *failed_after; /* after the object's name, or NULL */
};

/* ---- tails ---- */

static void tail_value(struct text *out, const struct saying *saying)
{
	text_add(out, ": ");
	narrative_number(out, saying->value, (saying->flags & EVENT_REAL) != 0);
}

static void add_text(struct text *out, const struct saying *saying)
{
	text_printf(out, "%s%s", saying->text, (saying->flags & EVENT_CUT) != 0 ? "…" : "");
}

static void tail_text(struct text *out, const struct saying *saying)
{
	if (saying->text[0] == '\0')
		return;
	text_add(out, ": ");
	add_text(out, saying);
}

static void tail_exit(struct text *out, const struct saying *saying)
{
	text_printf(out, " with exit code %" PRId64, saying->value);
}

static void tail_joined(struct text *out, const struct saying *saying)
{
	if (saying->value >= 0) {
		text_printf(out, ", exit code %" PRId64, saying->value);
		return;
	}
	text_add(out, ", which was killed by ");
	add_signal(out, saying->value);
}

static void tail_killed(struct text *out, const struct saying *saying)
{
	if (saying->value < 0) {
		text_add(out, " by ");
		add_signal(out, saying->value);
	} else {
		text_printf(out, " or left without a word, exit code %" PRId64, saying->value);
	}
	if (saying->aux == 1)
		text_add(out, ", in the middle of telling something");
}

static void tail_pid(struct text *out, const struct saying *saying)
{
	text_printf(out, " (pid %" PRId64 ")", saying->value);
}

static void tail_tid(struct text *out, const struct saying *saying)
{
	text_printf(out, " (tid %" PRId64 ")", saying->value);
}

static void tail_sleep(struct text *out, const struct saying *saying)
{
	text_add(out, " for ");
	add_seconds(out, saying->value > 0 ? (uint64_t)saying->value : 0);
}

static void tail_new(struct text *out, const struct saying *saying)
{
	unsigned int kind = saying->aux & 0xff, parameter = saying->aux >> 8;
	text_printf(out, ", %s %s", kind == OBJECT_ARRAY || kind == OBJECT_EVENT ? "an" : "a", object_kind_name(kind));
	if (kind == OBJECT_VALUE)
		tail_value(out, saying);
	else if (kind == OBJECT_ARRAY || kind == OBJECT_BARRIER || kind == OBJECT_POOL)
		text_printf(out, " of %u", parameter);
	else if (kind == OBJECT_SEMAPHORE)
		text_printf(out, "%s of %" PRId64, parameter != 0 ? ", bounded," : "", saying->value);
	else if (kind == OBJECT_QUEUE && parameter > 0)
		text_printf(out, " with room for %u", parameter);
}

static void tail_barrier(struct text *out, const struct saying *saying)
{
	if (saying->value > 0 && saying->aux > 0)
		text_printf(out, ", number %" PRId64 " of %u", saying->value, saying->aux);
}

/* Taken for the first time it is like any lock. */
static void tail_depth(struct text *out, const struct saying *saying)
{
	if (saying->value > 1)
		text_printf(out, " again, %" PRId64 " deep", saying->value);
}

static void tail_depth_left(struct text *out, const struct saying *saying)
{
	if (saying->value > 0)
		text_printf(out, " once, still %" PRId64 " deep", saying->value);
}

static void ahead_notify(struct text *out, const struct saying *saying)
{
	if (saying->value < 0)
		text_add(out, ": all who sleep");
	else
		text_printf(out, ": at most %" PRId64, saying->value);
}

static void tail_notified(struct text *out, const struct saying *saying)
{
	if (saying->aux == 0)
		text_add(out, ": nobody sleeps there");
	else
		text_printf(out, ": wakes %u", saying->aux);
}

static void tail_index(struct text *out, const struct saying *saying)
{
	text_printf(out, " with index %" PRId64, saying->value);
}

static void tail_yes(struct text *out, const struct saying *saying)
{
	text_add(out, saying->value != 0 ? ": yes" : ": no");
}

static void tail_empty(struct text *out, const struct saying *saying)
{
	text_add(out, saying->value != 0 ? " is empty: yes" : " is empty: no");
}

static void ahead_empty(struct text *out, const struct saying *saying)
{
	(void)saying;
	text_add(out, " is empty");
}

static void tail_draw(struct text *out, const struct saying *saying)
{
	tail_value(out, saying);
	if (saying->aux > 1)
		text_printf(out, " and %u more", saying->aux - 1);
}

/* ---- the table ---- */

static const struct clause clauses[EVENT_KIND_COUNT] = {
	[EVENT_UNKNOWN] = {.what = OBJECT, .to = "do something to"},
	[EVENT_LOST] = {.to = "lose events"},
	[EVENT_KILLED] = {.to = "be killed", .tail = tail_killed, .failed = "is gone; nobody knows how it ended"},
	[EVENT_OUTPUT] = {.to = "print", .tail = tail_text},
	[EVENT_OBJECT_NEW] = {.what = OBJECT, .to = "make", .tail = tail_new},
	[EVENT_PROCESS_START] = {.what = CHILD, .to = "start", .tail = tail_pid},
	[EVENT_PROCESS_BEGIN] = {.to = "begin", .tail = tail_pid},
	[EVENT_PROCESS_EXIT] = {.to = "exit", .tail = tail_exit, .ahead = tail_exit},
	[EVENT_PROCESS_WAIT] = {.what = ACTOR, .to = "wait in join for"},
	[EVENT_PROCESS_JOIN] = {.what = ACTOR, .to = "join", .tail = tail_joined, .failed = "gives up waiting for"},
	[EVENT_PROCESS_REAP] = {.what = ACTOR, .to = "reap", .tail = tail_joined},
	[EVENT_PROCESS_TERMINATE] = {.what = ACTOR, .to = "terminate"},
	[EVENT_PROCESS_KILL] = {.what = ACTOR, .to = "kill"},
	[EVENT_THREAD_START] = {.what = CHILD, .to = "start"},
	[EVENT_THREAD_BEGIN] = {.to = "begin", .tail = tail_tid},
	[EVENT_THREAD_EXIT] = {.to = "end"},
	[EVENT_THREAD_WAIT] = {.what = ACTOR, .to = "wait in join for"},
	[EVENT_THREAD_JOIN] = {.what = ACTOR, .to = "join", .failed = "gives up waiting for"},
	[EVENT_SLEEP] = {.to = "sleep", .tail = tail_sleep, .ahead = tail_sleep},
	[EVENT_WAKE] = {.to = "wake up"},
	[EVENT_VALUE_READ] = {.what = OBJECT, .to = "read", .tail = tail_value},
	[EVENT_VALUE_WRITE] = {.what = OBJECT, .to = "write", .tail = tail_value, .ahead = tail_value},
	[EVENT_ARRAY_READ] = {.what = ELEMENT, .to = "read", .tail = tail_value},
	[EVENT_ARRAY_WRITE] = {.what = ELEMENT, .to = "write", .tail = tail_value, .ahead = tail_value},
	[EVENT_LOCK_WAIT] = {.what = OBJECT, .to = "wait for"},
	[EVENT_LOCK_ACQUIRE] = {.what = OBJECT, .to = "take", .failed = "does not get"},
	[EVENT_LOCK_RELEASE] = {.what = OBJECT, .to = "release", .failed_after = ", which was free already: refused"},
	[EVENT_RLOCK_WAIT] = {.what = OBJECT, .to = "wait for"},
	[EVENT_RLOCK_ACQUIRE] = {.what = OBJECT, .to = "take", .tail = tail_depth, .ahead = tail_depth,
	                         .failed = "does not get"},
	[EVENT_RLOCK_RELEASE] = {.what = OBJECT, .to = "release", .tail = tail_depth_left, .ahead = tail_depth_left,
	                         .failed_after = ", which is not its own: refused"},
	[EVENT_SEMAPHORE_WAIT] = {.what = OBJECT, .to = "wait for"},
	[EVENT_SEMAPHORE_ACQUIRE] = {.what = OBJECT, .to = "take one of", .failed = "gets none of"},
	[EVENT_SEMAPHORE_RELEASE] = {.what = OBJECT, .to = "give one back to",
	                             .failed_after = ", which has all of its own: refused"},
	[EVENT_SEMAPHORE_VALUE] = {.what = OBJECT, .to = "ask the count of", .tail = tail_value},
	[EVENT_CONDITION_WAIT] = {.what = OBJECT, .to = "give up the lock and sleep on"},
	[EVENT_CONDITION_WOKEN] = {.what = OBJECT, .to = "wake up from", .failed = "was not woken in time by"},
	[EVENT_CONDITION_NOTIFY] = {.what = OBJECT, .to = "notify", .tail = tail_notified, .ahead = ahead_notify},
	[EVENT_CONDITION_NOTIFY_WAIT] = {.what = OBJECT, .to = "wait for the woken of"},
	[EVENT_EVENT_SET] = {.what = OBJECT, .to = "set"},
	[EVENT_EVENT_CLEAR] = {.what = OBJECT, .to = "clear"},
	[EVENT_EVENT_IS_SET] = {.what = OBJECT, .to = "ask about", .tail = tail_yes},
	[EVENT_EVENT_WAIT] = {.what = OBJECT, .to = "wait for"},
	[EVENT_EVENT_PASS] = {.what = OBJECT, .to = "wait for", .failed = "gives up waiting for"},
	[EVENT_BARRIER_WAIT] = {.what = OBJECT, .to = "wait at", .tail = tail_barrier},
	[EVENT_BARRIER_PASS] = {.what = OBJECT, .to = "pass", .tail = tail_index, .failed = "finds", .failed_after = " broken"},
	[EVENT_BARRIER_ABORT] = {.what = OBJECT, .to = "break"},
	[EVENT_BARRIER_RESET] = {.what = OBJECT, .to = "reset"},
	[EVENT_PIPE_SEND] = {.what = OBJECT, .to = "send into", .tail = tail_text, .ahead = tail_text,
	                     .failed = "cannot send into"},
	[EVENT_PIPE_SEND_WAIT] = {.what = OBJECT, .to = "wait for room in"},
	[EVENT_PIPE_RECV] = {.what = OBJECT, .to = "receive from", .tail = tail_text, .failed = "meets the end of"},
	[EVENT_PIPE_WAIT] = {.what = OBJECT, .to = "wait to receive from"},
	[EVENT_PIPE_POLL] = {.what = OBJECT, .to = "look for a message in", .words = "looks for a message in",
	                     .tail = tail_yes},
	[EVENT_PIPE_CLOSE] = {.what = OBJECT, .to = "close"},
	[EVENT_QUEUE_PUT] = {.what = OBJECT, .to = "put into", .tail = tail_text, .ahead = tail_text,
	                     .failed = "finds", .failed_after = " full"},
	[EVENT_QUEUE_PUT_WAIT] = {.what = OBJECT, .to = "wait for a slot in"},
	[EVENT_QUEUE_FEED] = {.what = OBJECT, .to = "move from buffer to pipe of", .tail = tail_text, .ahead = tail_text},
	[EVENT_QUEUE_FEED_WAIT] = {.what = OBJECT, .to = "wait for work from"},
	[EVENT_QUEUE_GET] = {.what = OBJECT, .to = "get from", .tail = tail_text, .failed = "finds", .failed_after = " empty"},
	[EVENT_QUEUE_WAIT] = {.what = OBJECT, .to = "wait for an item of"},
	[EVENT_QUEUE_EMPTY] = {.what = OBJECT, .to = "ask whether", .words = "asks whether", .tail = tail_empty,
	                       .ahead = ahead_empty},
	[EVENT_QUEUE_QSIZE] = {.what = OBJECT, .to = "ask the size of", .tail = tail_value},
	[EVENT_QUEUE_CLOSE] = {.what = OBJECT, .to = "close"},
	[EVENT_QUEUE_JOIN_THREAD] = {.what = OBJECT, .to = "flush"},
	[EVENT_QUEUE_JOIN_WAIT] = {.what = OBJECT, .to = "wait for the feeder of"},
	[EVENT_POOL_SUBMIT] = {.what = TASK, .to = "give a task to", .tail = tail_text, .ahead = tail_text},
	[EVENT_POOL_TASK] = {.what = TASK, .to = "take a task of", .tail = tail_text},
	[EVENT_POOL_TASK_WAIT] = {.what = OBJECT, .to = "wait for a task of"},
	[EVENT_POOL_DONE] = {.what = TASK, .to = "finish a task of", .tail = tail_text, .ahead = tail_text,
	                     .failed = "fails in a task of"},
	[EVENT_POOL_RESULT] = {.what = TASK, .to = "receive a result of", .words = "receives the result of a task of", .tail = tail_text},
	[EVENT_POOL_RESULT_WAIT] = {.what = OBJECT, .to = "wait for a result of"},
	[EVENT_POOL_GET] = {.what = OBJECT, .to = "get the results of", .failed = "does not get the results of"},
	[EVENT_POOL_CLOSE] = {.what = OBJECT, .to = "close"},
	[EVENT_POOL_TERMINATE] = {.what = OBJECT, .to = "terminate"},
	[EVENT_POOL_JOIN] = {.what = OBJECT, .to = "join", .failed = "cannot join",
	                     .failed_after = ", which is neither closed nor terminated"},
	[EVENT_POOL_CALLBACK] = {.what = OBJECT, .to = "call back for"},
	[EVENT_EXECUTOR_BROKEN] = {.what = OBJECT, .to = "give up"},
	[EVENT_EXECUTOR_SHUTDOWN] = {.what = OBJECT, .to = "shut down"},
	[EVENT_FUTURE_WAIT] = {.what = TASK, .to = "wait for a task of", .words = "waits for a task of"},
	[EVENT_FUTURE_RESULT] = {.what = TASK, .to = "get the result of a task of", .words = "has the result of a task of",
	                         .failed = "does not get the result of a task of"},
	[EVENT_FUTURE_CANCEL] = {.what = TASK, .to = "cancel a task of", .words = "cancels a task of",
	                         .failed = "cannot cancel a task of"},
	[EVENT_FUTURE_ASK] = {.what = TASK, .to = "ask about a task of", .words = "asks about a task of", .tail = tail_yes},
	[EVENT_FUTURE_CALLBACK] = {.what = TASK, .to = "call back for a task of", .words = "calls back for a task of"},
	[EVENT_RANDOM_DRAW] = {.what = OBJECT, .to = "draw from", .tail = tail_draw},
	[EVENT_PRINT] = {.to = "print", .tail = tail_text, .ahead = tail_text},
	[EVENT_RESULT] = {.to = "tell its result", .tail = tail_text},
	[EVENT_QUEUE_TASK_DONE] = {.what = OBJECT, .to = "say that a task is done, of", .failed = "has done more than all tasks of"},
	[EVENT_QUEUE_JOIN] = {.what = OBJECT, .to = "join"},
	[EVENT_QUEUE_TASKS_WAIT] = {.what = OBJECT, .to = "wait for the tasks of"},
	[EVENT_SIMPLE_PUT] = {.what = OBJECT, .to = "put into", .tail = tail_text, .ahead = tail_text,
	                      .failed = "cannot put into"},
	[EVENT_SIMPLE_PUT_WAIT] = {.what = OBJECT, .to = "wait for room in"},
	[EVENT_SIMPLE_GET] = {.what = OBJECT, .to = "get from", .tail = tail_text, .failed = "meets the end of"},
	[EVENT_SIMPLE_WAIT] = {.what = OBJECT, .to = "wait for an item of"},
	[EVENT_SIMPLE_EMPTY] = {.what = OBJECT, .to = "ask whether", .words = "asks whether", .tail = tail_empty,
	                        .ahead = ahead_empty},
	[EVENT_SIMPLE_CLOSE] = {.what = OBJECT, .to = "close"},
	[EVENT_MANAGER_CALL] = {.what = HELD, .to = "ask", .tail = tail_text, .ahead = tail_text,
	                        .failed = "cannot reach"},
	[EVENT_MANAGER_WAIT] = {.what = OBJECT, .to = "wait for an answer of"},
	[EVENT_MANAGER_RETURN] = {.what = HELD, .to = "receive the answer of", .tail = tail_text,
	                          .failed = "has a refusal of"},
	[EVENT_MANAGER_SERVE] = {.what = HELD, .to = "serve a request to", .tail = tail_text, .ahead = tail_text},
	[EVENT_MANAGER_SERVE_WAIT] = {.what = OBJECT, .to = "wait for requests to"},
	[EVENT_MANAGER_HOLDS] = {.what = OBJECT, .to = "hold", .tail = tail_text},
	[EVENT_MANAGER_SHUTDOWN] = {.what = OBJECT, .to = "shut down"},
};

/* A kind that was added to kinds.h and not here is told by its words there. */
static const struct clause *clause_of(unsigned int kind)
{
	return &clauses[kind < EVENT_KIND_COUNT ? kind : EVENT_UNKNOWN];
}

/* ---- putting together ---- */

static void add_name(struct text *out, const char *name)
{
	text_add_char(out, ' ');
	text_add(out, name);
}

static void add_what(struct text *out, const struct saying *saying, enum about_what what)
{
	if (what == CHILD && saying->text != NULL && saying->text[0] != '\0') {
		text_add_char(out, ' ');
		add_text(out, saying);
	} else if (what == ACTOR || what == CHILD)
		add_name(out, world_actor_name(saying->world, saying->aux));
	else if (what == ELEMENT)
		text_printf(out, " %s[%u]", world_object_name(saying->world, saying->object), saying->aux);
	else if (what == HELD)
		add_name(out, world_object_name(saying->world, saying->aux != 0 ? saying->aux : saying->object));
	else if (what == OBJECT || what == TASK)
		add_name(out, world_object_name(saying->world, saying->object));
}

void narrative_task(struct text *out, uint32_t number)
{
	if (number > 0)
		text_printf(out, "task %u", narrative_task_index(number));
	else
		text_add(out, "a task");
}

static void add_words(struct text *out, const struct saying *saying, const char *words, enum about_what what)
{
	static const char task[] = "a task";
	const char *at = what == TASK ? strstr(words, task) : NULL;
	if (at == NULL) {
		text_add(out, words);
		return;
	}
	text_add_bytes(out, words, (size_t)(at - words));
	narrative_task(out, saying->aux);
	text_add(out, at + strlen(task));
}

static void add_done(struct text *out, const struct saying *saying)
{
	const struct clause *clause = clause_of(saying->kind);
	bool failed = (saying->flags & EVENT_FAILED) != 0;
	const char *words = clause->words != NULL ? clause->words : event_kind_info(saying->kind)->words;
	add_words(out, saying, failed && clause->failed != NULL ? clause->failed : words, clause->what);
	add_what(out, saying, clause->what);
	if (failed && clause->failed_after != NULL)
		text_add(out, clause->failed_after);
	else if (failed && clause->failed == NULL)
		text_add(out, ": refused");
	else if (!failed && clause->tail != NULL)
		clause->tail(out, saying);
	else if (saying->kind == EVENT_POOL_DONE)
		tail_text(out, saying);
}

void narrative_event(struct text *out, const struct world *world, uint64_t index)
{
	const struct wire_event *event = history_at(world->history, index);
	if (event == NULL)
		return;
	struct saying saying = {.world = world, .kind = event->kind, .flags = event->flags, .object = event->object,
		.aux = event->aux, .value = event->value, .text = history_text(world->history, index, NULL)};
	const char *name = world_actor_name(world, event->actor);
	if (event->kind == EVENT_LOST) {
		text_printf(out, "%" PRId64 " events of %s were lost", event->value, name);
		return;
	}
	text_add(out, name);
	text_add_char(out, ' ');
	add_done(out, &saying);
}

void narrative_about(struct text *out, const struct world *world, const struct about *about)
{
	if (!about->known) {
		text_add(out, about->out_of_sight ? "computing, out of our sight" : "");
		return;
	}
	const struct clause *clause = clause_of(about->kind);
	char text[sizeof about->text + 1] = "";
	memcpy(text, about->text, sizeof about->text);
	struct saying saying = {.world = world, .kind = about->kind, .flags = about->flags, .object = about->object,
		.aux = about->aux, .value = about->value, .text = text};
	add_words(out, &saying, clause->to != NULL ? clause->to : event_kind_info(about->kind)->op, clause->what);
	add_what(out, &saying, clause->what);
	if (clause->ahead != NULL)
		clause->ahead(out, &saying);
}
