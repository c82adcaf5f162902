#include "ui/train/estimate-line.h"
#include "train/train-estimate.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

static const guint pause_ms = 600; /* after the last change: a step of a large network takes a second */
static const char key[] = "estimate-line";

typedef struct {
  GtkWidget *label;
  MgDatasetModel *dataset;
  const MgEstimateFuncs *funcs;
  gpointer data;
  guint timer;
  GCancellable *cancellable;
} Line;

/* A question for the thread. */
typedef struct {
  char *model;
  MgParams *params;
  GPtrArray *labels;
  size_t training, validation;
} Question;

static void
question_free(gpointer data)
{
  Question *question = data;
  g_free(question->model);
  mg_params_free(question->params);
  g_ptr_array_unref(question->labels);
  g_free(question);
}

static void
estimate_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  MgTrainEstimate estimate;
  GError *error = NULL;
  if (g_cancellable_is_cancelled(cancellable))
    return; /* the task returns that by itself */
  if (mg_train_estimate(question->model, question->params, question->labels, question->training, question->validation,
                        &estimate, &error))
    g_task_return_pointer(task, g_memdup2(&estimate, sizeof estimate), g_free);
  else
    g_task_return_error(task, error);
}

static char *
text_of(const MgTrainEstimate *estimate, const Question *question)
{
  g_autofree char *clock = mg_format_clock(MAX(estimate->seconds, 1), 0);
  g_autofree char *size = mg_format_count((double)estimate->parameters);
  double megabytes = (double)estimate->memory.total / 1e6;
  if (estimate->seconds < 0)
    return g_strdup_printf(_("needs about %.0f MB, more than is free: a smaller batch_size may help"), megabytes);
  return g_strdup_printf(_("about %s and %.0f MB · %s parameters · training segments: %zu, steps an epoch: %d"), clock,
                         megabytes, size, question->training, (int)estimate->steps_per_epoch);
}

static void
on_estimated(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) label = data;
  Line *line = g_object_get_data(G_OBJECT(label), key);
  g_autoptr(GError) error = NULL;
  g_autofree MgTrainEstimate *estimate = g_task_propagate_pointer(G_TASK(result), &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !line)
    return; /* something else has been chosen */
  g_autofree char *text =
      estimate ? text_of(estimate, g_task_get_task_data(G_TASK(result))) : mg_format_sentence(error->message);
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_widget_set_tooltip_text(label,
                              estimate ? _("Measured by two steps here and now, without making the pictures") : NULL);
}

static Question *
question_of(Line *line)
{
  const char *model = line->funcs->model(line->data);
  if (mg_dataset_model_state(line->dataset) != MG_DATASET_READY || !model)
    return NULL;
  Question *question = g_new0(Question, 1);
  question->model = g_strdup(model);
  question->params = line->funcs->params(line->data);
  question->labels = g_ptr_array_new_with_free_func(g_free);
  for (size_t i = 0; i < mg_dataset_model_n_classes(line->dataset); i++) {
    const MgDatasetClass *class = mg_dataset_model_class(line->dataset, i);
    g_ptr_array_add(question->labels, g_strdup(class->label));
    question->training += class->segments[0];
    question->validation += class->segments[1];
  }
  return question;
}

static gboolean
ask(gpointer data)
{
  Line *line = data;
  Question *question = question_of(line);
  line->timer = 0;
  gtk_widget_set_visible(line->label, question != NULL);
  if (!question)
    return G_SOURCE_REMOVE;
  gtk_label_set_text(GTK_LABEL(line->label), _("Estimating time and memory…")); /* what was told before is of others */
  gtk_widget_set_tooltip_text(line->label, NULL);
  line->cancellable = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(NULL, line->cancellable, on_estimated, g_object_ref(line->label));
  g_task_set_return_on_cancel(task, TRUE);
  g_task_set_task_data(task, question, question_free);
  g_task_run_in_thread(task, estimate_on_thread);
  return G_SOURCE_REMOVE;
}

static void
forget(Line *line)
{
  g_clear_handle_id(&line->timer, g_source_remove);
  if (line->cancellable)
    g_cancellable_cancel(line->cancellable);
  g_clear_object(&line->cancellable);
}

static void
ask_soon(Line *line)
{
  forget(line);
  if (gtk_widget_get_mapped(gtk_widget_get_parent(line->label) ? gtk_widget_get_parent(line->label) : line->label))
    line->timer = g_timeout_add(pause_ms, ask, line);
}

static void
on_dataset_changed(MgDatasetModel *dataset, GtkWidget *label)
{
  ask_soon(g_object_get_data(G_OBJECT(label), key));
}

void
mg_estimate_line_changed(GtkWidget *label)
{
  ask_soon(g_object_get_data(G_OBJECT(label), key));
}

static void
line_free(gpointer data)
{
  Line *line = data;
  forget(line);
  g_object_unref(line->dataset);
  g_free(line);
}

GtkWidget *
mg_estimate_line_new(MgDatasetModel *dataset, const MgEstimateFuncs *funcs, gpointer data)
{
  GtkWidget *label = mg_figure_label_new(0);
  Line *line = g_new0(Line, 1);
  *line = (Line){.label = label, .dataset = g_object_ref(dataset), .funcs = funcs, .data = data};
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "caption");
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_set_visible(label, FALSE);
  g_object_set_data_full(G_OBJECT(label), key, line, line_free);
  g_signal_connect_object(dataset, "changed", G_CALLBACK(on_dataset_changed), label, 0);
  return label;
}
