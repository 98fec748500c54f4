/* SPDX-License-Identifier: MIT */
/* Two processes, one balance: what happens when both update it at once. */

#include <stdlib.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "lock", .choices = "off|on", .fallback = "off",
	 .help = "hold a lock around each update"},
	{.name = "rounds", .low = 1, .high = 1000, .fallback = "100",
	 .help = "updates by each process"},
	{.name = "pause", .low = 0, .high = 10, .real = true, .fallback = "0.1",
	 .help = "seconds of rest before each update"},
	{.name = "window", .low = 0, .high = 1, .real = true,
	 .fallback = "0.01", .help = "seconds between READ and WRITE"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "lock=off", "often not 200: updates overwrite each other"},
	{"mended", "lock=on", "200, every time"},
	{"rare", "lock=off window=0", "the fault is still there, seldom seen"},
	{0}};

static const struct lesson lesson = {
	.title = "Two processes, one balance",
	.summary = "One process deposits 1 a hundred times, another withdraws "
	           "1 as often. The balance should end where it began.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "balance: what is in the account at the end",
	.right = "200; with the lock off any balance can come out",
	.step_settings = "rounds=2 pause=0 window=0"};

struct account {
	struct value *balance;
	struct lock *lock; /* NULL: none is used */
};

static void deposit(void *argument)
{
	struct account *account = argument;
	long rounds = lesson_integer("rounds");
	double rest = lesson_real("pause");
	double window = lesson_real("window");

	for (long i = 0; i < rounds; i++) {
		if (rest > 0)
			clock_sleep(rest);
		if (account->lock)
			lock_acquire(account->lock);
		int64_t seen = value_get(account->balance); /* READ */
		int64_t sum = seen + 1;                     /* ADD */
		if (window > 0)
			clock_sleep(window);
		value_set(account->balance, sum);           /* WRITE */
		if (account->lock)
			lock_release(account->lock);
	}
}

static void withdraw(void *argument)
{
	struct account *account = argument;
	long rounds = lesson_integer("rounds");
	double rest = lesson_real("pause");
	double window = lesson_real("window");

	for (long i = 0; i < rounds; i++) {
		if (rest > 0)
			clock_sleep(rest);
		if (account->lock)
			lock_acquire(account->lock);
		int64_t seen = value_get(account->balance); /* READ */
		int64_t sum = seen - 1;                     /* ADD -1 */
		if (window > 0)
			clock_sleep(window);
		value_set(account->balance, sum);           /* WRITE */
		if (account->lock)
			lock_release(account->lock);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	/* Made before the processes are, so that they share them. */
	struct account account = {.balance = value_new("balance", 200)};
	if (lesson_is("lock", "on"))
		account.lock = lock_new("lock");

	struct process *d = process_new("deposit", deposit, &account);
	struct process *w = process_new("withdraw", withdraw, &account);
	process_start(d);
	process_start(w);
	process_join(d);
	process_join(w);

	long balance = (long)value_get(account.balance);
	print("final balance: %ld", balance);

	/* Each update moves it by 1: farther than `rounds` it cannot be. */
	bool right = balance == 200;
	bool possible = labs(balance - 200) <= lesson_integer("rounds");
	lesson_outcome(account.lock ? right : possible,
	               right ? "balance right" : "lost update",
	               json_pack("{s:i}", "balance", (int)balance),
	               json_pack("{s:i}", "balance", 200));
	return lesson_end();
}
