#include "worker/deadline.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "worker/note.h"

/* A signal that programs do not use by themselves; what the snippet made of it is put back. */
#define SIGNAL (SIGRTMAX - 1)

/* Of what is left of the run: the rest is for our noting it before the run's own limit comes. */
#define PART(left) ((left)*3 / 4)

static uint32_t run_ms; /* 0: no limit */
static uint64_t run_start_ms;

static timer_t timer;
static bool is_set; /* the GIL guards it, and all below belongs to whoever set it */
static char summary[640];
static struct sigaction kept_action;
static sigset_t kept_mask;

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void deadline_run(uint32_t wall_ms) {
  run_ms = wall_ms;
  run_start_ms = now_ms();
}

/* Nothing here but what may be called in a signal's handler. */
static void on_signal(int number) {
  (void)number;
  JournalHead *journal = note_journal();
  size_t size = strlen(summary);
  JournalText *entry = journal ? journal_reserve(journal, JOURNAL_UNREADY, sizeof *entry,
                                                 2 * sizeof(uint32_t) + size)
                               : NULL;
  if (entry) {
    entry->texts = 2;
    char *at = (char *)(entry + 1);
    journal_put_text(&at, summary, size);
    journal_put_text(&at, "", 0);
    journal_commit(entry);
  }
  _exit(0);
}

/* How long it may take, of `wanted`; says so in the summary. */
static uint32_t time_allot(uint32_t wanted, const char *text) {
  uint64_t spent = now_ms() - run_start_ms, left = spent < run_ms ? run_ms - spent : 0;
  if (run_ms == 0 || PART(left) >= wanted) {
    snprintf(summary, sizeof summary, "%s took longer than %g s", text, wanted / 1000.0);
    return wanted;
  }
  uint32_t part = PART(left) > 0 ? (uint32_t)PART(left) : 1;
  snprintf(summary, sizeof summary, "%s took longer than %.2f s, of %g s for the whole run", text,
           part / 1000.0, run_ms / 1000.0);
  return part;
}

bool deadline_begin(uint32_t milliseconds, const char *text) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNAL};
  struct sigaction action = {.sa_handler = on_signal};
  sigset_t signals;
  if (is_set || timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
    return false;
  is_set = true;
  uint32_t time = time_allot(milliseconds, text);
  struct itimerspec after = {
      .it_value = {.tv_sec = time / 1000, .tv_nsec = time % 1000 * 1000000l}};
  sigaction(SIGNAL, &action, &kept_action);
  sigemptyset(&signals);
  sigaddset(&signals, SIGNAL);
  pthread_sigmask(SIG_UNBLOCK, &signals, &kept_mask);
  timer_settime(timer, 0, &after, NULL);
  return true;
}

void deadline_end(void) {
  timer_delete(timer);
  pthread_sigmask(SIG_SETMASK, &kept_mask, NULL);
  sigaction(SIGNAL, &kept_action, NULL);
  is_set = false;
}
