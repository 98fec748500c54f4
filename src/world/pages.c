/* SPDX-License-Identifier: MIT */
#include "world/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void pages_init(struct pages *pages, const struct page_kind *kind, size_t *held)
{
	*pages = (struct pages){.kind = kind, .held = held};
}

static size_t page_bytes(const struct pages *pages)
{
	return sizeof(struct shared_page) + ((size_t)pages->kind->size << pages->kind->shift);
}

static struct shared_page *new_page(struct pages *pages)
{
	struct shared_page *page = memory_resize(NULL, 1, page_bytes(pages));
	page->shares = 1;
	*pages->held += page_bytes(pages);
	return page;
}

static void let_go(struct pages *pages, struct shared_page *page)
{
	if (--page->shares > 0)
		return;
	*pages->held -= page_bytes(pages);
	free(page);
}

static void let_go_from(struct pages *pages, size_t first)
{
	for (size_t i = first; i < pages->page_count; i++)
		let_go(pages, pages->pages[i]);
	pages->page_count = first;
}

void pages_release(struct pages *pages)
{
	let_go_from(pages, 0);
	free(pages->pages);
	pages_init(pages, pages->kind, pages->held);
}

void pages_share(struct pages *to, const struct pages *from)
{
	*to = *from;
	to->page_capacity = from->page_count;
	to->pages = NULL;
	if (from->page_count == 0)
		return;
	to->pages = memory_array(from->page_count, sizeof(struct shared_page *));
	memcpy(to->pages, from->pages, from->page_count * sizeof(struct shared_page *));
	for (size_t i = 0; i < from->page_count; i++)
		from->pages[i]->shares++;
}

size_t pages_copy_bytes(const struct pages *pages)
{
	size_t changed = pages->page_count < 2 ? pages->page_count : 2;
	return pages->page_count * sizeof(struct shared_page *) + changed * page_bytes(pages);
}

size_t pages_bytes(const struct pages *pages)
{
	return pages->page_count * page_bytes(pages);
}

static void add_page(struct pages *pages)
{
	if (pages->page_count == pages->page_capacity) {
		pages->page_capacity = pages->page_capacity == 0 ? 1 : pages->page_capacity * 2;
		pages->pages = memory_resize(pages->pages, pages->page_capacity, sizeof(struct shared_page *));
	}
	pages->pages[pages->page_count++] = new_page(pages);
}

static struct shared_page *own_page(struct pages *pages, size_t number)
{
	struct shared_page *shared = pages->pages[number];
	if (shared->shares == 1)
		return shared;
	struct shared_page *own = pages->pages[number] = new_page(pages);
	memcpy(own->elements, shared->elements, page_bytes(pages) - sizeof *own);
	let_go(pages, shared);
	return own;
}

static void *place_in(struct pages *pages, size_t place)
{
	size_t within = place & (((size_t)1 << pages->kind->shift) - 1);
	return own_page(pages, place >> pages->kind->shift)->elements + within * pages->kind->size;
}

void *pages_add(struct pages *pages)
{
	size_t place = pages->gone + pages->count++;
	if (place == pages->page_count << pages->kind->shift)
		add_page(pages);
	return place_in(pages, place);
}

void *pages_edit(struct pages *pages, size_t at)
{
	return place_in(pages, pages->gone + at);
}

void pages_drop_first(struct pages *pages)
{
	pages->count--;
	if (++pages->gone < (size_t)1 << pages->kind->shift)
		return;
	pages->gone = 0;
	let_go(pages, pages->pages[0]);
	memmove(pages->pages, pages->pages + 1, --pages->page_count * sizeof(struct shared_page *));
}

void pages_cut(struct pages *pages, size_t count)
{
	size_t a_page = (size_t)1 << pages->kind->shift;
	pages->count = count;
	let_go_from(pages, (pages->gone + count + a_page - 1) / a_page);
}
