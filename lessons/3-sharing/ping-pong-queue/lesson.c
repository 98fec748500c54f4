/* SPDX-License-Identifier: MIT */
/* Ping and Pong over one queue, or over two. */

#include <string.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "queues", .choices = "one|two", .fallback = "one",
	 .help = "one queue for both ways, or one for each"},
	{.name = "rounds", .low = 1, .high = 100, .fallback = "1",
	 .help = "how often they go to and fro"},
	{.name = "patience", .low = 0, .high = 100, .real = true,
	 .fallback = "1",
	 .help = "seconds until a side gives up waiting; 0: never"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "queues=one", "a side can take its own message back"},
	{"mended", "queues=two", "Ping, Pong, in every round"},
	{0}};

static const struct lesson lesson = {
	.title = "Ping-pong over a queue",
	.summary = "The ping-pong of the pipe, with a queue instead. A queue "
	           "has no ends: whoever gets, gets whatever is there.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "parent, child: how often each got what it waited for; "
	           "taken_back: messages that came back to their sender",
	.right = "every Ping and every Pong once, none taken back; with one "
	         "queue it may end in a deadlock",
	.may_deadlock = "queues=one",
	.step_settings = "patience=0"};

enum { PARENT, CHILD, SIDES };

struct side {
	int number; /* PARENT or CHILD */
	struct queue *in, *out;
	const char *says, *hears;
};

/* How often each side heard the other, and how often itself. */
static struct array *heard, *taken_back;

/* The notebook's child prints this one: what main had in it before the fork. */
static const char *data = "Ping";

/* Waits for what this side wants to hear; false: it gave up. */
static bool hear(struct side *side)
{
	double patience = lesson_real("patience");

	for (;;) {
		json_t *message = patience > 0
			? queue_get_timeout(side->in, patience)
			: queue_get(side->in);
		if (!message)
			return false;
		const char *word = json_string_value(message);
		bool wanted = strcmp(word, side->hears) == 0;
		print("%s received %s", process_current_name(), word);
		json_decref(message);
		struct array *count = wanted ? heard : taken_back;
		array_set(count, (size_t)side->number,
		          array_get(count, (size_t)side->number) + 1);
		if (wanted)
			return true;
		/* Its own message. The other one is still to come. */
	}
}

static void say(struct side *side)
{
	print("%s sends %s", process_current_name(), side->says);
	queue_put(side->out, json_string(side->says));
}

static void play(void *argument)
{
	struct side *side = argument;

	for (long i = lesson_integer("rounds"); i > 0; i--) {
		say(side);
		if (!hear(side))
			return;
		print("as the notebook prints it: child received %s", data);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long rounds = lesson_integer("rounds");
	bool two = lesson_is("queues", "two");

	struct queue *pings = queue_new(two ? "pings" : "queue", 0);
	struct queue *pongs = two ? queue_new("pongs", 0) : pings;
	struct side child = {CHILD, pongs, pings, "Ping", "Pong"};
	struct side parent = {PARENT, pings, pongs, "Pong", "Ping"};
	heard = array_new("heard", SIDES);
	taken_back = array_new("taken back", SIDES);

	struct process *player = process_new("child", play, &child);
	process_start(player);
	for (long i = 0; i < rounds && hear(&parent); i++)
		say(&parent);
	process_join(player);

	json_int_t pinged = array_get(heard, PARENT);
	json_int_t ponged = array_get(heard, CHILD);
	json_int_t back = array_get(taken_back, PARENT);
	back += array_get(taken_back, CHILD);
	bool whole = pinged == rounds && ponged == rounds && back == 0;
	lesson_outcome(whole || !two,
	               whole ? "in turn" : "a message came back to its sender",
	               json_pack("{s:I, s:I, s:I}", "parent", pinged,
	                         "child", ponged, "taken_back", back),
	               json_pack("{s:i, s:i, s:i}", "parent", (int)rounds,
	                         "child", (int)rounds, "taken_back", 0));
	return lesson_end();
}
