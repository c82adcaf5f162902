#include "plot/bars.h"
#include "session/row-explainer.h"
#include "ui/results/why-private.h"
#include <glib/gi18n.h>
#include <math.h>

enum { MOST_BARS = 12 };

/* A row of numbers and its model; FALSE: it is a network that is asked, or there is no run. */
static gboolean
can_ask(const MgWhyPane *pane)
{
  MgRun *run = mg_results_run(pane->results);
  return pane->row && run && mg_run_is_table(run);
}

/* The features that say most, as bars. */

typedef struct {
  MgBar bars[MOST_BARS];
  MgBars all;
} Picture;

static void
fill_picture(Picture *picture, const MgRowReasons *reasons)
{
  guint n = MIN(reasons->features->len, (guint)MOST_BARS);
  for (guint i = 0; i < n; i++) {
    const MgRowFeature *feature = &g_array_index(reasons->features, MgRowFeature, i);
    picture->bars[i] = (MgBar){feature->feature, feature->effect, NAN};
  }
  picture->all = (MgBars){picture->bars, n, _("Brings to the probability"), 0};
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgWhyPane *pane = data;
  Picture picture;
  if (!pane->numbers.reasons)
    return;
  fill_picture(&picture, pane->numbers.reasons);
  mg_bars_draw(cr, width, height, style, &picture.all, -1);
}

static void
show(MgWhyPane *pane)
{
  const MgRowReasons *reasons = pane->numbers.reasons;
  gtk_widget_set_visible(pane->numbers.picture, reasons != NULL);
  gtk_widget_set_visible(pane->numbers.sentence, reasons != NULL);
  if (!reasons)
    return;
  Picture picture;
  fill_picture(&picture, reasons);
  g_autofree char *text = mg_row_reasons_text(reasons);
  g_autofree char *compared =
      g_strdup_printf(ngettext("Each value replaced by that of %u training row",
                               "Each value replaced by those of %u training rows", reasons->compared),
                      reasons->compared);
  gtk_label_set_text(GTK_LABEL(pane->numbers.sentence), text);
  gtk_widget_set_tooltip_text(pane->numbers.picture, compared);
  gtk_widget_set_size_request(pane->numbers.picture, -1, (int)mg_bars_height(mg_drawing_style(), &picture.all));
  mg_drawing_set_text(MG_DRAWING(pane->numbers.picture), _("What each feature brings"), text);
  mg_drawing_changed(MG_DRAWING(pane->numbers.picture));
}

static void
on_progress(double fraction, gpointer data)
{
  MgWhyPane *pane = data;
  mg_work_row_set(pane->numbers.working, TRUE, fraction, -1);
}

static void
on_explained(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWhyPane) pane = data;
  g_autoptr(GError) error = NULL;
  MgRowReasons *reasons = mg_row_explain_finish(result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another row has been chosen */
  pane->numbers.reasons = reasons;
  mg_work_row_set(pane->numbers.working, FALSE, 0, -1);
  mg_notice_set(pane->numbers.problem, MG_NOTICE_ERROR, error ? error->message : NULL);
  show(pane);
}

static void
cancel(MgWhyPane *pane)
{
  if (pane->numbers.cancellable)
    g_cancellable_cancel(pane->numbers.cancellable);
  mg_work_row_set(pane->numbers.working, FALSE, 0, -1);
}

void
mg_why_row_show(MgWhyPane *pane)
{
  gtk_widget_set_visible(pane->numbers.box, can_ask(pane));
  mg_notice_set(pane->numbers.problem, MG_NOTICE_ERROR, NULL);
  if (!can_ask(pane))
    return;
  const MgPrediction *prediction = mg_result_row_prediction(pane->row);
  mg_work_row_set(pane->numbers.working, TRUE, 0, -1);
  mg_row_explain_async(mg_run_folder(mg_results_run(pane->results)), prediction->track, prediction->start,
                       prediction->y_pred, on_progress, mg_why_restart(&pane->numbers.cancellable), on_explained,
                       g_object_ref(pane));
}

void
mg_why_row_forget(MgWhyPane *pane)
{
  if (pane->numbers.cancellable)
    g_cancellable_cancel(pane->numbers.cancellable);
  g_clear_object(&pane->numbers.cancellable);
  g_clear_pointer(&pane->numbers.reasons, mg_row_reasons_free);
  if (pane->numbers.box)
    show(pane);
}

GtkWidget *
mg_why_row_new(MgWhyPane *pane)
{
  GtkWidget *box = pane->numbers.box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  pane->numbers.sentence = mg_why_line(NULL);
  pane->numbers.problem = mg_notice_new();
  pane->numbers.picture = mg_drawing_new("features", 240, 120);
  pane->numbers.working = mg_why_working(_("What decided"), G_CALLBACK(cancel), pane);
  mg_drawing_set_funcs(MG_DRAWING(pane->numbers.picture), draw, NULL, pane);
  GtkWidget *const parts[] = {mg_why_heading(_("What decided")), pane->numbers.sentence,
                              GTK_WIDGET(pane->numbers.working), pane->numbers.problem, pane->numbers.picture};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  return box;
}
