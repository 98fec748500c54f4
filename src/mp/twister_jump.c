/* SPDX-License-Identifier: MIT */
/*
 * Jumping ahead. Let F be the step from one window of 624 words to the next, a linear map over the
 * field of two elements, and p its characteristic polynomial, so that p(F) = 0. Then F^n = g(F) for
 * g = t^n mod p, and g has at most 19,937 terms however big n is:
 *
 *     window n = g(F) window 0 = the sum (exclusive or) of window i over all terms t^i of g
 *
 * t^n mod p is found by squaring, which over this field only spreads the terms apart.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mp/twister.h"

enum {
	DEGREE = 19937,
	MIDDLE = 397,
	LIMBS = (2 * DEGREE + 63) / 64 + 1, /* of a square, before it is reduced */
	TERMS = 256,                        /* p has 135 */
	MATRIX = (int)0x9908b0dfu,
};

/* Of the field of two elements: bit i of limb j is the factor of t^(64 j + i). */
struct polynomial {
	uint64_t limbs[LIMBS];
};

static unsigned int term(const struct polynomial *polynomial, unsigned int power)
{
	return polynomial->limbs[power / 64] >> power % 64 & 1;
}

/* sum += other * t^power */
static void add_shifted(struct polynomial *sum, const struct polynomial *other, unsigned int power)
{
	unsigned int limbs = power / 64, bits = power % 64;
	for (unsigned int i = LIMBS - 1; i > limbs; i--) {
		uint64_t carried = bits != 0 ? other->limbs[i - limbs - 1] >> (64 - bits) : 0;
		sum->limbs[i] ^= other->limbs[i - limbs] << bits ^ carried;
	}
	sum->limbs[limbs] ^= other->limbs[0] << bits;
}

/* polynomial * (t^high + t^low) + constant */
static void times_binomial_plus(struct polynomial *polynomial, unsigned int high, unsigned int low, unsigned int constant)
{
	struct polynomial product = {0};
	add_shifted(&product, polynomial, high);
	add_shifted(&product, polynomial, low);
	product.limbs[0] ^= constant;
	*polynomial = product;
}

/*
 * p, as Matsumoto and Nishimura derive it (1998, appendix A), written by Horner's rule: with a_i the
 * bits of the matrix's last row, u = t^624 + t^397 and v = t^623 + t^396,
 *     p = u (v^31 + a_0 v^30 + ... + a_30) + a_31
 */
static struct polynomial characteristic(void)
{
	struct polynomial p = {{1}};
	for (unsigned int i = 0; i < 31; i++)
		times_binomial_plus(&p, TWISTER_WORDS - 1, MIDDLE - 1, (uint32_t)MATRIX >> i & 1);
	times_binomial_plus(&p, TWISTER_WORDS, MIDDLE, (uint32_t)MATRIX >> 31);
	return p;
}

/* What reducing needs: t^19937 = the sum of these lower powers. */
struct modulus {
	unsigned int powers[TERMS];
	unsigned int count;
};

static void modulus_init(struct modulus *modulus)
{
	struct polynomial p = characteristic();
	modulus->count = 0;
	for (unsigned int power = 0; power < DEGREE; power++)
		if (term(&p, power))
			modulus->powers[modulus->count++] = power;
}

/* Replaces `bits`, which stood at t^(19937 + above) and higher. */
static void replace(struct polynomial *polynomial, uint64_t bits, unsigned int above, const struct modulus *modulus)
{
	for (unsigned int i = 0; i < modulus->count; i++) {
		unsigned int lower = above + modulus->powers[i], shift = lower % 64;
		polynomial->limbs[lower / 64] ^= bits << shift;
		if (shift != 0)
			polynomial->limbs[lower / 64 + 1] ^= bits >> (64 - shift);
	}
}

/*
 * Mod p, 64 powers at once, the highest first: what they become is at least 227 powers lower, for
 * p has nothing between t^19937 and t^19710.
 */
static void reduce(struct polynomial *polynomial, const struct modulus *modulus)
{
	enum { LAST = DEGREE / 64, KEPT = DEGREE % 64 };
	for (unsigned int i = LIMBS - 1; i > LAST; i--) {
		uint64_t bits = polynomial->limbs[i];
		polynomial->limbs[i] = 0;
		if (bits != 0) /* short jumps stay low for long */
			replace(polynomial, bits, 64 * i - DEGREE, modulus);
	}
	uint64_t bits = polynomial->limbs[LAST] >> KEPT;
	polynomial->limbs[LAST] &= (1ull << KEPT) - 1;
	replace(polynomial, bits, 0, modulus);
}

/* The bits of a word, each followed by a zero. */
static uint64_t spread(uint32_t word)
{
	uint64_t bits = word;
	bits = (bits | bits << 16) & 0x0000ffff0000ffffull;
	bits = (bits | bits << 8) & 0x00ff00ff00ff00ffull;
	bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0full;
	bits = (bits | bits << 2) & 0x3333333333333333ull;
	return (bits | bits << 1) & 0x5555555555555555ull;
}

static void square(struct polynomial *polynomial, const struct modulus *modulus)
{
	struct polynomial result = {0};
	for (unsigned int i = 0; i < LIMBS / 2; i++) {
		result.limbs[2 * i] = spread((uint32_t)polynomial->limbs[i]);
		result.limbs[2 * i + 1] = spread((uint32_t)(polynomial->limbs[i] >> 32));
	}
	*polynomial = result;
	reduce(polynomial, modulus);
}

static void times_t(struct polynomial *polynomial, const struct modulus *modulus)
{
	struct polynomial product = {0};
	add_shifted(&product, polynomial, 1);
	*polynomial = product;
	reduce(polynomial, modulus);
}

/* The window that starts at the next word, and the words after it that the sum needs. */
static uint32_t *sequence(struct twister *twister)
{
	enum { COUNT = DEGREE + TWISTER_WORDS };
	uint32_t *words = memory_new(COUNT * sizeof *words);
	for (unsigned int i = 0; i < COUNT; i++) {
		if (twister->next == TWISTER_WORDS)
			twister_make_words(twister);
		words[i] = twister->state[twister->next++];
	}
	return words;
}

static void apply(struct twister *twister, const struct polynomial *polynomial)
{
	uint32_t *words = sequence(twister);
	uint32_t sum[TWISTER_WORDS] = {0};
	for (unsigned int i = 0; i < DEGREE; i++)
		if (term(polynomial, i))
			for (unsigned int j = 0; j < TWISTER_WORDS; j++)
				sum[j] ^= words[i + j];
	memcpy(twister->state, sum, sizeof sum);
	twister->next = 0;
	free(words);
}

void twister_jump(struct twister *twister, uint64_t words)
{
	struct polynomial power = {{1}};
	struct modulus modulus;
	modulus_init(&modulus);
	for (int bit = 63; bit >= 0; bit--) {
		square(&power, &modulus);
		if (words >> bit & 1)
			times_t(&power, &modulus);
	}
	apply(twister, &power);
}

void twister_jump_power(struct twister *twister, unsigned int power)
{
	struct polynomial result = {{2}};
	struct modulus modulus;
	modulus_init(&modulus);
	while (power-- > 0)
		square(&result, &modulus);
	apply(twister, &result);
}
