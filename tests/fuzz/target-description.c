#include "fuzz.h"
#include "nn/description.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDescription) description = mg_description_parse(text, "fuzz", (MgShape){1, 64, 80}, 10, &error);
  fuzz_check(description, error);
  g_autoptr(GError) cause = NULL;
  g_autofree char *changed = mg_description_with(text, "fuzz", "hidden=12 layers=x", &cause);
  fuzz_check(changed, cause);
  return 0;
}
