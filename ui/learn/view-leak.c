/* Accuracy by three ways of testing, really trained whenever a value changes. */
#include "learn/lesson-leak.h"
#include "plot/bars.h"
#include "plot/text.h"
#include "ui/learn/picture.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

typedef struct {
  char *classes, *classifier;
  int neighbours;
  MgProgress *progress;
  MgLessonLeak leak;
} Experiment;

static void
free_experiment(gpointer data)
{
  Experiment *experiment = data;
  g_free(experiment->classes);
  g_free(experiment->classifier);
  mg_progress_unref(experiment->progress);
  g_free(experiment);
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgLessonLeak *leak = ((const MgLessonPicture *)data)->made;
  mg_background(cr, style, width, height);
  if (!leak)
    return;
  const MgBar bars[] = {{_("on what it has learned"), leak->train, 0},
                        {_("on other rows, split by segment"), leak->by_segment, 0},
                        {_("on other rows, split by track"), leak->by_track, 0}};
  mg_bars_draw(cr, width, height, style, &(MgBars){bars, G_N_ELEMENTS(bars), _("Accuracy"), 0}, -1);
}

static void
run_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Experiment *experiment = data;
  GError *error = NULL;
  g_autoptr(MgSamples) samples = mg_lesson_leak_samples(experiment->classes, experiment->progress, &error);
  if (samples && mg_lesson_leak_measure(samples, experiment->classifier, experiment->neighbours, &experiment->leak,
                                        experiment->progress, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void
take_result(GObject *box, GAsyncResult *result, gpointer data)
{
  MgLessonPicture *picture = mg_lesson_picture_of(GTK_WIDGET(box));
  Experiment *experiment = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean done = g_task_propagate_boolean(G_TASK(result), &error);
  if (!picture || mg_progress_cancelled(experiment->progress))
    return;
  g_object_set_data(box, "running", NULL);
  if (!done) {
    g_autofree char *sentence = mg_format_sentence(error->message);
    mg_lesson_picture_show(picture, NULL, sentence);
    return;
  }
  const MgLessonLeak *leak = &experiment->leak;
  g_autofree char *caption = g_strdup_printf(
      _("On what it has learned %.2f · split by segment %.2f · split by track %.2f · %zu rows of %zu tracks"),
      leak->train, leak->by_segment, leak->by_track, leak->rows, leak->tracks);
  mg_lesson_picture_show(picture, g_memdup2(leak, sizeof *leak), caption);
  mg_lesson_stage_set_number(picture->stage, "train_accuracy", leak->train);
  mg_lesson_stage_set_number(picture->stage, "segment_accuracy", leak->by_segment);
  mg_lesson_stage_set_number(picture->stage, "track_accuracy", leak->by_track);
}

static void
cancel(gpointer data)
{
  mg_progress_cancel(data);
  mg_progress_unref(data);
}

/* One experiment for each set of values; what is known no longer counts while it goes on. */
static void
follow(MgLessonStage *stage, GtkWidget *box)
{
  MgLessonPicture *picture = mg_lesson_picture_of(box);
  const MgLessonState *state = mg_lesson_stage_state(stage);
  Experiment *experiment = g_new0(Experiment, 1);
  experiment->classes = g_strdup(mg_lesson_state_value(state, picture->view, "classes"));
  experiment->classifier = g_strdup(mg_lesson_state_value(state, picture->view, "classifier"));
  experiment->neighbours = (int)mg_lesson_state_number(state, picture->view, "neighbours", 5);
  char *key = g_strdup_printf("%s %s %d", experiment->classes, experiment->classifier, experiment->neighbours);
  if (g_strcmp0(key, g_object_get_data(G_OBJECT(box), "key")) == 0) {
    g_free(key);
    g_free(experiment->classes);
    g_free(experiment->classifier);
    g_free(experiment);
    return;
  }
  g_object_set_data_full(G_OBJECT(box), "key", key, g_free);
  experiment->progress = mg_progress_new(NULL, NULL);
  g_object_set_data_full(G_OBJECT(box), "running", mg_progress_ref(experiment->progress), cancel);
  gtk_label_set_text(GTK_LABEL(picture->caption), _("Training…"));
  g_autoptr(GTask) task = g_task_new(box, NULL, take_result, NULL);
  g_task_set_task_data(task, experiment, free_experiment);
  g_task_run_in_thread(task, run_in_thread);
}

GtkWidget *
mg_lesson_leak_new(MgLessonStage *stage, const MgLessonSection *view)
{
  GtkWidget *box = mg_lesson_picture_new(stage, view, 160, NULL, draw, g_free);
  gtk_widget_set_vexpand(GTK_WIDGET(mg_lesson_picture_of(box)->drawing), FALSE);
  g_signal_connect_object(stage, "changed", G_CALLBACK(follow), box, 0);
  return box;
}
