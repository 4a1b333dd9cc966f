#include "worker/quiet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "worker/capture.h"

/* Low numbers are for what the code meanwhile opens, as it would find them without us. */
#define KEPT_FIRST 10

static void flush_all(void) {
  capture_flush_own();
  capture_flush();
  fflush(NULL);
}

/* What is there now, so that it can be put back: -1 for nothing. */
static bool descriptor_keep(int descriptor, int *kept) {
  *kept = fcntl(descriptor, F_DUPFD_CLOEXEC, KEPT_FIRST);
  return *kept >= 0 || errno == EBADF;
}

static bool descriptors_put_back(Quiet *quiet) {
  bool is_fine = true;
  for (int i = 0; i < 2; i++) {
    int kept = quiet->kept[i];
    if (i < quiet->count && (kept >= 0 ? dup2(kept, i + 1) : close(i + 1)) < 0)
      is_fine = false;
    if (kept >= 0)
      close(kept);
    quiet->kept[i] = -1;
  }
  quiet->count = 0;
  return is_fine;
}

/* The first `count` lead to /dev/null. */
static bool descriptors_turn(Quiet *quiet, int count) {
  for (int i = 0; i < count; i++)
    if (!descriptor_keep(i + 1, &quiet->kept[i]))
      return false;
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  bool is_fine = null >= 0;
  while (is_fine && quiet->count < count) {
    /* It may have got the number of one that was closed. */
    int at = quiet->count + 1;
    is_fine = (null == at ? fcntl(null, F_SETFD, 0) : dup2(null, at)) >= 0;
    quiet->count += is_fine;
  }
  if (null >= 0 && (null < 1 || null > quiet->count))
    close(null);
  return is_fine;
}

static bool begin(Quiet *quiet, int count) {
  *quiet = (Quiet){.kept = {-1, -1}};
  flush_all();
  if (descriptors_turn(quiet, count))
    return true;
  int error = errno;
  descriptors_put_back(quiet);
  errno = error;
  return false;
}

bool quiet_begin(Quiet *quiet) {
  return begin(quiet, 2);
}

bool quiet_begin_output(Quiet *quiet) {
  return begin(quiet, 1);
}

bool quiet_end(Quiet *quiet) {
  if (quiet->count == 0)
    return true;
  flush_all();
  return descriptors_put_back(quiet);
}
