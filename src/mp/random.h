/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, of two kinds, both equal to numpy's to the last bit:
 *
 *  - MT19937 as numpy's legacy RandomState seeds and draws it. Source: numpy 1.24,
 *    numpy/random/src/mt19937/mt19937.c, mt19937_seed (init_genrand: every integer seed below 2**32, 0
 *    included; GSL makes another seed of 0) and mt19937_next_double (53 bits).
 *  - Streams: Philox4x64-10, a function of a counter and a key. Every key is a stream of its own, which
 *    is what tasks that run in any order need.
 *
 * The state is ordinary memory: a fork copies it, so children repeat one stream. A generator is
 * not for two threads at once.
 *
 * Runs in: lesson. May block: no.
 */
#ifndef LOCKSTEP_MP_RANDOM_H
#define LOCKSTEP_MP_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random;

struct random *random_new(const char *name, uint32_t seed);  /* numpy.random.RandomState(seed) */
struct random *random_new_from_system(const char *name);     /* seeded by the kernel; under the gate by the run's seed */
/* A stream: numpy.random.Philox(key=[key, stream]). */
struct random *random_new_stream(const char *name, uint64_t key, uint64_t stream);
void random_seed(struct random *random, uint32_t seed);      /* to its start; a stream's key becomes `seed` */
uint32_t random_bits(struct random *random);                 /* 32 of them; told to nobody */
double random_sample(struct random *random);                 /* [0, 1) with 53 bits: random_sample(), told as an event */
double random_uniform(struct random *random, double low, double high);
/* random_sample(count); told as one event: the last number, and how many in `aux`. */
void random_fill(struct random *random, double *numbers, size_t count);
void random_fill_uniform(struct random *random, double low, double high, double *numbers, size_t count);
void random_free(struct random *random);

/*
 * Going ahead, in some milliseconds at most; told to nobody. random_skip: as if `count` calls of
 * random_sample() had been. random_jump: 2^128 words on (2^128 blocks for a stream), farther than anybody
 * draws, so that each of several processes can have a part of one sequence: jumped() of numpy's MT19937
 * and Philox.
 */
void random_skip(struct random *random, uint64_t count);
void random_jump(struct random *random);

#endif
