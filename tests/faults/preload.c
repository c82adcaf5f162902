/* Loaded before a program's own libraries (LD_PRELOAD), to do to it what disks and clocks do:
 *
 *   FAULT_WRITES=N     the first N writes to regular files work, every later one finds the disk full
 *   FAULT_COUNT=FILE   when the program ends, FILE holds how many such writes there were
 *   FAULT_CLOCK=1      the time of day jumps ahead and back by hours from one question to the next
 *
 * Whatever changes a file's size counts as a write. */
#undef _FILE_OFFSET_BITS /* both names of each call are here, so neither may stand for the other */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static atomic_long writes, allowed = -2; /* -1: all */

static int
is_regular(int descriptor)
{
  struct stat status;
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/* Counts a write; 0 and ENOSPC where there is no room for it. */
static int
has_room(int descriptor)
{
  if (!is_regular(descriptor))
    return 1;
  if (atomic_load(&allowed) == -2) {
    const char *wish = getenv("FAULT_WRITES");
    atomic_store(&allowed, wish ? atol(wish) : -1);
  }
  long number = atomic_fetch_add(&writes, 1), most = atomic_load(&allowed);
  if (most < 0 || number < most)
    return 1;
  errno = ENOSPC;
  return 0;
}

__attribute__((destructor)) static void
tell(void)
{
  const char *path = getenv("FAULT_COUNT");
  int descriptor = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
  if (descriptor < 0)
    return;
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&writes));
  if (syscall(SYS_write, descriptor, text, length) != length)
    abort();
  close(descriptor);
}

ssize_t
write(int descriptor, const void *data, size_t n)
{
  return has_room(descriptor) ? syscall(SYS_write, descriptor, data, n) : -1;
}

ssize_t
pwrite(int descriptor, const void *data, size_t n, off_t at)
{
  return has_room(descriptor) ? syscall(SYS_pwrite64, descriptor, data, n, at) : -1;
}

ssize_t
pwrite64(int descriptor, const void *data, size_t n, off64_t at)
{
  return pwrite(descriptor, data, n, at);
}

ssize_t
writev(int descriptor, const struct iovec *parts, int n)
{
  return has_room(descriptor) ? syscall(SYS_writev, descriptor, parts, n) : -1;
}

/* Making a file longer takes room, making it shorter does not. */
int
ftruncate(int descriptor, off_t length)
{
  struct stat status;
  if (fstat(descriptor, &status) == 0 && length > status.st_size && !has_room(descriptor))
    return -1;
  return (int)syscall(SYS_ftruncate, descriptor, length);
}

int
ftruncate64(int descriptor, off64_t length)
{
  return ftruncate(descriptor, length);
}

int
posix_fallocate(int descriptor, off_t at, off_t n)
{
  if (!has_room(descriptor))
    return ENOSPC;
  return syscall(SYS_fallocate, descriptor, 0, at, n) == 0 ? 0 : errno;
}

int
posix_fallocate64(int descriptor, off64_t at, off64_t n)
{
  return posix_fallocate(descriptor, at, n);
}

/* Clocks. Only the time of day jumps; what measures stretches of time (CLOCK_MONOTONIC) does not. */

static time_t
jump(void)
{
  static const time_t jumps[] = {0, 7200, -86400, 1, -1, 31536000, -3600};
  static atomic_uint question;
  static atomic_int wanted = -1;
  if (atomic_load(&wanted) < 0)
    atomic_store(&wanted, getenv("FAULT_CLOCK") != NULL);
  return atomic_load(&wanted) ? jumps[atomic_fetch_add(&question, 1) % (sizeof jumps / sizeof *jumps)] : 0;
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += jump();
  return result;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0)
    return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t
time(time_t *out)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out)
    *out = now.tv_sec;
  return now.tv_sec;
}
