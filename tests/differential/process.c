/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include "mp/mp.h"

static void nothing(void *unused)
{
	(void)unused;
}

static void thread_names(void)
{
	pair_line("%s", thread_name(thread_new(NULL, nothing, NULL)));
}

static void current_name(void)
{
	pair_line("%s", process_current_name());
}

const struct pair pairs[] = {
	{"thread_names", thread_names},
	{"current_name", current_name},
	{0},
};
