/* Lock-free ring buffer of floats for one producer and one consumer (C11 atomics). */
#pragma once
#include <glib.h>

typedef struct MgRing MgRing;

MgRing *mg_ring_new(size_t capacity);                              /* rounded up to a power of two */
size_t mg_ring_write(MgRing *ring, const float *values, size_t n); /* producer; how many fitted */
size_t mg_ring_read(MgRing *ring, float *values, size_t n);        /* consumer; how many there were */
size_t mg_ring_available(const MgRing *ring);                      /* to read */
size_t mg_ring_space(const MgRing *ring);                          /* to write */
void mg_ring_clear(MgRing *ring);                                  /* consumer */
void mg_ring_free(MgRing *ring);
