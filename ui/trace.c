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

static double
since_start(void)
{
  static gint64 start;
  if (start == 0)
    start = g_get_monotonic_time();
  return (g_get_monotonic_time() - start) / 1000.0;
}

void
mg_trace(const char *event, double ms)
{
  char at[G_ASCII_DTOSTR_BUF_SIZE], took[G_ASCII_DTOSTR_BUF_SIZE];
  double now = since_start();
  if (!mg_trace_on())
    return;
  g_ascii_formatd(at, sizeof at, "%.2f", now);
  g_ascii_formatd(took, sizeof took, "%.2f", ms);
  if (ms < 0)
    fprintf(stderr, "{\"event\": \"%s\", \"at_ms\": %s}\n", event, at);
  else
    fprintf(stderr, "{\"event\": \"%s\", \"at_ms\": %s, \"ms\": %s}\n", event, at, took);
}

void
mg_trace_size(const char *event, size_t columns, size_t rows)
{
  char at[G_ASCII_DTOSTR_BUF_SIZE];
  if (!mg_trace_on())
    return;
  g_ascii_formatd(at, sizeof at, "%.2f", since_start());
  fprintf(stderr, "{\"event\": \"%s\", \"at_ms\": %s, \"columns\": %zu, \"rows\": %zu}\n", event, at, columns, rows);
}
