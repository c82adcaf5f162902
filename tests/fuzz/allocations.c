#include "allocations.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_size_t largest;

void
allocations_begin(void)
{
  atomic_store(&largest, 0);
}

size_t
allocations_largest(void)
{
  return atomic_load(&largest);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS 0
#elif defined(__GLIBC__)
#define COUNTS 1
#else
#define COUNTS 0
#endif

#if COUNTS
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t n);
extern void *__libc_memalign(size_t alignment, size_t n);

static void
note(size_t n)
{
  size_t before = atomic_load_explicit(&largest, memory_order_relaxed);
  while (n > before && !atomic_compare_exchange_weak(&largest, &before, n))
    ;
}

void *
malloc(size_t n)
{
  note(n);
  return __libc_malloc(n);
}

void *
calloc(size_t count, size_t size)
{
  note(size && count > (size_t)-1 / size ? (size_t)-1 : count * size);
  return __libc_calloc(count, size);
}

void *
realloc(void *old, size_t n)
{
  note(n);
  return __libc_realloc(old, n);
}

/* What networks' tensors lie in. */
int
posix_memalign(void **memory, size_t alignment, size_t n)
{
  note(n);
  *memory = __libc_memalign(alignment, n);
  return *memory ? 0 : ENOMEM;
}

void *
aligned_alloc(size_t alignment, size_t n)
{
  note(n);
  return __libc_memalign(alignment, n);
}
#endif
