/* base/memory: the answer lies between nothing and what the machine has, and a pretended one stands in for it. */
#include "base/memory.h"
#include "support.h"
#include <unistd.h>

static void
test_truth(void)
{
  guint64 machine = (guint64)sysconf(_SC_PHYS_PAGES) * (guint64)sysconf(_SC_PAGESIZE);
  g_assert_cmpuint(mg_memory_available(), >, 1 << 20);
  g_assert_cmpuint(mg_memory_available(), <=, machine);
}

static void
test_pretended(void)
{
  mg_memory_pretend(12345);
  g_assert_cmpuint(mg_memory_available(), ==, 12345);
  mg_memory_pretend(G_MAXUINT64);
  test_truth();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/memory/truth", test_truth);
  g_test_add_func("/memory/pretended", test_pretended);
  return g_test_run();
}
