/* SPDX-License-Identifier: MIT */
#include "support/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct golden_size GOLDEN_SIZE[GOLDEN_SIZES] = {{80, 24}, {120, 40}, {200, 60}};

void golden_draw(struct text *out, const struct scene *scene, struct golden_size size, bool ascii)
{
	struct canvas canvas;

	canvas_init(&canvas, size.width, size.height, ascii);
	scene_draw(&canvas, scene);
	canvas_print(&canvas, out, true);
	canvas_release(&canvas);
}

static void read_file(const char *path, struct text *out)
{
	FILE *file = fopen(path, "r");
	char bytes[4096];
	size_t count;

	if (file == NULL)
		return;
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add_bytes(out, bytes, count);
	fclose(file);
}

static bool write_file(const char *path, const struct text *text)
{
	FILE *file = fopen(path, "w");

	if (file == NULL) {
		perror(path);
		return false;
	}
	bool written = fwrite(text->bytes, 1, text->length, file) == text->length;
	return fclose(file) == 0 && written;
}

static bool compare(const char *path, const char *golden, const char *drawn)
{
	unsigned int line = 1;

	for (;;) {
		size_t a = strcspn(golden, "\n"), b = strcspn(drawn, "\n");
		if (a != b || memcmp(golden, drawn, a) != 0) {
			printf("%s:%u: (UPDATE_GOLDEN=1 keeps what is drawn)\n  golden |%.*s|\n  drawn  |%.*s|\n", path, line, (int)a, golden, (int)b, drawn);
			return false;
		}
		if (golden[a] == '\0' || drawn[b] == '\0')
			return golden[a] == drawn[b];
		golden += a + 1;
		drawn += b + 1;
		line++;
	}
}

bool golden_same(const char *path, const struct text *drawn)
{
	struct text golden = TEXT_INIT;

	if (getenv("UPDATE_GOLDEN") != NULL)
		return write_file(path, drawn);
	read_file(path, &golden);
	bool equal = compare(path, golden.bytes, drawn->bytes);
	text_release(&golden);
	return equal;
}
