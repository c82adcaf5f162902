#include "fuzz.h"
#include "ml/search-space.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSpace) space = mg_space_parse(text, "fuzz", &error);
  fuzz_check(space, error);
  for (guint i = 0; space && i < space->params->len; i++) {
    const MgSpaceParam *param = mg_space_param(space, i);
    double low = 0, high = 0, value;
    if (!param->values)
      mg_space_ends(param, &low, &high);
    g_autofree char *said = mg_space_text(space, i, param->values ? 0 : mg_space_nearest(param, low));
    g_assert_true(mg_space_value(space, i, said, &value));
    if (mg_space_count(param) > 0)
      mg_space_step_value(param, mg_space_count(param) - 1);
  }
  return 0;
}
