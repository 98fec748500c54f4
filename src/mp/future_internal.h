/* SPDX-License-Identifier: MIT */
/*
 * What a future is: a job of one task by its public name.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_FUTURE_INTERNAL_H
#define LOCKSTEP_MP_FUTURE_INTERNAL_H

#include "mp/future.h"
#include "mp/pool_internal.h"

struct future {
	struct pool_job job;
};

#endif
