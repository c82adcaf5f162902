#include "fuzz.h"
#include "nn/description.h"
#include "nn/onnx.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgOnnx) onnx = mg_onnx_load(fuzz_file(data, n), &error);
  fuzz_check(onnx, error);
  if (!onnx)
    return 0;
  /* What was read is a description, though not always one within the limits of a network. */
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgDescription) description =
      mg_description_parse(mg_onnx_description(onnx), "onnx", mg_onnx_input(onnx), mg_onnx_classes(onnx), &cause);
  fuzz_check(description, cause);
  return 0;
}
