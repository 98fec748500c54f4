/* SPDX-License-Identifier: MIT */
#include "export/cast.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/ansi.h"
#include "export/json.h"

struct cast {
	struct text *out;
	int version;
	struct ansi ansi;
	struct text bytes; /* of one event */
	uint64_t time;     /* of the last event */
	bool begun;
};

static void add_header(const struct cast *cast, const struct cast_options *options)
{
	struct text *out = cast->out;

	json_open(out, '{');
	json_add_integer(out, "version", cast->version);
	if (cast->version == 3) {
		json_add_key(out, "term");
		json_open(out, '{');
		json_add_integer(out, "cols", options->width);
		json_add_integer(out, "rows", options->height);
		json_add_string(out, "type", "xterm-256color");
		json_close(out, '}');
	} else {
		json_add_integer(out, "width", options->width);
		json_add_integer(out, "height", options->height);
		json_add_key(out, "env");
		json_open(out, '{');
		json_add_string(out, "TERM", "xterm-256color");
		json_close(out, '}');
	}
	if (options->title != NULL)
		json_add_string(out, "title", options->title);
	json_close(out, '}');
	text_add_char(out, '\n');
}

struct cast *cast_new(const struct cast_options *options, struct text *out)
{
	struct cast *cast = memory_new(sizeof *cast);

	cast->out = out;
	cast->version = options->version == 3 ? 3 : 2;
	text_init(&cast->bytes);
	ansi_init(&cast->ansi, options->width, options->height);
	add_header(cast, options);
	return cast;
}

void cast_free(struct cast *cast)
{
	if (cast == NULL)
		return;
	ansi_release(&cast->ansi);
	text_release(&cast->bytes);
	free(cast);
}

/* Version 2 counts from the beginning, version 3 from the event before. */
static void add_event(struct cast *cast, uint64_t ns, const char *code, const char *data, size_t length)
{
	ns = ns > cast->time ? ns : cast->time;
	json_open(cast->out, '[');
	json_add_seconds(cast->out, NULL, cast->version == 3 ? ns - cast->time : ns);
	json_add_string(cast->out, NULL, code);
	json_add_bytes(cast->out, NULL, data, length);
	json_close(cast->out, ']');
	text_add_char(cast->out, '\n');
	cast->time = ns;
}

static void begin(struct cast *cast)
{
	text_reset(&cast->bytes);
	if (!cast->begun)
		ansi_begin(&cast->ansi, &cast->bytes);
	cast->begun = true;
}

void cast_frame(struct cast *cast, uint64_t ns, const struct canvas *canvas)
{
	begin(cast);
	ansi_frame(&cast->ansi, &cast->bytes, canvas);
	if (cast->bytes.length > 0)
		add_event(cast, ns, "o", cast->bytes.bytes, cast->bytes.length);
}

void cast_marker(struct cast *cast, uint64_t ns, const char *label)
{
	add_event(cast, ns, "m", label, strlen(label));
}

void cast_end(struct cast *cast, uint64_t ns)
{
	begin(cast);
	ansi_end(&cast->ansi, &cast->bytes);
	add_event(cast, ns, "o", cast->bytes.bytes, cast->bytes.length);
}
