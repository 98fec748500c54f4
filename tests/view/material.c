/* SPDX-License-Identifier: MIT */
/* What the stories play in: a catalog, a source, a text. Kept apart from the lessons, whose words may change. */
#include "story.h"

const char *const story_bank_source[] = {
	"/* Two processes, one balance. */",
	"#include \"mp/mp.h\"",
	"",
	"static void deposit(void *argument)",
	"{",
	"    struct account *account = argument;",
	"    for (long i = 0; i < rounds; i++) {",
	"        lock_if_on(account);",
	"        int64_t seen = value_get(account->balance); /* READ */",
	"        value_set(account->balance, seen + 1); /* WRITE */",
	"        unlock_if_on(account);",
	"    }",
	"}",
	"",
	"static void withdraw(void *argument)",
	"{",
	"    struct account *account = argument;",
	"    for (long i = 0; i < rounds; i++) {",
	"        lock_if_on(account);",
	"        int64_t seen = value_get(account->balance); /* READ */",
	"        value_set(account->balance, seen - 1); /* WRITE */",
	"        unlock_if_on(account);",
	"    }",
	"}",
	"",
	"int main(int argc, char **argv)",
	"{",
	"    lesson_begin(&lesson, argc, argv);",
	"    struct account account = {.balance = value_new(\"balance\", 200)};",
	"    struct process *d = process_new(\"deposit\", deposit, &account);",
	"    struct process *w = process_new(\"withdraw\", withdraw, &account);",
	"    process_start(d);",
	"    process_start(w);",
	"    process_join(d);",
	"    process_join(w);",
	"    print(\"final balance: %ld\", (long)value_get(account.balance));",
	"    return lesson_end();",
	"}",
	NULL};

const char story_bank_text[] =
	"# Two processes, one balance\n"
	"\n"
	"## What this shows\n"
	"\n"
	"An account holds 200. One process deposits 1, another withdraws 1. Each update looks like a\n"
	"*single* act, but it is **three**: READ the balance, ADD to it, WRITE it back.\n"
	"\n"
	"## Before you run it\n"
	"\n"
	"- **A.** 200: as much goes in as comes out, and nothing that a process does can ever get lost.\n"
	"- **B.** Often not 200.\n"
	"  - not even the same from run to run\n"
	"\n"
	"1. Let `deposit` read, then let `withdraw` read.\n"
	"2. Let deposit write 201 &amp; look at `shared`.\n"
	"\n"
	"| lock | balance | what it means |\n"
	"|------|---------|---------------|\n"
	"| off  | 199, 200, 201 | an update may be lost when the two overlap |\n"
	"| on   | 200 | right |\n"
	"\n"
	"> Looking at a run never changes it.\n"
	"\n"
	"```python\n"
	"with lock:                      # without it: a race\n"
	"    seen = balance.value        # READ\n"
	"    balance.value = seen + amount   # ADD, WRITE\n"
	"```\n"
	"\n"
	"---\n"
	"\n"
	"Wide: 漢字, é, e\xcc\x81.\n";



#define WORDS(string) ((char *)(uintptr_t)(string))

static char *lock_choices[] = {WORDS("off"), WORDS("on"), NULL};

static struct catalog_parameter bank_parameters[] = {
	{.name = WORDS("lock"), .help = WORDS("hold a lock around each update"), .fallback = WORDS("off"), .choices = lock_choices},
	{.name = WORDS("rounds"), .help = WORDS("updates by each process"), .fallback = WORDS("100"), .low = 1, .high = 1000},
	{.name = WORDS("window"), .help = WORDS("seconds between READ and WRITE: the longer, the more is lost"), .fallback = WORDS("0.01"), .low = 0, .high = 1, .real = true},
};

static struct catalog_variant bank_variants[] = {
	{WORDS("broken"), WORDS("lock=off"), WORDS("often not 200: updates overwrite each other")},
	{WORDS("mended"), WORDS("lock=on"), WORDS("200, every time")},
};

#define BANK_RACE                                                                                                  \
	{                                                                                                          \
		.name = WORDS("bank-race"), .chapter = WORDS("Taking turns"), .title = WORDS("Two processes, one balance"), \
		.summary = WORDS("One process deposits 1 a hundred times, another withdraws 1 as often. The balance should end where it began."), \
		.outcome = WORDS("balance: what is in the account at the end"), .right = WORDS("200; with the lock off any balance can come out"), \
		.step_settings = WORDS("rounds=2"), .source = WORDS("lessons/4-turns/bank-race/lesson.c"), \
		.parameters = bank_parameters, .parameter_count = 3, .variants = bank_variants, .variant_count = 2,        \
	}

#define LESSON(name_, chapter_, title_)                                                                            \
	{                                                                                                          \
		.name = WORDS(name_), .chapter = WORDS(chapter_), .title = WORDS(title_), .summary = WORDS(title_ "."), \
		.outcome = WORDS(""), .right = WORDS(""), .step_settings = WORDS(""),                               \
	}

const struct catalog_lesson story_bank_race = BANK_RACE;

static struct catalog_lesson lessons[] = {
	LESSON("thread-race", "Threads and processes", "Two threads count to 200,000"),
	LESSON("ping-pong-pipe", "Sharing data", "A message to and fro"),
	LESSON("producer-consumer", "Sharing data", "One puts, one gets"),
	LESSON("barrier", "Taking turns", "None goes on before all are there"),
	BANK_RACE,
	LESSON("pool-schedule", "Pools", "Five tasks, two workers"),
	LESSON("rng-fork", "Randomness", "The same draws in every worker"),
	LESSON("rng-seed", "Randomness", "Twenty seeds, twenty numbers"),
};

struct catalog story_catalog = {.lessons = lessons, .count = sizeof lessons / sizeof lessons[0], .problems = TEXT_INIT};
