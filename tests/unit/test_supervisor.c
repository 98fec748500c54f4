/* SPDX-License-Identifier: MIT */
/*
 * The supervisor with fronts and lessons made for it. This program is also the lessons: with an
 * argument it plays the part of that name. A host process calls supervisor_run(); its front reports
 * through shared memory; only the test asserts.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "lesson/supervisor.h"

enum { PATIENCE_MS = 20000, FAMILY = 4 };

static char program[4096];

/* What a front found out. */
static struct report {
	int results[16];
	pid_t pids[16];
	double seconds[4];
	volatile int rescued;
	volatile int ready;
} *report;

/* ---- the parts that this program plays as a lesson ---- */

/* The sanitizers catch these three for themselves, in every process. */
static bool is_the_sanitizers(int number)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return number == SIGSEGV || number == SIGBUS || number == SIGFPE;
#else
	(void)number;
	return false;
#endif
}

static bool has_default_signals(void)
{
	struct sigaction action;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int number = 1; number < NSIG; number++) {
		if (sigismember(&mask, number) == 1)
			return false;
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL && !is_the_sanitizers(number))
			return false;
	}
	return true;
}

static bool stdin_is_null(void)
{
	struct stat null, in;

	return stat("/dev/null", &null) == 0 && fstat(0, &in) == 0 && in.st_rdev == null.st_rdev;
}

static bool only_these_are_open(int count)
{
	for (int fd = 0; fd < 1024; fd++)
		if ((fcntl(fd, F_GETFD) >= 0) != (fd < count))
			return false;
	return true;
}

static bool core_is_limited(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 &&
	       getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_max != RLIM_INFINITY;
}

static bool on_one_core(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == 1;
}

static bool dies_with_its_parent(void)
{
	int number = 0;

	return prctl(PR_GET_PDEATHSIG, &number) == 0 && number == SIGKILL;
}

/* R6: a bit for each thing that is not as it should be. */
static int play_self_check(void)
{
	const char *wire = getenv("LOCKSTEP_WIRE");
	int wrong = 0;

	wrong |= !has_default_signals() << 0;
	wrong |= !stdin_is_null() << 1;
	wrong |= !only_these_are_open(4) << 2;
	wrong |= (getpgrp() != getpid()) << 3;
	wrong |= !core_is_limited() << 4;
	wrong |= !dies_with_its_parent() << 5;
	wrong |= (wire == NULL || strcmp(wire, "3") != 0 || write(3, "w", 1) != 1) << 6;
	wrong |= !on_one_core() << 7;
	return wrong;
}

static int play_ignore_term(void)
{
	signal(SIGTERM, SIG_IGN);
	if (write(1, "r", 1) != 1)
		return 1;
	for (;;)
		pause();
}

static int play_wait(void)
{
	if (write(1, "r", 1) != 1)
		return 1;
	for (;;)
		pause();
}

static int play_exit(void)
{
	return 7;
}

static void tell_and_wait(void)
{
	pid_t self = getpid();

	signal(SIGTERM, SIG_IGN);
	if (write(1, &self, sizeof self) != sizeof self)
		_exit(1);
	for (;;)
		pause();
}

/* Four that are to be found: in the group; a session of its own; that, an orphan; that, without a trace. */
static int play_family(void)
{
	static char part[] = "told";
	char *arguments[] = {program, part, NULL}, *nothing[] = {NULL};

	if (fork() == 0)
		tell_and_wait();
	if (fork() == 0) {
		setsid();
		tell_and_wait();
	}
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			tell_and_wait();
		_exit(0);
	}
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			execve(program, arguments, nothing);
		_exit(0);
	}
	if (getenv("FAMILY_MAIN_EXITS") != NULL) {
		poll(NULL, 0, 20);
		return 0;
	}
	for (;;)
		pause();
}

static int play_told(void)
{
	tell_and_wait();
	return 0;
}

static const struct part {
	const char *name;
	int (*play)(void);
} PARTS[] = {
	{"self-check", play_self_check},
	{"ignore-term", play_ignore_term},
	{"wait", play_wait},
	{"exit", play_exit},
	{"family", play_family},
	{"told", play_told},
};

