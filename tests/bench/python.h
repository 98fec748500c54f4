/* SPDX-License-Identifier: MIT */
/* The same work in Python, timed by itself. */
#ifndef LOCKSTEP_TESTS_BENCH_PYTHON_H
#define LOCKSTEP_TESTS_BENCH_PYTHON_H

/* Runs lines of Python that print a number: that number, or negative where it cannot be had. */
double bench_python(const char *program);

#endif
