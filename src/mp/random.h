/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: MT19937 as numpy's legacy RandomState seeds and draws it (numpy 1.24,
 * numpy/random/src/mt19937: init_by_array never used for an integer seed < 2**32, seed 0 included),
 * equal to the last bit. The state is ordinary memory: a fork copies it, so children
 * repeat one stream.
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
void random_fill(struct random *random, double *numbers, size_t count); /* random_sample(count); told as one event */
void random_free(struct random *random);

#endif
