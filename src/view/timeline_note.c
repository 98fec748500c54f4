/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/utf8.h"
#include "view/pane.h"
#include "view/timeline.h"

enum { TITLE_ROOM = 16 }; /* columns of the upper edge that are the title's */

static void say_lanes(const struct timeline *timeline, struct text *out)
{
	size_t rows = (size_t)timeline->rows, told = timeline->fold_row >= 0 ? timeline->folded_count : 0;

	if (rows == 0 || rows + told == timeline->lane_count)
		return;
	size_t first = timeline->shown[0], last = timeline->shown[rows - 1];
	if (last - first + 1 == rows)
		text_printf(out, "lanes %zu–%zu of %zu", first + 1, last + 1, timeline->lane_count);
	else
		text_printf(out, "%zu of %zu lanes", rows, timeline->lane_count);
	if (timeline->folded_count > 0)
		text_printf(out, ", %zu ended", timeline->folded_count);
	text_add(out, " · ");
}

/* "2.1 µs": two digits, in the unit that keeps them short. */
static void say_duration(struct text *out, double ns)
{
	static const char *const units[] = {"ns", "µs", "ms", "s"};
	int unit = 0;

	for (; unit < 3 && ns >= 999.5; unit++)
		ns /= 1000;
	if (ns < 9.95 && unit > 0)
		text_printf(out, "%.1f %s", ns, units[unit]);
	else
		text_printf(out, "%.0f %s", ns, units[unit]);
}

/* From and to, in as many decimals as columns can be told apart by. */
static void say_span(struct text *out, uint64_t from, uint64_t to, uint64_t column)
{
	int decimals = 9;

	for (uint64_t tenfold = 10; decimals > 0 && tenfold <= column * 2; tenfold *= 10)
		decimals--;
	text_printf(out, "%.*f–%.*f s", from > 0 ? decimals : 0, (double)from / 1e9, decimals, (double)to / 1e9);
}

static void say_shown(const struct timeline *timeline, bool scale, struct text *out)
{
	if (timeline->by_time && timeline->column_count > 0) {
		uint64_t column = timeline->columns[0].to - timeline->columns[0].from + 1;
		say_span(out, timeline->from, timeline->to, column);
		if (scale) {
			text_add(out, " · 1 column = ");
			say_duration(out, (double)column);
		}
		text_add(out, " · order ≈ · ");
	} else if (timeline->first_step > 1 || timeline->last_step < timeline->steps) {
		text_printf(out, "steps %llu–%llu of %llu · ", (unsigned long long)timeline->first_step,
		            (unsigned long long)timeline->last_step, (unsigned long long)timeline->steps);
	}
	if (timeline->group > 1)
		text_printf(out, "1 column = %llu steps · ", (unsigned long long)timeline->group);
}

/* What the letters mean, of what this run has. */
static void say_letters(const struct scene *scene, struct text *out)
{
	static const struct {
		enum object_kind kind;
		const char *letters;
	} legend[] = {
		{OBJECT_VALUE, "R read · W write"},    {OBJECT_ARRAY, "R read · W write"},
		{OBJECT_LOCK, "L lock · U unlock"},    {OBJECT_RLOCK, "L lock · U unlock"},
		{OBJECT_SEMAPHORE, "L take · U give back"}, {OBJECT_CONDITION, "w sleep on · N notify · v woken"},
		{OBJECT_BARRIER, "b at barrier · B past it"},
		{OBJECT_PIPE, "> send · < receive"},   {OBJECT_QUEUE, "P put · f feed · G get"},
		{OBJECT_POOL, "{ task · } done"},      {OBJECT_RANDOM, "d draw"},
		{OBJECT_SIMPLE_QUEUE, "P put · G get"}, {OBJECT_MANAGER, "C call · S serve · A answer"},
	};

	for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++)
		if (pane_has_kind(scene, legend[i].kind) && strstr(out->bytes, legend[i].letters) == NULL)
			text_printf(out, "%s · ", legend[i].letters);
	text_add(out, "z sleep · ╌ waiting");
}

static void text_cut(struct text *text, size_t length)
{
	text->length = length;
	text->bytes[length] = '\0';
}

static bool fits(const struct text *said, const struct text *letters, struct rect area)
{
	return (int)(utf8_columns(said->bytes) + utf8_columns(letters->bytes)) + TITLE_ROOM <= area.width;
}

/* What the letters mean comes before how much a column is, until somebody goes closer. */
void timeline_note(const struct scene *scene, struct rect area, struct text *out)
{
	struct timeline timeline;
	struct text letters = TEXT_INIT;

	timeline_init(&timeline, scene, area);
	say_letters(scene, &letters);
	say_lanes(&timeline, out);
	size_t before = out->length;
	say_shown(&timeline, true, out);
	if (timeline.zoom == 0 && !fits(out, &letters, area)) {
		text_cut(out, before);
		say_shown(&timeline, false, out);
	}
	if (fits(out, &letters, area))
		text_add(out, letters.bytes);
	else if (out->length > 0) /* without its last " · " */
		text_cut(out, out->length - strlen(" · "));
	text_release(&letters);
	timeline_release(&timeline);
}
