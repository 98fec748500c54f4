/* SPDX-License-Identifier: MIT */
/*
 * print(): one line to standard output in one write(2), told as an event. Its lines are never torn.
 * print_part(): a piece of a line; between two pieces anybody may print.
 *
 * Runs in: lesson. May block: when nobody reads standard output.
 */
#ifndef LOCKSTEP_MP_PRINT_H
#define LOCKSTEP_MP_PRINT_H

/* Adds the end of line. With standard output closed it does nothing, as Python does. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* print(…, end="", flush=True): one write(2) of just that. "\n" ends the line. */
void print_part(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
