/* SPDX-License-Identifier: MIT */
/* Fifty pages from a web server: one after the other, then by 8 threads. */

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <math.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "threads", .low = 1, .high = 50, .fallback = "8",
	 .help = "threads that ask for pages"},
	{.name = "pages", .low = 1, .high = 1000, .fallback = "50",
	 .help = "how many pages are asked for"},
	{.name = "latency", .low = 0, .high = 5, .real = true,
	 .fallback = "0.1", .help = "seconds until the server answers"},
	{.name = "timeout", .low = 0.05, .high = 60, .real = true,
	 .fallback = "0.5", .help = "seconds until nobody waits any more"},
	{.name = "port", .low = 0, .high = 65535, .fallback = "0",
	 .help = "where the server listens; 0: any port that is free"},
	{0}};

static const struct lesson_variant variants[] = {
	{"eight threads", "threads=8", "the same answers, 8 times sooner"},
	{"one thread", "threads=1", "the same answers, no sooner"},
	{0}};

static const struct lesson lesson = {
	.title = "Waiting for the network",
	.summary = "A real server, real requests. One process asks for 50 "
	           "pages in turn; then 8 threads ask.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "seconds: in turn, by threads; speedup (null when "
	           "stepped: no time passes then); same: both ways gave "
	           "the same; answers: of each page",
	.right = "what the server has, or unknown where no answer came in "
	         "time; the same both ways if all others did",
	.step_settings = "threads=2 pages=4 latency=0 timeout=10"};

enum { NOT_THERE = 1, NO_SERVER = 3, NO_ANSWER = 5, EVERY = 10 };

static struct event *all_done;
static long port;

/* ---- the server, in a process of its own ---- */

/* Called by libmicrohttpd, for each request in a thread of its own. */
static enum MHD_Result answer(void *context, struct MHD_Connection *client,
                              const char *path, const char *method,
                              const char *version, const char *body,
                              size_t *size, void **kept)
{
	(void)context, (void)method, (void)version;
	(void)body, (void)size, (void)kept;
	int page = atoi(path + 1);
	clock_sleep(lesson_real("latency"));
	if (page == NO_ANSWER) /* the client has gone by then */
		clock_sleep(2 * lesson_real("timeout"));

	struct MHD_Response *response = MHD_create_response_from_buffer(
		0, NULL, MHD_RESPMEM_PERSISTENT);
	bool here = page % EVERY != NOT_THERE;
	unsigned int status = here ? MHD_HTTP_OK : MHD_HTTP_NOT_FOUND;
	enum MHD_Result queued =
		MHD_queue_response(client, status, response);
	MHD_destroy_response(response);
	return queued;
}

/* The socket is there before the process: nobody can come too early. */
static int listen_on(long wanted)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)wanted),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof here;
	int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (door < 0 || bind(door, (struct sockaddr *)&here, size) < 0 ||
	    listen(door, SOMAXCONN) < 0 ||
	    getsockname(door, (struct sockaddr *)&here, &size) < 0)
		process_fail("no server at 127.0.0.1, port %ld: %s", wanted,
		             strerror(errno));
	port = ntohs(here.sin_port);
	return door;
}

static void serve(void *door)
{
	struct MHD_Daemon *server = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION,
		0, NULL, NULL, answer, NULL,
		MHD_OPTION_LISTEN_SOCKET, *(int *)door, MHD_OPTION_END);
	if (server == NULL)
		process_fail("libmicrohttpd has no server for us");
	event_wait(all_done); /* the server ends with its process */
}

/* ---- the client ---- */

static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes, (void)context;
	return size * count;
}

