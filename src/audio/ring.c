#include "audio/ring.h"
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

/* The two positions only ever grow; each is written by one side. They lie on cache lines of their own, so
 * that the sides do not slow each other down. */
struct MgRing {
  alignas(64) atomic_size_t written;
  alignas(64) atomic_size_t read;
  alignas(64) size_t mask;
  float *values;
};

MgRing *
mg_ring_new(size_t capacity)
{
  size_t size = 1;
  while (size < capacity)
    size *= 2;
  MgRing *ring = g_aligned_alloc0(1, sizeof *ring, alignof(MgRing));
  atomic_init(&ring->written, 0);
  atomic_init(&ring->read, 0);
  ring->mask = size - 1;
  ring->values = g_new0(float, size);
  return ring;
}

void
mg_ring_free(MgRing *ring)
{
  if (!ring)
    return;
  g_free(ring->values);
  g_aligned_free(ring);
}

size_t
mg_ring_available(const MgRing *ring)
{
  /* read first: a value written meanwhile can then only add to what is there */
  size_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  return atomic_load_explicit(&ring->written, memory_order_acquire) - read;
}

size_t
mg_ring_space(const MgRing *ring)
{
  size_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  return ring->mask + 1 - (written - atomic_load_explicit(&ring->read, memory_order_acquire));
}

size_t
mg_ring_write(MgRing *ring, const float *values, size_t n)
{
  size_t space = mg_ring_space(ring); /* once: it may grow meanwhile */
  n = MIN(n, space);
  if (n == 0)
    return 0;
  size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  size_t at = written & ring->mask, before_end = MIN(n, ring->mask + 1 - at);
  memcpy(ring->values + at, values, before_end * sizeof *values);
  memcpy(ring->values, values + before_end, (n - before_end) * sizeof *values);
  atomic_store_explicit(&ring->written, written + n, memory_order_release);
  return n;
}

size_t
mg_ring_read(MgRing *ring, float *values, size_t n)
{
  size_t available = mg_ring_available(ring);
  n = MIN(n, available);
  if (n == 0)
    return 0; /* `values` may be NULL then */
  size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  size_t at = read & ring->mask, before_end = MIN(n, ring->mask + 1 - at);
  memcpy(values, ring->values + at, before_end * sizeof *values);
  memcpy(values + before_end, ring->values, (n - before_end) * sizeof *values);
  atomic_store_explicit(&ring->read, read + n, memory_order_release);
  return n;
}

void
mg_ring_clear(MgRing *ring)
{
  size_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  atomic_store_explicit(&ring->read, written, memory_order_release);
}
