/* SPDX-License-Identifier: MIT */
#include "mp/clock.h"

#include "probe/probe.h"

void clock_sleep(double seconds)
{
	probe_sleep(seconds > 0 ? seconds : 0, PROBE_HERE());
}

double clock_seconds(void)
{
	return probe_now();
}
