#include "audio/chatter.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
mg_chatter_begin(void)
{
  fflush(stderr);
  int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0)
    dup2(nowhere, STDERR_FILENO);
  if (nowhere >= 0)
    close(nowhere);
  return kept;
}

void
mg_chatter_end(int kept)
{
  if (kept < 0)
    return;
  fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
}
