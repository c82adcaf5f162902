#include "ui/results/why-private.h"
#include <glib/gi18n.h>
#include <math.h>

#define PAUSE_MS 150 /* after the last change by hand */

static const MgParamTable *const tables[] = {&mg_explain_change_params, NULL};

/* The rows: one a parameter, by its spec. */

static const MgParamSpec *
spec_of(guint i)
{
  return &mg_explain_change_params.specs[i];
}

/* What the number of a parameter is where it has not been changed; "as trained" is what the network takes. */
static double
usual_of(MgWhyPane *pane, const MgParamSpec *spec)
{
  if (!spec->automatic)
    return g_ascii_strtod(spec->default_value, NULL);
  return pane->explanation ? (double)pane->explanation->input->rows : 0;
}

/* What the rows say; what is as usual keeps its default. */
static MgParams *
read_rows(MgWhyPane *pane)
{
  MgParams *params = mg_params_new(tables);
  for (guint i = 0; i < mg_explain_change_params.n; i++) {
    double value = gtk_spin_button_get_value(GTK_SPIN_BUTTON(pane->change.rows[i]));
    gboolean unknown = spec_of(i)->automatic && !pane->explanation;
    if (unknown || fabs(value - usual_of(pane, spec_of(i))) < 1e-6)
      continue;
    if (spec_of(i)->type == MG_PARAM_INT)
      mg_params_set_int(params, spec_of(i)->name, (gint64)value);
    else
      mg_params_set_float(params, spec_of(i)->name, value);
  }
  return params;
}

static void
reset_rows(MgWhyPane *pane)
{
  pane->change.filling = TRUE;
  for (guint i = 0; i < mg_explain_change_params.n; i++)
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(pane->change.rows[i]), usual_of(pane, spec_of(i)));
  pane->change.filling = FALSE;
}

static gboolean
on_pause(gpointer data)
{
  MgWhyPane *pane = data;
  pane->change.pause = 0;
  mg_why_change_show(pane);
  return G_SOURCE_REMOVE;
}

static void
on_value(MgWhyPane *pane)
{
  if (pane->change.filling)
    return;
  g_clear_handle_id(&pane->change.pause, g_source_remove);
  pane->change.pause = g_timeout_add(PAUSE_MS, on_pause, pane);
}

static GtkWidget *
new_rows(MgWhyPane *pane)
{
  static const char *const titles[] = {N_("Gain"), N_("Pitch and tempo"), N_("Start later by"), N_("n_mels")};
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(grid), 6);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
  for (guint i = 0; i < mg_explain_change_params.n; i++) {
    const MgParamSpec *spec = spec_of(i);
    gboolean whole = spec->type == MG_PARAM_INT;
    GtkWidget *name = gtk_label_new(_(titles[i])), *unit = gtk_label_new(spec->unit ? _(spec->unit) : "");
    GtkWidget *row = gtk_spin_button_new_with_range(spec->min, spec->max, whole || i < 2 ? 1 : 0.1);
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(row), whole ? 0 : 1);
    gtk_editable_set_width_chars(GTK_EDITABLE(row), 4);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(row), 4);
    mg_why_let_wheel_pass(row);
    gtk_label_set_xalign(GTK_LABEL(name), 0);
    gtk_label_set_xalign(GTK_LABEL(unit), 0);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_widget_add_css_class(unit, "dim-label");
    gtk_widget_set_tooltip_text(row, _(spec->help));
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(titles[i]), -1);
    g_signal_connect_swapped(row, "value-changed", G_CALLBACK(on_value), pane);
    gtk_grid_attach(GTK_GRID(grid), name, 0, (int)i, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), row, 1, (int)i, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), unit, 2, (int)i, 1, 1);
    pane->change.rows[i] = row;
  }
  return grid;
}

/* Asking. */

