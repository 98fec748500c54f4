/* SPDX-License-Identifier: MIT */
/*
 * How to make the terminal usable again when whoever drew on it can no longer do so: the screen
 * was killed, or is in a signal handler, or the program is out of memory.
 *
 * rescue_capture() is called once, before the first fork and before curses: it keeps the terminal's
 * settings and the terminfo strings that undo what a full-screen program does. After that
 * rescue_now() works in the supervisor and in the screen alike, at any time.
 *
 * Runs in: supervisor, screen. Owns: one static record (a signal handler has no other).
 */
#ifndef LOCKSTEP_TERM_RESCUE_H
#define LOCKSTEP_TERM_RESCUE_H

/*
 * Remembers the terminal on standard input and output. 0, -ENOTTY when there is none (then
 * rescue_now() does nothing), or -ENOENT when $TERM names no terminal that terminfo knows (then it
 * restores the settings and writes nothing).
 */
int rescue_capture(void);

/*
 * Says that the terminal's settings as they are now are the screen's own. From then on rescue_now()
 * in this process puts the old ones back only where nobody else has set others since: a shell that
 * has taken the terminal over is not disturbed.
 */
void rescue_settings_are_ours(void);

/*
 * Main screen, cursor shown, plain colours, no mouse reports, and the settings byte for byte as
 * they were. Async-signal-safe; harmless when there is nothing to restore. Keeps errno.
 */
void rescue_now(void);

#endif
