#include "dataset/labels.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) labels = mg_labels_parse(text, "fuzz", &error);
  fuzz_check(labels, error);
  for (const MgLabelFormat *const *format = mg_label_formats(); labels && *format; format++) {
    g_autoptr(GString) written = g_string_new(NULL);
    (*format)->write(labels, written);
  }
  return 0;
}
