/* SPDX-License-Identifier: MIT */
/*
 * The question of a lesson's text, and its answer:
 *
 *     ## Before you run it          ## The answer
 *     The question, in any form.    **C**, and perhaps a remark.
 *     - **A.** A choice.            - A is what one would think: why it tempts.
 *     - **B.** Another one.         - B would be so if …
 *
 * A text that has no such sections, fewer than two choices, or no right one among them has no
 * question: then it is a text like any other. All strings are Markdown and as safe as the text was.
 *
 * Runs in: screen. Owns: its strings. Pure. May block: no.
 */
#ifndef LOCKSTEP_LESSON_QUIZ_H
#define LOCKSTEP_LESSON_QUIZ_H

#include <stdbool.h>
#include <stddef.h>

enum { QUIZ_CHOICES_MAX = 9 }; /* there are nine number keys */

struct quiz_choice {
	char letter;
	char *says; /* without its letter */
	char *why;  /* why it tempts, as the text has it; NULL: it does not say */
};

struct quiz {
	size_t count;     /* choices; 0: there is no question, and all else is empty */
	size_t right;     /* index */
	struct quiz_choice choice[QUIZ_CHOICES_MAX];
	char *question;
	char *remark;     /* what the answer adds to its letter; "" for nothing */
	size_t explained; /* bytes of the text that can be read before the run: up to the answer's heading */
	size_t after;     /* where the text goes on behind the section of the answer */
};

void quiz_read(struct quiz *quiz, const char *text);
void quiz_release(struct quiz *quiz);

/* The choice that a key chooses: its letter, small or capital, or its number from 1. `count`: none. */
size_t quiz_choice_of(const struct quiz *quiz, unsigned int key);

#endif
