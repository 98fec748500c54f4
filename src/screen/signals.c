/* SPDX-License-Identifier: MIT */
/*
 * Two kinds of signals. Those that ask for something come through a signalfd and are served between
 * two frames. Those that tell of a fault of our own have a handler that makes the terminal usable
 * and lets the signal end us; the supervisor sees to the processes.
 */
#include "screen/internal.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "term/rescue.h"

static const int ASKING[] = {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};
static const int FAULTS[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char fault_stack[16384]; /* a fault may be that the stack is at its end */

static void on_fault(int number)
{
	rescue_now();
	raise(number); /* SA_RESETHAND: the default waits for it, once we return */
}

static void catch_faults(void)
{
	sigaltstack(&(stack_t){.ss_sp = fault_stack, .ss_size = sizeof(fault_stack)}, NULL);
	struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_RESETHAND | SA_ONSTACK};
	for (size_t i = 0; i < COUNT(FAULTS); i++)
		sigaction(FAULTS[i], &action, NULL);
}

int signals_open(struct screen *screen)
{
	sigset_t asking;

	sigemptyset(&asking);
	for (size_t i = 0; i < COUNT(ASKING); i++)
		sigaddset(&asking, ASKING[i]);
	if (sigprocmask(SIG_BLOCK, &asking, NULL) != 0)
		return -errno;
	screen->signal_fd = signalfd(-1, &asking, SFD_NONBLOCK | SFD_CLOEXEC);
	if (screen->signal_fd < 0)
		return -errno;
	signal(SIGPIPE, SIG_IGN); /* the supervisor may be gone when we ask it for something */
	catch_faults();
	return 0;
}

void signals_close(struct screen *screen)
{
	if (screen->signal_fd >= 0)
		close(screen->signal_fd);
}

/* SIGCONT of our own suspension: it has been answered already. */
static void forget_continue(struct screen *screen)
{
	sigset_t just_continue;

	(void)screen;
	sigemptyset(&just_continue);
	sigaddset(&just_continue, SIGCONT);
	while (sigtimedwait(&just_continue, NULL, &(struct timespec){0}) == SIGCONT)
		continue;
}

static void take_new_size(struct screen *screen)
{
	int width, height;

	term_size(screen->term, &width, &height);
	audience_size(screen, width, height);
	panes_keep_within(screen);
	screen->dirty = true;
}

/*
 * Our stop is seen by the supervisor, which stops the lesson's processes and then itself: for the
 * shell it is one job. The lesson's clock stands still meanwhile; what the learner had paused stays
 * paused after.
 */
void signals_suspend(struct screen *screen)
{
	struct run *run = screen->session.run;
	bool moving = run != NULL && !screen->session.gated && run_state(run) == RUN_GOING && !run_paused(run);

	bool playing = tour_plays(screen) && screen->tour.paused == 0;
	if (moving)
		run_pause(run, true);
	if (playing)
		tour_pause(screen, true);
	term_suspend(screen->term);

	raise(SIGSTOP);

	term_resume(screen->term);
	forget_continue(screen);
	if (moving)
		run_pause(run, false);
	if (playing)
		tour_pause(screen, false);
	take_new_size(screen);
	screen->drawn = 0;
	screen->dirty = true;
}

static void leave_by(struct screen *screen, int number)
{
	launcher_kill_all(&screen->launcher);
	screen->quit = true;
	screen->exit_status = 128 + number;
}

void signals_serve(struct screen *screen)
{
	struct signalfd_siginfo info;

	while (read(screen->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			term_resize(screen->term);
			take_new_size(screen);
			break;
		case SIGCONT:
			term_redraw(screen->term);
			term_resize(screen->term);
			take_new_size(screen);
			screen->dirty = true;
			break;
		case SIGTSTP:
			signals_suspend(screen);
			break;
		default:
			leave_by(screen, (int)info.ssi_signo);
		}
	}
}
