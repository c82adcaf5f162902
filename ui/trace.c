#include "ui/trace.h"
#include <stdio.h>

gboolean
mg_trace_on(void)
{
  static int on = -1;
  if (on < 0)
    on = g_strcmp0(g_getenv("MELOGRAPH_TRACE"), "1") == 0;
  return on;
}

void
mg_trace(const char *event, double ms)
{
  static gint64 start;
  char at[G_ASCII_DTOSTR_BUF_SIZE], took[G_ASCII_DTOSTR_BUF_SIZE];
  if (start == 0)
    start = g_get_monotonic_time();
  if (!mg_trace_on())
    return;
  g_ascii_formatd(at, sizeof at, "%.2f", (g_get_monotonic_time() - start) / 1000.0);
  g_ascii_formatd(took, sizeof took, "%.2f", ms);
  if (ms < 0)
    fprintf(stderr, "{\"event\": \"%s\", \"at_ms\": %s}\n", event, at);
  else
    fprintf(stderr, "{\"event\": \"%s\", \"at_ms\": %s, \"ms\": %s}\n", event, at, took);
}
