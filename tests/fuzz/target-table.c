#include "fuzz.h"
#include "ml/folds.h"
#include "ml/samples.h"

/* Rows of numbers with labels; as a file of folds too. */
int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  static const MgSamplesLayout layout = {.label = "label", .group = NULL, .ignore = "filename,length"};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSamples) samples = mg_samples_load(fuzz_file(data, n), &layout, &error);
  fuzz_check(samples, error);
  if (!samples)
    return 0;
  int k;
  g_autoptr(GError) cause = NULL;
  g_autofree int *folds = mg_folds_load(fuzz_file(data, n), samples, &k, &cause);
  fuzz_check(folds, cause);
  return 0;
}
