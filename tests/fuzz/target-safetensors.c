#include "fuzz.h"
#include "nn/safetensors.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSafetensors) file = mg_safetensors_load(fuzz_file(data, n), &error);
  fuzz_check(file, error);
  if (!file)
    return 0;
  g_autoptr(MgTensor) tensor = mg_tensor_new("a", "weight", FALSE, 4, (int[]){2, 1, 3, 3});
  g_autoptr(GError) cause = NULL;
  if (!mg_safetensors_read(file, tensor, &cause))
    fuzz_check(NULL, cause);
  mg_safetensors_metadata(file, "labels");
  return 0;
}
