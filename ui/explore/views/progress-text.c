#include "ui/explore/views/progress-text.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

#define BLINK_US 100000 /* shorter work is not told */
#define TELL_FROM 1.0   /* s left, from which on they are told */

static gboolean
draw_again(gpointer data)
{
  gtk_widget_queue_draw(data);
  return G_SOURCE_CONTINUE;
}

char *
mg_progress_text(MgProgressText *progress, MgAnalysis *analysis, GtkWidget *widget)
{
  double fraction, left;
  const char *failure = mg_analysis_failure(analysis);
  if (failure || !mg_analysis_working(analysis, &fraction, &left)) {
    mg_progress_text_clear(progress);
    return failure ? mg_format_sentence(failure) : NULL;
  }
  if (!progress->since) {
    progress->since = g_get_monotonic_time();
    progress->tick = g_timeout_add(150, draw_again, widget);
  }
  if (g_get_monotonic_time() - progress->since < BLINK_US)
    return NULL;
  if (fraction <= 0)
    return g_strdup(_("Computing…"));
  if (left < TELL_FROM)
    return g_strdup_printf(_("Computing, %.0f %%"), fraction * 100);
  return g_strdup_printf(_("Computing, %.0f %%, %.0f s left"), fraction * 100, left);
}

void
mg_progress_text_clear(MgProgressText *progress)
{
  progress->since = 0;
  g_clear_handle_id(&progress->tick, g_source_remove);
}
