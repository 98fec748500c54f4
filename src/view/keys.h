/* SPDX-License-Identifier: MIT */
/*
 * The keys: one table for the loop that obeys them, the help that lists them and the line at the
 * bottom. A new key is a row here and a function in screen/actions.c.
 *
 * X(action, keys, label, group, help)
 *   keys:  names separated by spaces: single characters, or "space enter esc tab up down left right
 *          pgup pgdn home end ^L ^C"
 *   label: what the key line at the bottom calls it; "" is not shown there
 */
#ifndef LOCKSTEP_VIEW_KEYS_H
#define LOCKSTEP_VIEW_KEYS_H

#define KEY_TABLE(X)                                                                                                      \
	X(ACTION_RUN,        "space",      "run/pause",  "Moving",   "let it run by itself, or pause it")                  \
	X(ACTION_STEP,       "s enter",    "step",       "Moving",   "let the selected process do its next operation")     \
	X(ACTION_CHOOSE,     "1 2 3 4 5 6 7 8 9 0", "let that one move", "Moving", "let the process with that number do its next operation; 0 asks for a number, from 10 on") \
	X(ACTION_FINISH,     "f",          "till it blocks", "Moving", "let the selected process go on until it waits or ends") \
	X(ACTION_BACK,       "b backspace", "back",      "Moving",   "take the last step back (the run is started again up to there)") \
	X(ACTION_FASTER,     "+ =",        "",           "Moving",   "run faster")                                          \
	X(ACTION_SLOWER,     "-",          "",           "Moving",   "run slower")                                          \
	X(ACTION_AGAIN,      "r",          "again",      "Moving",   "start again from the beginning")                      \
	X(ACTION_RESEED,     "R",          "",           "Moving",   "start again with another seed")                       \
	X(ACTION_STRATEGY,   "w",          "",           "Moving",   "who moves when it runs by itself: next strategy")     \
	X(ACTION_LIVE,       "O",          "go on live", "Moving",   "a recording: go on from here in real processes")      \
	X(ACTION_FREE,       "F",          "free",       "Moving",   "run freely on the machine, as fast as it goes; again: back to stepping") \
	X(ACTION_UP,         "up k",       "",           "Looking",  "the process above (or scroll up)")                    \
	X(ACTION_DOWN,       "down j",     "",           "Looking",  "the process below (or scroll down)")                  \
	X(ACTION_LEFT,       "left h",     "",           "Looking",  "look one step into the past")                         \
	X(ACTION_RIGHT,      "right l",    "",           "Looking",  "look one step towards the present")                   \
	X(ACTION_FIRST,      "g home",     "",           "Looking",  "look at the beginning")                               \
	X(ACTION_LAST,       "G end",      "",           "Looking",  "back to the present")                                 \
	X(ACTION_PAGE_UP,    "pgup",       "",           "Looking",  "a page up")                                           \
	X(ACTION_PAGE_DOWN,  "pgdn",       "",           "Looking",  "a page down")                                         \
	X(ACTION_FOCUS,      "tab",        "",           "Looking",  "the next pane: arrows scroll it; Esc returns to the processes") \
	X(ACTION_GOTO,       ":",          "go to",      "Looking",  "go to a step, an event, a time: step 12, event 1000, 1.5s, 340ms, 50%") \
	X(ACTION_ZOOM_IN,    "z",          "",           "Looking",  "timeline: closer")                                    \
	X(ACTION_ZOOM_OUT,   "Z",          "",           "Looking",  "timeline: farther")                                   \
	X(ACTION_UNFOLD,     "H",          "",           "Looking",  "show or fold the library's own threads and, where there is no room, who has ended") \
	X(ACTION_SEARCH,     "/",          "",           "Looking",  "search for an operation, an object, a process, a text, a number: balance =199") \
	X(ACTION_NEXT,       "n",          "",           "Looking",  "next match")                                          \
	X(ACTION_PREVIOUS,   "N",          "",           "Looking",  "previous match")                                      \
	X(ACTION_BRANCH,     "B",          "",           "Looking",  "the other futures you have seen; go back to one")     \
	X(ACTION_VIEW,       "v",          "view",       "Lesson",   "right-hand side: lesson text, source, console")       \
	X(ACTION_TEXT,       "t",          "text",       "Lesson",   "the lesson's text on the whole screen")               \
	X(ACTION_ANSWER,     "e",          "",           "Lesson",   "the lesson's question; once it has run: the answer, and why") \
	X(ACTION_PARAMETERS, "p",          "parameters", "Lesson",   "change the parameters and start again")               \
	X(ACTION_LOCK,       "L",          "",           "Lesson",   "turn the lesson's first switch (lock on, lock off) and start again") \
	X(ACTION_TWENTY,     "T",          "20 runs",    "Lesson",   "twenty free runs in a row: a histogram of outcomes")  \
	X(ACTION_TOUR,       "d",          "",           "Lesson",   "play the lesson's tour: a demonstration")             \
	X(ACTION_RECORD,     "K",          "",           "Lesson",   "keep this run in a file, for lockstep replay")         \
	X(ACTION_HELP,       "?",          "help",       "Program",  "this help")                                           \
	X(ACTION_ESCAPE,     "esc",        "",           "Program",  "close what is open; from a lesson: the menu")         \
	X(ACTION_REDRAW,     "^L",         "",           "Program",  "draw the screen anew")                                \
	X(ACTION_SUSPEND,    "^Z",         "",           "Program",  "suspend (fg brings it back)")                         \
	X(ACTION_QUIT,       "q ^C",       "quit",       "Program",  "quit")

enum action {
	ACTION_NONE,
#define X(action, keys, label, group, help) action,
	KEY_TABLE(X)
#undef X
	ACTION_COUNT
};

#endif