static void
show_outcome(MgWhyPane *pane)
{
  const MgExplainOutcome *outcome = pane->change.outcome;
  gtk_widget_set_visible(pane->change.bars, outcome != NULL);
  gtk_widget_set_visible(pane->change.play, outcome != NULL);
  gtk_widget_set_visible(pane->change.reset, outcome || pane->evidence.kept);
  if (outcome)
    mg_why_fill_bars(pane->change.bars, pane->row, outcome->probabilities,
                     mg_result_row_prediction(pane->row)->probabilities);
}

static void
on_outcome(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWhyPane) pane = data;
  g_autoptr(GError) error = NULL;
  MgExplainOutcome *outcome = mg_explainer_change_finish(MG_EXPLAINER(source), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* it has been changed again */
  g_clear_pointer(&pane->change.outcome, mg_explain_outcome_free);
  pane->change.outcome = outcome;
  mg_notice_set(pane->change.problem, MG_NOTICE_ERROR, error ? error->message : NULL);
  show_outcome(pane);
}

/* What is shown stays until the answer is there: it comes within a tenth of a second. */
void
mg_why_change_show(MgWhyPane *pane)
{
  MgExplainRequest request;
  g_autoptr(MgParams) params = read_rows(pane);
  gboolean any = mg_why_request(pane, &request);
  gtk_widget_set_visible(pane->change.box, any);
  GCancellable *cancellable = mg_why_restart(&pane->change.cancellable);
  if (!any || (mg_explain_unchanged(params) && !pane->evidence.kept)) {
    g_clear_pointer(&pane->change.outcome, mg_explain_outcome_free);
    mg_notice_set(pane->change.problem, MG_NOTICE_ERROR, NULL);
    show_outcome(pane);
    return;
  }
  request.change = params;
  request.kept = pane->evidence.kept;
  mg_explainer_change_async(pane->explainer, &request, cancellable, on_outcome, g_object_ref(pane));
}

void
mg_why_change_forget(MgWhyPane *pane)
{
  if (pane->change.cancellable)
    g_cancellable_cancel(pane->change.cancellable);
  g_clear_object(&pane->change.cancellable);
  g_clear_handle_id(&pane->change.pause, g_source_remove);
  g_clear_pointer(&pane->change.outcome, mg_explain_outcome_free);
}

void
mg_why_change_reset(MgWhyPane *pane)
{
  mg_why_evidence_unmute(pane);
  reset_rows(pane);
  mg_why_change_show(pane);
}

static void
play(MgWhyPane *pane)
{
  if (pane->change.outcome)
    mg_why_sound(pane, pane->change.outcome->sound, 0, pane->change.outcome->seconds);
}

GtkWidget *
mg_why_change_new(MgWhyPane *pane)
{
  GtkWidget *box = pane->change.box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *hint = mg_why_line("dim-label");
  gtk_label_set_text(GTK_LABEL(hint), _("Drag over the picture above to mute places."));
  pane->change.reset = mg_button_new(NULL, _("_Reset"), _("Let the segment be as it is again"));
  g_signal_connect_swapped(pane->change.reset, "clicked", G_CALLBACK(mg_why_change_reset), pane);
  pane->change.play = mg_button_new("media-playback-start-symbolic", _("Hear it"), _("Hear the segment as changed"));
  g_signal_connect_swapped(pane->change.play, "clicked", G_CALLBACK(play), pane);
  pane->change.problem = mg_notice_new();
  pane->change.bars = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(pane->change.bars), 12);
  gtk_grid_set_row_spacing(GTK_GRID(pane->change.bars), 6);
  gtk_accessible_update_property(GTK_ACCESSIBLE(pane->change.bars), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Probabilities of the changed segment"), -1);
  gtk_box_append(GTK_BOX(buttons), pane->change.play);
  gtk_box_append(GTK_BOX(buttons), pane->change.reset);
  GtkWidget *const parts[] = {
      mg_why_heading(_("What if")), hint, new_rows(pane), pane->change.problem, pane->change.bars, buttons};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  return box;
}