static int play(const char *name)
{
	snprintf(program, sizeof program, "/proc/self/exe");
	for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
		if (strcmp(PARTS[i].name, name) == 0)
			return PARTS[i].play();
	return 99;
}

/* ---- in the front ---- */

/* Starts a part; `output` becomes the reading end of its standard output. */
static pid_t start_part(struct launcher *launcher, const char *part, int *output)
{
	char word[32];
	char *arguments[] = {word, NULL};
	int ends[2];

	snprintf(word, sizeof word, "%s", part);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	const struct launch launch = {.program = program, .arguments = arguments, .wire = -1, .output = ends[1],
	                              .error_output = -1, .cpu = -1};
	pid_t pid = launcher_start(launcher, &launch);
	close(ends[1]);
	*output = ends[0];
	return pid;
}

static bool read_ready(int output)
{
	char byte;

	return poll(&(struct pollfd){.fd = output, .events = POLLIN}, 1, PATIENCE_MS) == 1 && read(output, &byte, 1) == 1;
}

static void read_family(int output)
{
	for (int i = 0; i < FAMILY; i++)
		if (poll(&(struct pollfd){.fd = output, .events = POLLIN}, 1, PATIENCE_MS) != 1 ||
		    read(output, &report->pids[i], sizeof(pid_t)) != sizeof(pid_t))
			report->pids[i] = -1;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

static int front_returns(int channel, void *context)
{
	(void)channel;
	return *(int *)context;
}

static int front_dies(int channel, void *context)
{
	(void)channel;
	signal(*(int *)context, SIG_DFL);
	raise(*(int *)context);
	return 0;
}

static int front_starts_what_is_not_there(int channel, void *context)
{
	struct launcher launcher;
	struct launch launch = {.program = "/nonexistent/lesson", .wire = -1, .output = -1, .error_output = -1, .cpu = -1};

	(void)context;
	launcher_init(&launcher, channel);
	report->results[0] = launcher_start(&launcher, &launch);
	launch.program = "/etc/passwd";
	report->results[1] = launcher_start(&launcher, &launch);
	launch.program = "/tmp";
	report->results[2] = launcher_start(&launcher, &launch);
	return 0;
}

static int front_sends_too_much(int channel, void *context)
{
	struct launcher launcher;
	static char long_word[70000], *many[400];
	char *arguments[] = {long_word, NULL};
	struct launch launch = {.program = program, .arguments = arguments, .wire = -1, .output = -1, .error_output = -1, .cpu = -1};
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	memset(long_word, 'a', sizeof long_word - 1);
	report->results[0] = launcher_start(&launcher, &launch);
	for (int i = 0; i < 399; i++)
		many[i] = long_word + sizeof long_word - 2;
	launch.arguments = many;
	report->results[1] = launcher_start(&launcher, &launch);
	report->results[2] = start_part(&launcher, "exit", &output) > 0;
	return 0;
}

/* The front's own signals and descriptors must not reach the lesson. */
static int front_checks_a_child(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	char word[] = "self-check";
	char *arguments[] = {word, NULL};
	int ends[2], null = open("/dev/null", O_RDWR), extra = open("/dev/null", O_RDWR);
	sigset_t all;

	(void)context;
	launcher_init(&launcher, channel);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (pipe(ends) < 0 || extra < 0)
		return 1;
	const struct launch launch = {.program = program, .arguments = arguments, .wire = ends[1], .output = null,
	                              .error_output = null, .cpu = sched_getcpu()};
	pid_t pid = launcher_start(&launcher, &launch);
	report->results[0] = launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	report->results[1] = end.status;
	report->results[2] = read_ready(ends[0]);
	return 0;
}

static int front_watches_a_family_end(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "family", &output);
	read_family(output);
	kill(pid, SIGKILL);
	report->results[0] = launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	report->results[1] = end.status;
	for (int i = 0; i < FAMILY; i++)
		report->results[2 + i] = report->pids[i] > 0 && is_gone(report->pids[i]);
	report->results[6] = is_gone(pid);
	report->results[7] = launcher.running[0];
	return 0;
}

