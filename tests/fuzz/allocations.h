/* The largest piece of memory that was asked for at once, by any library: what a reader allocates has to follow from
 * how much it was given, not from a number in it. Counts nothing where a sanitizer has the allocator. */
#pragma once
#include <stddef.h>

void allocations_begin(void);     /* from here on, of all threads */
size_t allocations_largest(void); /* bytes, since the last begin */