/* "exists", "does not exist", or "unknown" when no answer has come. */
static json_t *look_up(json_t *number)
{
	int page = (int)json_integer_value(number);
	long status = 0;
	char url[64];

	/* One page is at a server that is no more: nobody is at port 1. */
	snprintf(url, sizeof url, "http://127.0.0.1:%ld/%d",
	         page == NO_SERVER ? 1 : port, page);
	CURL *request = curl_easy_init();
	curl_easy_setopt(request, CURLOPT_URL, url);
	curl_easy_setopt(request, CURLOPT_TIMEOUT_MS,
	                 (long)(lesson_real("timeout") * 1000));
	curl_easy_setopt(request, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(request, CURLOPT_PROXY, ""); /* never another way */
	curl_easy_setopt(request, CURLOPT_WRITEFUNCTION, ignore);
	CURLcode error = curl_easy_perform(request); /* here it waits */
	curl_easy_getinfo(request, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(request);

	const char *found = error != CURLE_OK ? "unknown"
	                    : status == 200   ? "exists"
	                    : status == 404   ? "does not exist"
	                                      : "unknown";
	if (error != CURLE_OK)
		print("/%d - %s: %s", page, found, curl_easy_strerror(error));
	else
		print("/%d - %s", page, found);
	return json_string(found);
}

/* Whether each answer is what the server has, or that none came in time. */
static bool all_right(json_t *answers)
{
	size_t page;
	json_t *answer;

	json_array_foreach (answers, page, answer) {
		const char *given = json_string_value(answer);
		const char *right = page % EVERY == NOT_THERE ? "does not exist"
		                                              : "exists";
		if (page == NO_SERVER || page == NO_ANSWER)
			right = "unknown";
		if (strcmp(given, right) != 0 && strcmp(given, "unknown") != 0)
			return false;
	}
	return true;
}

static json_t *one_after_the_other(long pages)
{
	json_t *answers = json_array();

	for (long page = 0; page < pages; page++) {
		json_t *number = json_integer(page);
		json_array_append_new(answers, look_up(number));
		json_decref(number);
	}
	return answers;
}

static json_t *by_threads(int threads, long pages)
{
	json_t *answers = json_array(), *numbers = json_array(), *next;

	for (long page = 0; page < pages; page++)
		json_array_append_new(numbers, json_integer(page));
	struct executor *executor = thread_executor_new("executor", threads);
	struct pool_iterator *results =
		executor_map(executor, look_up, numbers, 1);
	while ((next = pool_next(results)) != NULL)
		json_array_append_new(answers, next);
	executor_shutdown(executor, true, false);
	return answers;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long pages = lesson_integer("pages");
	int threads = (int)lesson_integer("threads");
	int door = listen_on(lesson_integer("port"));

	all_done = event_new("all done");
	struct process *server = process_new("server", serve, &door);
	process_start(server);
	close(door); /* its own copy the server keeps */
	curl_global_init(CURL_GLOBAL_NOTHING);

	print("one after the other");
	double began = clock_seconds();
	json_t *answers = one_after_the_other(pages);
	double in_turn = clock_seconds() - began;

	print("threads: %d", threads);
	began = clock_seconds();
	json_t *again = by_threads(threads, pages);
	double threaded = clock_seconds() - began;

	event_set(all_done);
	process_join(server);
	int code = 1;
	process_exitcode(server, &code);
	bool same = json_equal(answers, again);
	bool right = code == 0 && all_right(answers) && all_right(again) &&
	             json_array_size(again) == (size_t)pages;
	json_t *speedup = json_null();
	if (threaded > 0) {
		speedup = json_real(in_turn / threaded);
		print("in turn: %.2f s", in_turn);
		print("by threads: %.2f s, %.1f times as fast", threaded,
		      in_turn / threaded);
	}
	json_decref(again);
	lesson_outcome(right, !right ? "wrong answers"
	                      : same ? "the same answers" : "not all in time",
	               json_pack("{s:[f, f], s:o, s:b, s:o}", "seconds",
	                         round(in_turn * 1e3) / 1e3,
	                         round(threaded * 1e3) / 1e3, "speedup",
	                         speedup, "same", same, "answers", answers),
	               NULL);
	return lesson_end();
}