/* Two families; the end of one is not the end of the other. */
static int front_has_two_families(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	int output, output_of_other;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "family", &output);
	pid_t other = start_part(&launcher, "family", &output_of_other);
	read_family(output);
	kill(other, SIGKILL);
	report->results[0] = launcher_wait_exit(&launcher, other, PATIENCE_MS, &end);
	for (int i = 0; i < FAMILY; i++)
		report->results[1] += is_gone(report->pids[i]);
	launcher_stop(&launcher, pid, 0);
	report->results[5] = launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	return 0;
}

static int front_stops_one_that_will_not(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	int output, other_output;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "ignore-term", &output);
	report->results[0] = read_ready(output);
	double from = seconds_now();
	launcher_stop(&launcher, pid, 400);
	/* Meanwhile the supervisor serves others. */
	pid_t other = start_part(&launcher, "exit", &other_output);
	report->results[1] = launcher_wait_exit(&launcher, other, PATIENCE_MS, &end);
	report->results[2] = end.status;
	report->seconds[0] = seconds_now() - from;
	report->results[3] = launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	report->results[4] = end.status;
	report->seconds[1] = seconds_now() - from;
	return 0;
}

static int front_stops_one_that_will(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "wait", &output);
	report->results[0] = read_ready(output);
	report->results[1] = launcher_next_exit(&launcher, &end);
	launcher_pause(&launcher, pid, true); /* even one that is paused hears it */
	launcher_stop(&launcher, pid, PATIENCE_MS);
	report->results[2] = launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	report->results[3] = end.status;
	return 0;
}

static char state_of(pid_t pid)
{
	char path[64], line[512] = "";
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if ((file = fopen(path, "re")) == NULL)
		return '?';
	if (fgets(line, sizeof line, file) == NULL)
		line[0] = '\0';
	fclose(file);
	const char *end = strrchr(line, ')');
	return end != NULL ? end[2] : '?';
}

static bool stands_still(void *pid)
{
	return state_of(*(pid_t *)pid) == 'T';
}

static bool goes_on(void *pid)
{
	return state_of(*(pid_t *)pid) == 'S';
}

static int front_pauses(int channel, void *context)
{
	struct launcher launcher;
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "wait", &output);
	report->results[0] = read_ready(output);
	launcher_pause(&launcher, pid, true);
	report->results[1] = eventually(stands_still, &pid, 20);
	launcher_pause(&launcher, pid, false);
	report->results[2] = eventually(goes_on, &pid, 20);
	return 0;
}

static int front_starts_many(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end;
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	for (int i = 0; i < LAUNCHER_MAX; i++) {
		pid_t pid = start_part(&launcher, "wait", &output);
		report->results[0] += pid > 0;
	}
	report->results[1] = start_part(&launcher, "wait", &output);
	for (int i = 0; i < LAUNCHER_MAX; i++)
		launcher_stop(&launcher, launcher.running[i], 0);
	for (int i = 0; i < LAUNCHER_MAX; i++) {
		pid_t pid = launcher.running[0] != 0 ? launcher.running[0] : 0;
		report->results[2] += launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end);
	}
	report->results[3] = start_part(&launcher, "wait", &output) > 0;
	return 0;
}

static struct launcher launcher_of_handler;

static void kill_all_and_go(int number)
{
	launcher_kill_all(&launcher_of_handler);
	_exit(128 + number);
}

/* Has a family, says so, and waits for what is done to it; with a context it does not heed SIGTERM. */
__attribute__((noreturn)) static int front_waits_with_a_family(int channel, void *context)
{
	int output;

	signal(SIGTERM, context != NULL ? SIG_IGN : kill_all_and_go);
	launcher_init(&launcher_of_handler, channel);
	report->pids[FAMILY] = start_part(&launcher_of_handler, "family", &output);
	read_family(output);
	report->pids[FAMILY + 1] = getpid();
	report->ready = 1;
	for (;;)
		pause();
}

