/* SPDX-License-Identifier: MIT */
/*
 * How to make the terminal usable again when whoever drew on it can no longer do so: the screen
 * was killed, or is in a signal handler, or the program is out of memory.
 *
 * rescue_capture() is called once, before the first fork and before curses: it keeps the terminal's
 * settings and the terminfo strings that undo what a full-screen program does, in memory that the
 * processes forked later share. So the supervisor knows whether the screen has the terminal, even
 * when the screen was killed, and rescue_now() does nothing when there is nothing to restore.
 *
 * Runs in: supervisor, screen. Owns: one shared page (a signal handler has no other way to it).
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
 * Main screen, cursor shown, plain colours, no mouse reports, and the settings byte for byte as
 * they were; where somebody else (a shell that has taken over) has changed the settings since
 * rescue_settled(), his are left alone. Async-signal-safe; keeps errno. Nothing to do, or done
 * already: does nothing.
 */
void rescue_now(void);

/* The screen's side: it is about to take the terminal; it has set it as it wants it; it has put it back. */
void rescue_begin(void);
void rescue_settled(void);
void rescue_end(void);

#endif
