/* SPDX-License-Identifier: MIT */
#include "lesson/notebooks.h"

#include <string.h>
#include <strings.h>

static const struct notebook_section A[] = {
	{"What do I mean by parallelizable?", "pool-schedule io-bound cores gil"},
	{"Process Class", "many-workers alive-and-join"},
	{"Queue Class", "queue-results producer-consumer"},
	{"Pool Class", "pool-apply pool-map pool-lifecycle"},
	{0}};

static const struct notebook_section B[] = {
	{"Basics", "hello-process many-workers names-and-pids"},
	{"Communicating results", "queue-results console-lock"},
	{"Using a pool of workers", "pool-map pool-apply pool-context"},
	{"Exercise", "pool-exercise"},
	{0}};

static const struct notebook_section C[] = {
	{"Setup", "semaphore"}, /* it imports BoundedSemaphore, and does not use it */
	{"Ping Pong Pipe", "ping-pong-pipe"},
	{"Ping Pong Queue", "ping-pong-queue"},
	{"Pools: Send Multiple Jobs", "pool-map pool-lifecycle"},
	{"Pools: Send Single Job", "pool-apply"},
	{"Pools: Get PID", "pool-apply"},
	{"Pools: With Context", "pool-context"},
	{"Multiprocessing Helpers: CPU Count", "cores"},
	{"Multiprocessing Helpers: Child Processes", "pool-lifecycle"},
	{"Synchronous Map & Apply: Map", "pool-map"},
	{"Synchronous Map & Apply: IMap", "pool-map"},
	{"Synchronous Map & Apply: StarMap", "pool-map"},
	{"Synchronous Map & Apply: Apply", "pool-apply"},
	{"Asynchronous Map & Apply: Map_async", "pool-map pool-callback"},
	{"Asynchronous Map & Apply: Starmap", "pool-map pool-callback"},
	{"Asynchronous Map & Apply: Apply_async", "pool-apply pool-callback"},
	{"Synchronizing Access: Barrier", "barrier"},
	{"Managers", "manager-dict"},
	{0}};

static const struct notebook_section D[] = {
	{"Multi Threading", "thread-ids"},
	{"Some remarks on multi threading", "thread-race"},
	{"Thread lock", "thread-race"},
	{"Thread pools", "thread-pool console-lock"},
	{"A practical example with improved performance", "io-bound gil"},
	{"Multi Processing", "thread-ids names-and-pids"},
	{"Queues", "queue-results work-queue console-lock"},
	{"Process pools", "executor console-lock"},
	{"Multi processing and random numbers", "rng-fork rng-seed"},
	{"A simple Monte Carlo example: computing Pi", "monte-carlo-pi rng-streams"},
	{0}};

static const struct notebook_section E[] = {
	{"Python Multiprocessing Process Class", "many-workers private-memory exit-and-signals"},
	{"Getting Information about Processes", "names-and-pids alive-and-join"},
	{"Multiprocessing vs Multithreading", "exit-and-signals gil"},
	{"Multithreading example", "overlap-waits"},
	{"Multithreading and global variables", "globals-threads-processes"},
	{"Using Array", "shared-value-array"},
	{"Using value", "shared-value-array"},
	{"Sharing Data Between Processes Using Queue", "two-queues"},
	{"Multiprocessing Lock", "bank-race"},
	{"Critical Section", "bank-race"},
	{"Multiprocessing Pool (Map Reduce)", "map-reduce cores"},
	{0}};

const struct notebook NOTEBOOKS[] = {
	{'A', "000_67f559083da75ba4", "Blog Post: Multi-Processing", A},
	{'B', "001_963ce81d26df2a6b", "Parallelisation in Python", B},
	{'C', "002_af678ed9c2489058", "Multiprocessing", C},
	{'D', "003_291101c09b48b36d", "Multi Processing", D},
	{'E', "004_5cad6ac9c1fe7fe5", "Multiprocessing in Python Guide", E},
	{0}};

const struct notebook *notebook_find(const char *word)
{
	for (const struct notebook *notebook = NOTEBOOKS; notebook->letter != 0; notebook++) {
		const char letter[] = {notebook->letter, '\0'};
		if (strcasecmp(word, letter) == 0 || strcmp(word, notebook->name) == 0)
			return notebook;
	}
	return NULL;
}