static int front_returns_when_told(int channel, void *context)
{
	sigset_t told;
	int output, number;

	(void)context;
	sigemptyset(&told);
	sigaddset(&told, SIGTERM);
	sigprocmask(SIG_BLOCK, &told, NULL);
	launcher_init(&launcher_of_handler, channel);
	report->pids[FAMILY] = start_part(&launcher_of_handler, "family", &output);
	read_family(output);
	report->pids[FAMILY + 1] = getpid();
	report->ready = 1;
	sigwait(&told, &number);
	launcher_kill_all(&launcher_of_handler);
	return 0;
}

static int front_stops_itself(int channel, void *context)
{
	struct launcher launcher;
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	report->pids[0] = start_part(&launcher, "wait", &output);
	report->pids[1] = start_part(&launcher, "wait", &output);
	launcher_pause(&launcher, report->pids[1], true);
	if (!eventually(stands_still, &report->pids[1], 20))
		return 1;
	raise(SIGSTOP);
	report->results[0] = eventually(goes_on, &report->pids[0], 20);
	report->results[1] = stands_still(&report->pids[1]);
	return 5;
}

static int front_lets_a_lesson_end(int channel, void *context)
{
	struct launcher launcher;
	struct launch_exit end = {0};
	int output;

	(void)context;
	launcher_init(&launcher, channel);
	pid_t pid = start_part(&launcher, "exit", &output);
	return launcher_wait_exit(&launcher, pid, PATIENCE_MS, &end) == 1 && WEXITSTATUS(end.status) == 7 ? 0 : 1;
}

/* ---- hosts and tests ---- */

static void rescue(void)
{
	report->rescued++;
}

struct host {
	int (*front)(int channel, void *context);
	void *context;
};

static int host_body(void *argument)
{
	static const struct supervisor_hooks hooks = {.rescue = rescue};
	const struct host *host = argument;

	return supervisor_run(host->front, host->context, &hooks);
}

static pid_t start_host(int (*front)(int, void *), void *context)
{
	static struct host host;

	host = (struct host){.front = front, .context = context};
	memset(report, 0, sizeof *report);
	return child_start(host_body, &host);
}

static int supervise(int (*front)(int, void *), void *context)
{
	return child_wait(start_host(front, context), 60);
}

static void the_status_is_the_fronts(void **state)
{
	(void)state;
	for (int status = 0; status < 256; status += 51) {
		assert_int_equal(supervise(front_returns, &status), status);
		assert_int_equal(report->rescued, 0);
	}
}

static void a_front_that_a_signal_ends_is_rescued(void **state)
{
	static const int signals[] = {SIGKILL, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGTERM, SIGHUP, SIGINT, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		int number = signals[i];

		assert_int_equal(supervise(front_dies, &number), 128 + number);
		assert_int_equal(report->rescued, 1);
	}
}

static void what_cannot_be_started_says_why(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_starts_what_is_not_there, NULL), 0);
	assert_int_equal(report->results[0], -ENOENT);
	assert_int_equal(report->results[1], -EACCES);
	assert_int_equal(report->results[2], -EACCES);
	assert_int_equal(supervise(front_sends_too_much, NULL), 0);
	assert_int_equal(report->results[0], -E2BIG);
	assert_int_equal(report->results[1], -E2BIG);
	assert_int_equal(report->results[2], 1);
}

static void children_begin_fresh(void **state)
{
	(void)state;
	/* What the supervisor itself was started with must not come through either. */
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	int status = -1;
	pid_t host = start_host(front_checks_a_child, NULL);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	status = child_wait(host, 60);
	assert_int_equal(status, 0);
	assert_int_equal(report->results[0], 1);
	assert_true(WIFEXITED(report->results[1]));
	assert_int_equal(WEXITSTATUS(report->results[1]), 0);
	assert_int_equal(report->results[2], 1);
}

static void a_family_ends_with_its_main(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_watches_a_family_end, NULL), 0);
	assert_int_equal(report->results[0], 1);
	assert_int_equal(WTERMSIG(report->results[1]), SIGKILL);
	for (int i = 0; i < FAMILY; i++)
		assert_int_equal(report->results[2 + i], 1);
	assert_int_equal(report->results[6], 1);
	assert_int_equal(report->results[7], 0);
}

