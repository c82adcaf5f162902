#include "base/csv.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgCsv) csv = mg_csv_parse(text, "fuzz", &error);
  fuzz_check(csv, error);
  for (guint row = 0; csv && row < csv->rows->len; row++)
    for (guint column = 0; column < csv->columns->len; column++)
      g_assert_nonnull(mg_csv_get(csv, row, column));
  return 0;
}
