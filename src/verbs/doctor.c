/* SPDX-License-Identifier: MIT */
/* What this machine and terminal can do, and what follows from it. A new question is a row. */
#include <elfutils/version.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <langinfo.h>
#include <locale.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"
#include "lesson/pid_space.h"
#include "term/term.h"
#include "verbs/verb.h"
#include "wire/wire.h"

enum { COLUMNS_LEAST = 60, ROWS_LEAST = 20 };

struct question {
	const char *name;
	bool required;               /* without it lessons cannot run */
	bool (*ask)(struct text *answer);
	const char *otherwise;       /* what follows when the answer is no */
};

/* ---- the machine ---- */

static bool ask_system(struct text *answer)
{
	struct utsname name;

	if (uname(&name) < 0)
		return false;
	text_printf(answer, "%s %s, %s, glibc %s", name.sysname, name.release, name.machine, gnu_get_libc_version());
	return strcmp(name.sysname, "Linux") == 0;
}

static bool ask_clock(struct text *answer)
{
	bool ticks = wire_ticks_invariant();

	text_add(answer, ticks ? "the processor's counter is invariant" : "the processor's counter is not invariant");
	return ticks;
}

static bool ask_cores(struct text *answer)
{
	cpu_set_t cores;
	int count = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;

	text_printf(answer, "%d", count);
	return count > 1;
}

static bool ask_memfd(struct text *answer)
{
	int fd = memfd_create("lockstep-doctor", MFD_CLOEXEC);

	if (fd < 0) {
		text_add(answer, strerror(errno));
		return false;
	}
	close(fd);
	text_add(answer, "memfd_create works");
	return true;
}

static bool ask_pidfd(struct text *answer)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd < 0) {
		text_add(answer, strerror(errno));
		return false;
	}
	close(fd);
	text_add(answer, "pidfd_open works");
	return true;
}

static bool ask_death_signal(struct text *answer)
{
	int number;
	bool works = prctl(PR_GET_PDEATHSIG, &number) == 0 && prctl(PR_SET_PDEATHSIG, number) == 0;

	text_add(answer, works ? "PR_SET_PDEATHSIG works" : strerror(errno));
	return works;
}

static bool ask_subreaper(struct text *answer)
{
	int is;
	bool works = prctl(PR_GET_CHILD_SUBREAPER, &is) == 0 && prctl(PR_SET_CHILD_SUBREAPER, is) == 0;

	text_add(answer, works ? "PR_SET_CHILD_SUBREAPER works" : strerror(errno));
	return works;
}

static bool ask_proc(struct text *answer)
{
	bool there = access("/proc/thread-self/children", R_OK) == 0;

	text_add(answer, there ? "/proc lists our children" : "/proc/thread-self/children is not there");
	return there;
}

/* ---- the terminal ---- */

static bool ask_terminal(struct text *answer)
{
	bool there = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	text_add(answer, there ? "standard input and output are one" : "standard input or output is none");
	return there;
}

static bool ask_terminfo(struct text *answer)
{
	const char *term = getenv("TERM");

	text_add(answer, "TERM=");
	if (term != NULL)
		utf8_scrub(answer, term, strlen(term), false);
	return term != NULL && *term != '\0' && term_known_colors() >= 0;
}

static bool ask_colors(struct text *answer)
{
	int colors = term_known_colors();

	text_printf(answer, "%d", colors > 0 ? colors : 0);
	return colors >= 8;
}

static bool ask_utf8(struct text *answer)
{
	setlocale(LC_CTYPE, "");
	text_add(answer, nl_langinfo(CODESET));
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool ask_size(struct text *answer)
{
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) {
		text_add(answer, "unknown");
		return false;
	}
	text_printf(answer, "%d columns, %d rows", size.ws_col, size.ws_row);
	return size.ws_col >= COLUMNS_LEAST && size.ws_row >= ROWS_LEAST;
}

/* ---- casts and pictures ---- */

static int do_nothing(void *context)
{
	(void)context;
	return 0;
}

static bool ask_pid_space(struct text *answer)
{
	struct text problem = TEXT_INIT;
	int status;
	bool yes = pid_space_run(do_nothing, NULL, 300, &status, &problem) && status == 0;

	if (yes)
		text_add(answer, "a PID namespace of their own");
	else
		text_printf(answer, "refused: %s", problem.bytes);
	text_release(&problem);
	return yes;
}

/* ---- ourselves ---- */

static bool ask_libraries(struct text *answer)
{
	text_printf(answer, "jansson %s, elfutils 0.%d, %s", jansson_version_str(), _ELFUTILS_VERSION, term_library());
	return true;
}

static bool ask_lessons(struct text *answer)
{
	struct catalog catalog;
	int error = catalog_load(&catalog);

	if (catalog.count > 0)
		text_printf(answer, "%zu, the first is %s", catalog.count, catalog.lessons[0].program);
	else
		text_add(answer, error < 0 ? "no folder of lessons" : "none in the folder of lessons");
	if (catalog.problems.length > 0)
		text_add(answer, "; `lockstep list` says why others are left out");
	bool any = catalog.count > 0;
	catalog_release(&catalog);
	return any;
}

static const struct question QUESTIONS[] = {
	{"system", true, ask_system, "Lockstep needs Linux with glibc"},
	{"shared memory", true, ask_memfd, "runs cannot be watched"},
	{"process handles", true, ask_pidfd, "deaths cannot be seen; a kernel of 5.3 or newer has them"},
	{"death signal", true, ask_death_signal, "a killed run would leave processes behind"},
	{"subreaper", true, ask_subreaper, "a killed run would leave processes behind"},
	{"children", true, ask_proc, "processes that leave a run's group could not be found"},
	{"lessons", true, ask_lessons, "build them with `make`, or set LOCKSTEP_LESSONS"},
	{"time stamps", false, ask_clock, "clock_gettime is used instead, at twice the cost an event"},
	{"cores", false, ask_cores, "processes only take turns: races are rarer, speed-ups do not show"},
	{"terminal", false, ask_terminal, "runs are printed as text"},
	{"terminfo", false, ask_terminfo, "the screen needs a terminal that terminfo knows"},
	{"colours", false, ask_colors, "glyphs and bold tell states apart"},
	{"UTF-8", false, ask_utf8, "the screen is drawn with ASCII only"},
	{"size", false, ask_size, "the screen needs 60 columns and 20 rows; 80 by 24 is better"},
	{"tours' PIDs", false, ask_pid_space, "casts of tours have other PIDs each time"},
	{"libraries", false, ask_libraries, ""},
};

static int run_doctor(const struct verb *self, int argc, char **argv)
{
	bool healthy = true;
	int status = options_read(self, argc, argv, NULL, NULL);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++) {
		const struct question *question = &QUESTIONS[i];
		struct text answer = TEXT_INIT;
		bool yes = question->ask(&answer);

		printf("%-3s %-16s %s\n", yes ? "ok" : question->required ? "NO" : "no", question->name, answer.bytes);
		if (!yes)
			printf("    %-16s %s\n", "", question->otherwise);
		healthy = healthy && (yes || !question->required);
		text_release(&answer);
	}
	puts(healthy ? "\nEverything that lessons need is here." : "\nSomething that lessons need is missing (NO).");
	return healthy ? STATUS_OK : STATUS_FAILED;
}

static const struct option OPTIONS[] = {{0}};

const struct verb verb_doctor = {
	.name = "doctor",
	.words = "",
	.summary = "what this machine and terminal can do, and what follows from it",
	.details = "Exit status: 1 when something that lessons need is missing.",
	.options = OPTIONS,
	.run = run_doctor,
};