static void families_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_has_two_families, NULL), 0);
	assert_int_equal(report->results[0], 1);
	/* One has thrown away all that says whose it is: it may go with the first family that dies. */
	assert_in_range(report->results[1], 0, 1);
	assert_int_equal(report->results[5], 1);
	for (int i = 0; i < FAMILY; i++)
		assert_true(is_gone(report->pids[i]));
}

static void who_ignores_sigterm_is_killed_after_the_grace(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_stops_one_that_will_not, NULL), 0);
	assert_int_equal(report->results[0], 1);
	assert_int_equal(report->results[1], 1);
	assert_int_equal(WEXITSTATUS(report->results[2]), 7);
	assert_true(report->seconds[0] < report->seconds[1]);
	assert_int_equal(report->results[3], 1);
	assert_int_equal(WTERMSIG(report->results[4]), SIGKILL);
	assert_true(report->seconds[1] >= 0.4);
}

static void who_heeds_sigterm_goes_by_it(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_stops_one_that_will, NULL), 0);
	assert_int_equal(report->results[0], 1);
	assert_int_equal(report->results[1], 0);
	assert_int_equal(report->results[2], 1);
	assert_int_equal(WTERMSIG(report->results[3]), SIGTERM);
}

static void pausing_stops_a_group(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_pauses, NULL), 0);
	assert_int_equal(report->results[0], 1);
	assert_int_equal(report->results[1], 1);
	assert_int_equal(report->results[2], 1);
}

static void so_many_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(supervise(front_starts_many, NULL), 0);
	assert_int_equal(report->results[0], LAUNCHER_MAX);
	assert_int_equal(report->results[1], -EAGAIN);
	assert_int_equal(report->results[2], LAUNCHER_MAX);
	assert_int_equal(report->results[3], 1);
}

/* ---- whoever dies ---- */

static bool is_ready(void *argument)
{
	(void)argument;
	return report->ready != 0;
}

static bool family_is_gone(void)
{
	for (int i = 0; i <= FAMILY + 1; i++)
		if (report->pids[i] <= 0 || !is_gone(report->pids[i]))
			return false;
	return true;
}

static pid_t start_ready_host(int (*front)(int channel, void *context), void *context)
{
	pid_t host = start_host(front, context);

	assert_true(eventually(is_ready, NULL, 60));
	for (int i = 0; i < FAMILY; i++)
		assert_true(report->pids[i] > 0);
	return host;
}

static pid_t start_waiting_host(void *context)
{
	return start_ready_host(front_waits_with_a_family, context);
}

static void nothing_outlives_the_front(void **state)
{
	(void)state;
	pid_t host = start_waiting_host(NULL);
	kill(report->pids[FAMILY + 1], SIGKILL);
	assert_int_equal(child_wait(host, 5), 128 + SIGKILL);
	assert_true(family_is_gone());
	assert_int_equal(report->rescued, 1);
}

static void signals_are_passed_on(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		pid_t host = start_waiting_host(NULL);

		kill(host, signals[i]);
		assert_int_equal(child_wait(host, 5), 128 + signals[i]);
		assert_true(family_is_gone());
	}
}

static bool host_has_ended(void *host)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)*(pid_t *)host, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* As under nohup: nothing is passed on, and no grace begins to run. */
static void what_was_ignored_stays_ignored(void **state)
{
	(void)state;
	signal(SIGHUP, SIG_IGN);
	pid_t host = start_waiting_host(NULL);
	signal(SIGHUP, SIG_DFL);
	kill(host, SIGHUP);
	assert_false(eventually(host_has_ended, &host, 2.5));
	kill(host, SIGTERM);
	assert_int_equal(child_wait(host, 5), 128 + SIGTERM);
	assert_true(family_is_gone());
}

