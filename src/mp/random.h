/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: MT19937 as numpy's legacy RandomState seeds and draws it, equal to the last bit.
 * Source: numpy 1.24, numpy/random/src/mt19937/mt19937.c, mt19937_seed (init_genrand: every integer
 * seed below 2**32, 0 included; GSL makes another seed of 0) and mt19937_next_double (53 bits).
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
void random_seed(struct random *random, uint32_t seed);
uint32_t random_bits(struct random *random);                 /* 32 of them; told to nobody */
double random_sample(struct random *random);                 /* [0, 1) with 53 bits: random_sample(), told as an event */
double random_uniform(struct random *random, double low, double high);
/* random_sample(count); told as one event: the last number, and how many in `aux`. */
void random_fill(struct random *random, double *numbers, size_t count);
void random_free(struct random *random);

#endif
