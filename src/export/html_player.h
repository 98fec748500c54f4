/* SPDX-License-Identifier: MIT */
/* The page's style and its script, as they stand in it. Runs in: the reader's browser. */
#ifndef LOCKSTEP_EXPORT_HTML_PLAYER_H
#define LOCKSTEP_EXPORT_HTML_PLAYER_H

extern const char HTML_STYLE[], HTML_SCRIPT[];

#endif
