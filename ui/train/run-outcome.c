#include "ui/train/run-outcome.h"
#include "ui/train/shared.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <math.h>

struct _MgRunOutcome {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgDatasetModel *dataset;
  MgResults *test;
  MgRun *awaited;
  GtkWidget *text, *open;
};

G_DEFINE_FINAL_TYPE(MgRunOutcome, mg_run_outcome, ADW_TYPE_BIN)

static gboolean
has_test_set(MgRunOutcome *outcome)
{
  guint n = 0;
  for (size_t i = 0; i < mg_dataset_model_n_classes(outcome->dataset); i++)
    n += mg_dataset_model_class(outcome->dataset, i)->segments[2];
  return n > 0;
}

void
mg_run_outcome_await(MgRunOutcome *outcome, MgRun *run)
{
  g_set_object(&outcome->awaited, run);
  gtk_widget_set_visible(GTK_WIDGET(outcome), FALSE);
}

void
mg_run_outcome_follow(MgRunOutcome *outcome)
{
  if (!outcome->awaited || mg_run_is_active(outcome->awaited))
    return;
  g_autoptr(MgRun) run = g_steal_pointer(&outcome->awaited);
  if (mg_run_state(run) == MG_RUN_FINISHED && mg_run_has_model(run))
    mg_results_open_run(outcome->test, run, has_test_set(outcome) ? "test" : "val");
}

static char *
text_of(MgResults *test)
{
  MgResultsState state = mg_results_state(test);
  if (state == MG_RESULTS_FAILED)
    return g_strdup(mg_results_message(test));
  if (state == MG_RESULTS_EVALUATING || state == MG_RESULTS_LOADING)
    return g_strdup_printf(_("%s has finished; classifying the %s set…"), mg_run_name(mg_results_run(test)),
                           mg_results_split(test));
  if (state != MG_RESULTS_READY || !isfinite(mg_results_accuracy(test)))
    return NULL;
  return g_strdup_printf(_("%s has finished: accuracy %.3f, macro F1 %.3f on the %s set%s"),
                         mg_run_name(mg_results_run(test)), mg_results_accuracy(test), mg_results_macro_f1(test),
                         mg_results_split(test), mg_results_is_leaky(test) ? _(" (leaky split: it pretends)") : "");
}

static void
show(MgRunOutcome *outcome)
{
  MgResultsState state = mg_results_state(outcome->test);
  g_autofree char *text = text_of(outcome->test);
  mg_notice_set(outcome->text, state == MG_RESULTS_FAILED ? MG_NOTICE_ERROR : MG_NOTICE_INFO, text);
  gtk_widget_set_visible(GTK_WIDGET(outcome), text != NULL);
  gtk_widget_set_visible(outcome->open, state == MG_RESULTS_READY);
}

static void
open_results(MgRunOutcome *outcome)
{
  MgRun *run = mg_results_run(outcome->test);
  if (!run)
    return;
  mg_results_open_run(mg_shared_results(outcome->workspace), run, mg_results_split(outcome->test));
  gtk_widget_activate_action(GTK_WIDGET(outcome), "win.page", "s", "results");
}

static void
mg_run_outcome_dispose(GObject *object)
{
  MgRunOutcome *outcome = MG_RUN_OUTCOME(object);
  g_clear_object(&outcome->awaited);
  g_clear_object(&outcome->test);
  g_clear_object(&outcome->dataset);
  g_clear_object(&outcome->workspace);
  G_OBJECT_CLASS(mg_run_outcome_parent_class)->dispose(object);
}

static void
mg_run_outcome_class_init(MgRunOutcomeClass *class)
{
  G_OBJECT_CLASS(class)->dispose = mg_run_outcome_dispose;
}

static void
mg_run_outcome_init(MgRunOutcome *outcome)
{
}

GtkWidget *
mg_run_outcome_new(MgWorkspace *workspace, MgDatasetModel *dataset)
{
  MgRunOutcome *outcome = g_object_new(MG_TYPE_RUN_OUTCOME, "visible", FALSE, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  outcome->workspace = g_object_ref(workspace);
  outcome->dataset = g_object_ref(dataset);
  outcome->test = mg_results_new();
  outcome->text = mg_notice_new();
  outcome->open = mg_button_new(NULL, _("Open _results"), _("The table of segments, right and wrong"));
  g_signal_connect_object(outcome->open, "clicked", G_CALLBACK(open_results), outcome, G_CONNECT_SWAPPED);
  g_signal_connect_object(outcome->test, "changed", G_CALLBACK(show), outcome, G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand(outcome->text, TRUE);
  gtk_widget_set_valign(outcome->text, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), outcome->text);
  gtk_box_append(GTK_BOX(box), outcome->open);
  adw_bin_set_child(ADW_BIN(outcome), box);
  return GTK_WIDGET(outcome);
}