static void a_front_that_will_not_go_is_killed(void **state)
{
	int ignore = 1;

	(void)state;
	pid_t host = start_waiting_host(&ignore);
	double from = seconds_now();
	kill(host, SIGTERM);
	assert_int_equal(child_wait(host, 20), 128 + SIGKILL);
	assert_true(seconds_now() - from >= 1.9);
	assert_true(family_is_gone());
}

/* How many of family, main and front are still there. One may be: who has nothing left by which he could be found. */
static int count_left(void)
{
	int left = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	for (int i = 0; i <= FAMILY + 1; i++)
		left += !is_gone(report->pids[i]);
	return left;
}

static bool is_one_left(void *argument)
{
	(void)argument;
	return count_left() == 1;
}

static bool bears_a_mark(pid_t pid)
{
	char path[64], environment[4096] = "";

	snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
	FILE *file = fopen(path, "r");
	size_t length = file != NULL ? fread(environment, 1, sizeof environment - 1, file) : 0;
	if (file != NULL)
		fclose(file);
	return memmem(environment, length, "LOCKSTEP_RUN=", strlen("LOCKSTEP_RUN=")) != NULL;
}

static void who_bears_a_mark_does_not_outlive_the_supervisor(void **state)
{
	bool found = true;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t host = start_ready_host(front_returns_when_told, NULL);
	kill(host, SIGKILL);
	int status = child_wait(host, 5);
	bool gone = eventually(is_one_left, NULL, 1);
	for (int i = 0; i < FAMILY; i++) {
		found = found && !(!is_gone(report->pids[i]) && bears_a_mark(report->pids[i]));
		kill(report->pids[i], SIGKILL);
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	assert_int_equal(status, -SIGKILL);
	assert_true(gone);
	assert_true(found);
}

static void stopping_and_going_on_together(void **state)
{
	int status = 0;

	(void)state;
	pid_t host = start_host(front_stops_itself, NULL);
	assert_int_equal(waitpid(host, &status, WUNTRACED), host);
	assert_true(WIFSTOPPED(status));
	assert_true(eventually(stands_still, &report->pids[0], 20));
	assert_true(stands_still(&report->pids[1]));
	kill(host, SIGCONT);
	assert_int_equal(child_wait(host, 60), 5);
	assert_int_equal(report->results[0], 1);
	assert_int_equal(report->results[1], 1); /* paused by the learner: stays so */
}

/* `exec lockstep` in a shell that has children of its own: they are not ours to kill. */
static int host_with_a_stranger(void *argument)
{
	pid_t stranger = fork();

	if (stranger == 0)
		for (;;)
			pause();
	int status = host_body(argument);
	bool alive = child_runs(stranger);
	kill(stranger, SIGKILL);
	return alive ? status : 77;
}

static void strangers_are_left_alone(void **state)
{
	struct host host = {.front = front_lets_a_lesson_end};

	(void)state;
	assert_int_equal(child_wait(child_start(host_with_a_stranger, &host), 60), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_the_fronts),
		cmocka_unit_test(a_front_that_a_signal_ends_is_rescued),
		cmocka_unit_test(what_cannot_be_started_says_why),
		cmocka_unit_test(children_begin_fresh),
		cmocka_unit_test(a_family_ends_with_its_main),
		cmocka_unit_test(families_are_told_apart),
		cmocka_unit_test(who_ignores_sigterm_is_killed_after_the_grace),
		cmocka_unit_test(who_heeds_sigterm_goes_by_it),
		cmocka_unit_test(pausing_stops_a_group),
		cmocka_unit_test(so_many_and_no_more),
		cmocka_unit_test(nothing_outlives_the_front),
		cmocka_unit_test(signals_are_passed_on),
		cmocka_unit_test(what_was_ignored_stays_ignored),
		cmocka_unit_test(a_front_that_will_not_go_is_killed),
		cmocka_unit_test(who_bears_a_mark_does_not_outlive_the_supervisor),
		cmocka_unit_test(stopping_and_going_on_together),
		cmocka_unit_test(strangers_are_left_alone),
	};
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	if (argc > 1)
		return play(argv[1]);
	signal(SIGHUP, SIG_DFL); /* also under nohup */
	program[length > 0 ? length : 0] = '\0';
	report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
