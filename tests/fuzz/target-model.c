#include "fuzz.h"
#include "train/predictor.h"

/* A trained model of any kind; whatever was read answers. */
int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  enum { SR = 8000 };
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictor) predictor = mg_predictor_load(fuzz_file(data, n), 1, &error);
  fuzz_check(predictor, error);
  if (!predictor || predictor->seconds <= 0 || predictor->seconds > 2)
    return 0;
  g_autoptr(GError) cause = NULL;
  size_t samples = (size_t)(predictor->seconds * SR);
  g_autofree float *sound = g_new0(float, MAX(samples, 1));
  g_autofree float *probabilities = g_new0(float, predictor->labels->len);
  if (samples > 0 && !predictor->class->sound(predictor, sound, samples, SR, probabilities, &cause))
    fuzz_check(NULL, cause);
  return 0;
}
