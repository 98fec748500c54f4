/* SPDX-License-Identifier: MIT */
/* What `run --json` and `run --text` would have printed. */
#include "export/exporters.h"
#include "export/printer.h"

static int print_all(struct export *export, const struct printer_form *form)
{
	const struct run_end *end = recording_end(export->recording);
	struct printer printer;
	int error = 0;

	printer_init(&printer, form, export_history(export), export->out);
	printer.version = recording_version(export->recording);
	form->head(&printer, recording_options(export->recording));
	while (error == 0 && !printer_events(&printer, EXPORT_FULL))
		error = export_flush(export, export_done(export, printer.world->position));
	if (error == 0 && end != NULL && end->result != NULL)
		form->tail(&printer, end);
	printer_release(&printer);
	return error != 0 ? error : export_flush(export, 1);
}

static int write_json(struct export *export)
{
	return print_all(export, &PRINTER_JSON);
}

static int write_text(struct export *export)
{
	return print_all(export, &PRINTER_TEXT);
}

const struct exporter exporter_json = {
	.name = "json",
	.extension = ".jsonl",
	.help = "an object a line, as run --json prints them",
	.write = write_json,
};

const struct exporter exporter_text = {
	.name = "text",
	.extension = ".txt",
	.help = "a line an event, as run --text prints them",
	.write = write_text,
};
