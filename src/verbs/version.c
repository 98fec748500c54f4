/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "verbs/verb.h"

static int run_version(const struct verb *self, int argc, char **argv)
{
	if (argc > 0)
		return complain_usage(self, "version takes nothing, not '%s'", argv[0]);
	puts("lockstep " LOCKSTEP_VERSION);
	return STATUS_OK;
}

static const struct option OPTIONS[] = {{0}};

const struct verb verb_version = {
	.name = "version",
	.words = "",
	.summary = "which version this is",
	.details = "",
	.options = OPTIONS,
	.run = run_version,
};
