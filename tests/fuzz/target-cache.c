#include "dataset/cache-file.h"
#include "fuzz.h"

/* What is open is whole: every value can be read. */
int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  enum { SEGMENTS = 2, BINS = 3, FRAMES = 4 };
  MgCacheFile file = {0};
  double sum = 0;
  if (mg_cache_file_open(&file, fuzz_file(data, n), SEGMENTS, BINS, FRAMES))
    for (int i = 0; i < SEGMENTS * BINS * FRAMES; i++)
      sum += file.values[i];
  mg_cache_file_clear(&file);
  return sum > 1e300;
}
