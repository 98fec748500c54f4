/* SPDX-License-Identifier: MIT */
/* What is printed of a run that is compared with its recording, behind all that it did. */
#include "export/json.h"
#include "verbs/run.h"

static void print_text(struct text *out, const struct comparison *comparison, const struct history *live)
{
	text_add_char(out, '\n');
	comparison_say(comparison, live, out);
	text_add_char(out, '\n');
}

static void print_json(struct text *out, const struct comparison *comparison, const struct history *live)
{
	const struct difference *difference = comparison_difference(comparison);

	text_add(out, "{\"type\":\"comparison\"");
	json_add_bool(out, "equal", !comparison_differs(comparison));
	if (comparison_differs(comparison)) {
		json_add_natural(out, "step", difference->step);
		if (difference->number > 0)
			json_add_natural(out, "seq", difference->number);
		json_add_string(out, "recorded", difference->recorded.bytes);
		json_add_string(out, "now", difference->live.bytes);
	} else {
		json_add_natural(out, "steps", history_steps(live));
		json_add_natural(out, "events", comparison_position(comparison));
		if (comparison_is_partial(comparison))
			json_add_bool(out, "partial", true);
	}
	text_add(out, "}\n");
}

void run_print_comparison(const struct printer *printer, const struct comparison *comparison)
{
	if (printer->form == &PRINTER_JSON)
		print_json(printer->out, comparison, printer->history);
	else
		print_text(printer->out, comparison, printer->history);
}
