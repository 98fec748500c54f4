/* SPDX-License-Identifier: MIT */
/*
 * An array whose copies share what neither has changed. It lies in pages of a few elements, which
 * are counted: who changes an element of a page that others hold too gets a page of its own first.
 * So a copy costs a pointer for each page, however much is in it.
 *
 * Elements come in at the end and go at the head, or are cut off at the end.
 *
 * Runs in: front. Owns: its share in its pages. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_PAGES_H
#define LOCKSTEP_WORLD_PAGES_H

#include <stddef.h>
#include <stdint.h>

struct page_kind {
	uint32_t size;  /* bytes an element */
	uint32_t shift; /* a page holds 1 << shift elements */
};

struct shared_page {
	size_t shares; /* arrays that hold it */
	char elements[];
};

struct pages {
	const struct page_kind *kind;
	size_t *held;         /* bytes of all pages of this array and its copies together */
	struct shared_page **pages;
	size_t page_count;
	size_t page_capacity;
	size_t gone;          /* elements of the first page that have gone */
	size_t count;         /* elements */
};

void pages_init(struct pages *pages, const struct page_kind *kind, size_t *held);
void pages_release(struct pages *pages);
void pages_share(struct pages *to, const struct pages *from); /* `to` becomes a copy; it holds nothing yet */
size_t pages_copy_bytes(const struct pages *pages);           /* that a copy costs, with the pages at both ends: they are changed soon */
size_t pages_bytes(const struct pages *pages);                /* of its pages, shared or not */

void *pages_add(struct pages *pages);             /* a new element at the end; what it holds is undefined */
void *pages_edit(struct pages *pages, size_t at); /* one that may be changed, until the next call */
void pages_drop_first(struct pages *pages);
void pages_cut(struct pages *pages, size_t count); /* only the first `count` stay */

static inline const void *pages_at(const struct pages *pages, size_t at)
{
	size_t place = pages->gone + at;
	const struct shared_page *page = pages->pages[place >> pages->kind->shift];
	return page->elements + (place & (((size_t)1 << pages->kind->shift) - 1)) * pages->kind->size;
}

#endif
