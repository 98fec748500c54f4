/* SPDX-License-Identifier: MIT */
/* A helper in a header, as a lesson might have: its calls are told as made by the line that uses it. */
#ifndef TESTS_UNIT_PLACES_INLINE_H
#define TESTS_UNIT_PLACES_INLINE_H

#include <stdint.h>

uint32_t place_here(void);

__attribute__((always_inline)) static inline uint32_t place_in_header(void)
{
	uint32_t place = place_here();

	__asm__ volatile("" : : "r"(place) : "memory"); /* no tail call */
	return place;
}

__attribute__((always_inline)) static inline uint32_t place_deeper_in_header(void)
{
	return place_in_header() + 0;
}

#endif
