#include "fuzz.h"
#include "session/layouts.h"
#include "session/pane.h"

/* Named sets of panes, and each set. */
int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *text = g_strndup((const char *)data, n);
  g_auto(GStrv) names = mg_layouts_names(text);
  g_autoptr(MgPaneList) list = mg_pane_list_new();
  mg_pane_list_load(list, text);
  g_assert_cmpuint(mg_pane_list_n(list), >, 0);
  for (char **name = names; *name; name++) {
    g_autofree char *panes = mg_layouts_get(text, *name);
    if (panes && mg_pane_list_load(list, panes)) {
      g_autofree char *again = mg_pane_list_save(list);
      g_assert_true(mg_pane_list_load(list, again));
    }
    g_autofree char *without = mg_layouts_put(text, *name, NULL);
  }
  return 0;
}
