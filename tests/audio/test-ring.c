#include "audio/ring.h"
#include "support.h"

enum { N = 3000000 };

static void
test_wraps(void)
{
  MgRing *ring = mg_ring_new(5); /* becomes 8 */
  float in[6] = {1, 2, 3, 4, 5, 6}, out[8];
  g_assert_cmpuint(mg_ring_space(ring), ==, 8);
  g_assert_cmpuint(mg_ring_write(ring, in, 6), ==, 6);
  g_assert_cmpuint(mg_ring_write(ring, in, 6), ==, 2);
  g_assert_cmpuint(mg_ring_read(ring, out, 5), ==, 5);
  g_assert_cmpuint(mg_ring_write(ring, in + 2, 4), ==, 4);
  g_assert_cmpuint(mg_ring_available(ring), ==, 7);
  g_assert_cmpuint(mg_ring_read(ring, out, 8), ==, 7);
  static const float expected[] = {6, 1, 2, 3, 4, 5, 6};
  g_assert_cmpmem(out, sizeof expected, expected, sizeof expected);
  mg_ring_write(ring, in, 3);
  mg_ring_clear(ring);
  g_assert_cmpuint(mg_ring_available(ring), ==, 0);
  mg_ring_free(ring);
}

static gpointer
produce(gpointer data)
{
  float block[37];
  for (int next = 0; next < N;) {
    int count = MIN(37, N - next);
    for (int i = 0; i < count; i++)
      block[i] = (float)(next + i);
    size_t written = mg_ring_write(data, block, count);
    next += (int)written;
    if (written == 0)
      g_thread_yield();
  }
  return NULL;
}

/* Every value arrives once and in order while two threads work (floats count exactly up to 2^24). */
static void
test_two_threads(void)
{
  MgRing *ring = mg_ring_new(1024);
  GThread *producer = g_thread_new("producer", produce, ring);
  float block[61];
  for (int next = 0; next < N;) {
    size_t count = mg_ring_read(ring, block, 61);
    for (size_t i = 0; i < count; i++)
      g_assert_cmpfloat(block[i], ==, (float)(next + (int)i));
    next += (int)count;
    if (count == 0)
      g_thread_yield();
  }
  g_thread_join(producer);
  g_assert_cmpuint(mg_ring_available(ring), ==, 0);
  mg_ring_free(ring);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio/ring/wraps", test_wraps);
  g_test_add_func("/audio/ring/two-threads", test_two_threads);
  return g_test_run();
}
