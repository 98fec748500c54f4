/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what blocks of a recording hold. A hash would stop every change that is made to a file, so
 * the file is made here, of parts of the input: type, count, first, length (one, two, two and two
 * bytes), then that many bytes of content. What was read is then shown, as a replay shows it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "export/printer.h"
#include "recording/block.h"
#include "recording/recording.h"
#include "view/scene.h"

enum { PART_HEAD = 7, WIDTH = 100, HEIGHT = 30, SHOWN_MAX = 500, OUTPUT_MAX = 1 << 14 };

static const struct lines no_source;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_part(struct text *file, ZSTD_CCtx *zstd, uint32_t number, const uint8_t *part, size_t length)
{
	struct block block = {
		.type = part[0], .number = number, .count = part[1] + 256u * part[2], .first = part[3] + 256u * part[4],
	};
	struct text content = TEXT_INIT, packed = TEXT_INIT;

	text_add_bytes(&content, (const char *)part + PART_HEAD, length);
	if (block_pack(zstd, &block, &content, &packed) == 0)
		text_add_bytes(file, packed.bytes, packed.length);
	text_release(&content);
	text_release(&packed);
}

static void make_file(struct text *file, const uint8_t *data, size_t size)
{
	static ZSTD_CCtx *zstd;
	uint8_t head[RECORDING_HEAD_BYTES];

	if (zstd == NULL)
		zstd = ZSTD_createCCtx();
	recording_write_head(head);
	text_add_bytes(file, (const char *)head, sizeof head);
	for (uint32_t number = 0; size >= PART_HEAD; number++) {
		size_t length = data[5] + 256u * data[6];
		length = length < size - PART_HEAD ? length : size - PART_HEAD;
		add_part(file, zstd, number, data, length);
		data += PART_HEAD + length;
		size -= PART_HEAD + length;
	}
}

static void draw(struct recording *recording, struct world *world)
{
	struct canvas canvas;
	const struct run_options *options = recording_options(recording);
	struct scene scene = {
		.ui = {.room = ROOM_RUN, .present = true, .position = world->position, .menu_filter = "", .search = "",
		       .message = ""},
		.lesson = options->settings->lesson, .settings = options->settings, .source = recording_source(recording),
		.text = recording_text(recording), .history = recording_history(recording), .world = world,
		.run = {.gated = options->gated, .replay = true, .verdict = "", .outcome = "", .strategy = "", .settings = "",
		        .steps = history_steps(recording_history(recording))},
	};

	if (scene.source == NULL)
		scene.source = &no_source;
	canvas_init(&canvas, WIDTH, HEIGHT, false);
	scene_draw(&canvas, &scene);
	canvas_release(&canvas);
}

static void print(struct recording *recording, const struct printer_form *form)
{
	struct text out = TEXT_INIT;
	struct printer printer;

	printer_init(&printer, form, recording_history(recording), &out);
	form->head(&printer, recording_options(recording));
	printer_events(&printer, OUTPUT_MAX);
	if (recording_end(recording) != NULL)
		form->tail(&printer, recording_end(recording));
	printer_release(&printer);
	text_release(&out);
}

static void show(struct recording *recording)
{
	uint64_t count = history_count(recording_history(recording));
	struct world *world = world_new(recording_history(recording));

	world_seek(world, count < SHOWN_MAX ? count : SHOWN_MAX);
	draw(recording, world);
	world_seek(world, world->position / 2);
	draw(recording, world);
	world_free(world);
}

/* One of these: all of them would be slow. */
static void use(struct recording *recording, size_t luck)
{
	if (luck % 4 == 0)
		print(recording, &PRINTER_TEXT);
	else if (luck % 4 == 1)
		print(recording, &PRINTER_JSON);
	else
		show(recording);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text file = TEXT_INIT, problem = TEXT_INIT;
	char path[64];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	make_file(&file, data, size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (write(fd, file.bytes, file.length) == (ssize_t)file.length) {
		struct recording *recording = recording_open(path, &problem);
		if (recording != NULL) {
			while (!recording_load(recording, 1000))
				;
			use(recording, size);
		}
		recording_close(recording);
	}
	close(fd);
	text_release(&file);
	text_release(&problem);
	return 0;
}
