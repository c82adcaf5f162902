#include "base/npy.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgMatrix) matrix = mg_npy_load(fuzz_file(data, n), &error);
  fuzz_check(matrix, error);
  return 0;
}
