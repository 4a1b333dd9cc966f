#include "worker/deadline.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "worker/note.h"

/* A signal that programs do not use by themselves; what the snippet made of it is put back. */
#define SIGNAL (SIGRTMAX - 1)

static timer_t timer;
static bool is_set;
static const char *summary;
static struct sigaction kept_action;
static sigset_t kept_mask;

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

void deadline_begin(unsigned milliseconds, const char *text) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNAL};
  struct itimerspec after = {
      .it_value = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000l}};
  struct sigaction action = {.sa_handler = on_signal};
  sigset_t signals;
  summary = text;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
    return;
  is_set = true;
  sigaction(SIGNAL, &action, &kept_action);
  sigemptyset(&signals);
  sigaddset(&signals, SIGNAL);
  pthread_sigmask(SIG_UNBLOCK, &signals, &kept_mask);
  timer_settime(timer, 0, &after, NULL);
}

void deadline_end(void) {
  if (!is_set)
    return;
  is_set = false;
  timer_delete(timer);
  pthread_sigmask(SIG_SETMASK, &kept_mask, NULL);
  sigaction(SIGNAL, &kept_action, NULL);
}
