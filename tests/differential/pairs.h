/* SPDX-License-Identifier: MIT */
/*
 * Pairs: small programs written twice, here in C with `mp`, in NAME.py beside it in Python with what `mp` follows.
 * Both tell what can be observed, line by line, and test_differential.py compares.
 *
 * A class's file holds its functions, named as in Python, and their table:
 *
 *     static void fresh_lock_is_free(void)
 *     {
 *         struct lock *lock = lock_new("lock");
 *         pair_line("taken %s", pair_bool(lock_try_acquire(lock)));
 *     }
 *
 *     const struct pair pairs[] = {{"fresh_lock_is_free", fresh_lock_is_free}, {0}};
 *
 * `PROGRAM NAME` runs one, `PROGRAM --list` lists them. The exit status is compared too.
 */
#ifndef LOCKSTEP_TESTS_PAIRS_H
#define LOCKSTEP_TESTS_PAIRS_H

#include <stdbool.h>

struct pair {
	const char *name; /* NULL ends the list */
	void (*run)(void);
};

extern const struct pair pairs[]; /* in the class's file */

/*
 * One line that is compared, in one write(2), from any process and with standard output closed too.
 * What starts with "set:" may come in any order, all others come in the same.
 */
void pair_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As Python prints it. */
static inline const char *pair_bool(bool truth)
{
	return truth ? "True" : "False";
}

#endif
