/* SPDX-License-Identifier: MIT */
#include "lesson/nearest.h"

#include <string.h>

enum { WORD_MAX = 64 }; /* longer words are not compared: nobody mistypes those by a letter */

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int smaller = a < b ? a : b;
	return smaller < c ? smaller : c;
}

/* Optimal string alignment: insert, delete, replace, swap two neighbours; each counts one. */
static unsigned int distance(const char *from, const char *to)
{
	size_t rows = strlen(from), columns = strlen(to);
	unsigned int cost[3][WORD_MAX + 1]; /* the row before last, the last, this one: by row % 3 */

	if (rows > WORD_MAX || columns > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= columns; j++)
		cost[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= rows; i++) {
		unsigned int *now = cost[i % 3];
		const unsigned int *last = cost[(i - 1) % 3], *before = cost[(i + 1) % 3];

		now[0] = (unsigned int)i;
		for (size_t j = 1; j <= columns; j++) {
			now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (from[i - 1] != to[j - 1]));
			if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
	}
	return cost[rows % 3][columns];
}

void nearest_init(struct nearest *nearest, const char *word)
{
	/* A third of the word may be wrong, at least one letter: "lok" is lock, "xyz" is nothing. */
	*nearest = (struct nearest){.word = word, .edits = 2 + (unsigned int)strlen(word) / 4};
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	unsigned int edits = distance(nearest->word, candidate);

	/* The beginning of a long word is what people type first: "bank" for bank-race. */
	if (strlen(nearest->word) >= 3 && strncmp(nearest->word, candidate, strlen(nearest->word)) == 0)
		edits = edits < 1 ? edits : 1;
	if (edits < nearest->edits && edits < strlen(candidate)) {
		nearest->best = candidate;
		nearest->edits = edits;
	}
}
