/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "verbs/verb.h"

static int run_version(const struct verb *self, int argc, char **argv)
{
	int status = options_read(self, argc, argv, NULL, NULL);

	if (status != STATUS_OK)
		return status;
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
