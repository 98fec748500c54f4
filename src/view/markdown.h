/* SPDX-License-Identifier: MIT */
/*
 * Markdown onto a sheet: headings, paragraphs, emphasis, lists, quotes, code, tables, rules.
 * HTML is shown as the text that it is.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_MARKDOWN_H
#define LOCKSTEP_VIEW_MARKDOWN_H

#include "view/sheet.h"

void markdown_write(struct sheet *sheet, const char *markdown);

/* The same, its first line beside what stands on the sheet's line, all others at `indent`. */
void markdown_write_beside(struct sheet *sheet, int indent, const char *markdown);

#endif
