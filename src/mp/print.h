/* SPDX-License-Identifier: MIT */
/*
 * print(): one line to standard output in one write(2), told as an event. Its lines are never torn.
 *
 * Runs in: lesson. May block: when nobody reads standard output.
 */
#ifndef LOCKSTEP_MP_PRINT_H
#define LOCKSTEP_MP_PRINT_H

/* Adds the end of line. With standard output closed it does nothing, as Python does. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
