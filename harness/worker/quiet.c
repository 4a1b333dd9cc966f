#include "worker/quiet.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "worker/capture.h"

static void flush_all(void) {
  capture_flush_own();
  capture_flush();
  fflush(NULL);
}

bool quiet_begin(Quiet *quiet) {
  *quiet = (Quiet){{-1, -1}, false};
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null < 0)
    return false;
  flush_all();
  for (int i = 0; i < 2; i++) {
    quiet->kept[i] = fcntl(i + 1, F_DUPFD_CLOEXEC, 10);
    if (null != i + 1 && dup2(null, i + 1) < 0)
      return false;
  }
  if (null > 2)
    close(null);
  quiet->is_on = true;
  return true;
}

bool quiet_end(Quiet *quiet) {
  bool is_fine = true;
  if (!quiet->is_on)
    return true;
  flush_all();
  for (int i = 0; i < 2; i++) {
    if (quiet->kept[i] < 0) {
      close(i + 1);
      continue;
    }
    is_fine = dup2(quiet->kept[i], i + 1) >= 0 && is_fine;
    close(quiet->kept[i]);
  }
  quiet->is_on = false;
  return is_fine;
}
