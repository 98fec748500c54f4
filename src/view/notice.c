/* SPDX-License-Identifier: MIT */
/* Something that is too long for one line, and must be read: over the screen until it is closed. */
#include <string.h>

#include "view/pane.h"

static void write_notice(struct sheet *sheet, const struct scene *scene)
{
	const char *at = scene->notice != NULL ? scene->notice : "";

	while (*at != '\0') {
		size_t length = strcspn(at, "\n");
		sheet_flow_bytes(sheet, STYLE_PLAIN, at, length);
		sheet_flow_end(sheet);
		sheet_newline(sheet);
		at += length + (at[length] == '\n');
	}
}

const struct overlay_pane overlay_notice = {.name = "notice", .width = 76, .write = write_notice};
