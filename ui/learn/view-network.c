/* A small network that is trained in the lesson, its segments in the plane, and why one was taken for a class. */
#include "session/run.h"
#include "session/run-list.h"
#include "ui/learn/picture.h"
#include "ui/results/plane-view.h"
#include "ui/results/why-pane.h"
#include "ui/train/curve-view.h"
#include "ui/train/shared.h"
#include "ui/train/train-figures.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>
#include <math.h>

/* Short segments and few bands: learned in seconds, and not without mistakes. */
static const char *const settings[] = {"segment_seconds=2", "n_mels=32", "hop_length=1024", "epochs=5", NULL};

typedef struct {
  MgLessonStage *stage;
  MgRun *run; /* NULL: none yet */
  MgCurveView *curves;
  GtkWidget *start, *figures, *problem;
  gboolean preparing;
} Training;

static void
free_training(gpointer data)
{
  Training *training = data;
  g_clear_object(&training->run);
  g_object_unref(training->stage);
  g_free(training);
}

static Training *
training_of(GtkWidget *box)
{
  return g_object_get_data(G_OBJECT(box), "training");
}

static void
show_curves(Training *training)
{
  static const char *const splits[] = {"train", "val"};
  const MgRunStatus *status = mg_run_status(training->run);
  MgCurve curves[2];
  for (int i = 0; i < 2; i++) {
    MgRunSeries series = mg_run_series(training->run, splits[i], "loss");
    curves[i] = (MgCurve){.name = i ? _("validation") : _("train"),
                          .x = series.step,
                          .y = series.value,
                          .n = series.n,
                          .dashed = i == 1,
                          .marked_x = NAN};
  }
  mg_curve_view_set(training->curves, curves, 2, status->epochs > 0 ? (double)status->steps / status->epochs : 0);
}

static void
follow_run(MgRun *run, GtkWidget *box)
{
  Training *training = training_of(box);
  gboolean active = mg_run_is_active(run), done = mg_run_state(run) == MG_RUN_FINISHED;
  g_autofree char *figures = mg_train_figures(run);
  g_autofree char *message = *mg_run_message(run) ? mg_format_sentence(mg_run_message(run)) : NULL;
  show_curves(training);
  gtk_label_set_text(GTK_LABEL(training->figures), figures);
  mg_button_set(training->start, NULL, active ? _("_Stop") : done ? _("_Train again") : _("_Train"));
  mg_notice_set(training->problem, MG_NOTICE_ERROR, mg_run_state(run) == MG_RUN_FAILED ? message : NULL);
  mg_lesson_stage_set_number(training->stage, "trained", done);
  if (done && mg_results_run(mg_lesson_stage_results(training->stage)) != run)
    mg_results_open_run(mg_lesson_stage_results(training->stage), run, "test");
}

static void
take_run(GtkWidget *box, MgRun *run)
{
  Training *training = training_of(box);
  if (training->run)
    g_signal_handlers_disconnect_by_data(training->run, box);
  g_set_object(&training->run, run);
  g_signal_connect_object(run, "changed", G_CALLBACK(follow_run), box, 0);
  follow_run(run, box);
}

static char *
memory_key(Training *training)
{
  return g_strconcat("lesson-run-", mg_lesson_stage_name(training->stage), NULL);
}

static void
begin(GtkWidget *box, const char *dataset)
{
  Training *training = training_of(box);
  MgRunList *runs = mg_shared_runs(mg_lesson_stage_workspace(training->stage));
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_run_new_params();
  g_autofree char *folder = mg_run_list_new_folder(runs, "lesson", &error), *key = memory_key(training);
  for (const char *const *setting = settings; *setting && !error; setting++)
    mg_params_assign(params, *setting, &error);
  MgRunRequest request = {.dataset = dataset, .model = "small-cnn", .params = params};
  MgRun *run = folder ? mg_run_list_add(runs, folder) : NULL;
  if (run && !error && mg_run_start(run, &request, &error)) {
    g_autofree char *name = g_path_get_basename(folder);
    mg_workspace_remember(mg_lesson_stage_workspace(training->stage), key, name);
    take_run(box, run);
  }
  mg_notice_set(training->problem, MG_NOTICE_ERROR, error ? error->message : NULL);
}

/* The demo tracks are made first where they are not there. */
static void
make_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *folder = mg_lesson_demo_folder(&error);
  if (folder)
    g_task_return_pointer(task, folder, g_free);
  else
    g_task_return_error(task, error);
}

static void
begin_on(GObject *box, GAsyncResult *result, gpointer data)
{
  Training *training = training_of(GTK_WIDGET(box));
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_task_propagate_pointer(G_TASK(result), &error);
  if (!training)
    return;
  training->preparing = FALSE;
  if (folder)
    begin(GTK_WIDGET(box), folder);
  else
    mg_notice_set(training->problem, MG_NOTICE_ERROR, error->message);
}

static void
start_or_stop(GtkButton *button, GtkWidget *box)
{
  Training *training = training_of(box);
  if (training->run && mg_run_is_active(training->run)) {
    mg_run_stop(training->run);
    return;
  }
  if (training->preparing)
    return;
  training->preparing = TRUE;
  g_autoptr(GTask) task = g_task_new(box, NULL, begin_on, NULL);
  g_task_run_in_thread(task, make_in_thread);
}

/* What was trained in this lesson before is there again. */
static void
recall(GtkWidget *box)
{
  Training *training = training_of(box);
  g_autofree char *key = memory_key(training);
  g_autofree char *name = mg_workspace_recall(mg_lesson_stage_workspace(training->stage), key);
  g_autofree char *runs = mg_workspace_path(mg_lesson_stage_workspace(training->stage), "runs");
  g_autofree char *folder = name ? g_build_filename(runs, name, NULL) : NULL;
  if (folder && mg_workspace_is_run(folder))
    take_run(box, mg_run_list_add(mg_shared_runs(mg_lesson_stage_workspace(training->stage)), folder));
}

GtkWidget *
mg_lesson_training_new(MgLessonStage *stage, const MgLessonSection *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = mg_lesson_view_title(view);
  Training *training = g_new0(Training, 1);
  training->stage = g_object_ref(stage);
  training->curves = mg_curve_view_new(_("Loss"), "lesson-loss", _("The curves draw while the network learns"));
  training->start = mg_button_new(NULL, _("_Train"), _("Train a small network on the demo tracks"));
  training->figures = mg_figure_label_new(0);
  training->problem = mg_notice_new();
  gtk_label_set_wrap(GTK_LABEL(training->figures), TRUE);
  gtk_widget_set_hexpand(training->figures, TRUE);
  gtk_widget_add_css_class(training->start, "suggested-action");
  gtk_widget_set_valign(training->start, GTK_ALIGN_CENTER);
  g_signal_connect(training->start, "clicked", G_CALLBACK(start_or_stop), box);
  gtk_box_append(GTK_BOX(row), training->start);
  gtk_box_append(GTK_BOX(row), training->figures);
  if (title)
    gtk_box_append(GTK_BOX(box), title);
  gtk_widget_set_size_request(mg_curve_view_widget(training->curves), 280, 180);
  gtk_box_append(GTK_BOX(box), row);
  gtk_box_append(GTK_BOX(box), training->problem);
  gtk_box_append(GTK_BOX(box), mg_curve_view_widget(training->curves));
  g_object_set_data_full(G_OBJECT(box), "training", training, free_training);
  recall(box);
  return box;
}

/* The plane. */

static void
choose(MgPlaneView *plane, MgResultRow *row, gboolean play, MgLessonStage *stage)
{
  const MgPrediction *segment = mg_result_row_prediction(row);
  mg_plane_view_show(plane, row);
  mg_lesson_stage_choose(stage, row);
  if (play)
    mg_player_play(mg_workspace_player(mg_lesson_stage_workspace(stage)), segment->track, segment->start,
                   segment->start, segment->end);
}

/* Neighbours are what the lesson is about. */
static void
choose_method(GtkWidget *methods, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child(methods); child; child = gtk_widget_get_next_sibling(child))
    if (GTK_IS_TOGGLE_BUTTON(child) && g_strcmp0(gtk_button_get_label(GTK_BUTTON(child)), label) == 0)
      gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(child), TRUE);
}

static void
show_plane(MgResults *results, GtkStack *stack)
{
  gboolean any = mg_results_run(results) != NULL;
  gtk_stack_set_visible_child_name(stack, any ? "plane" : "empty");
}

static GtkWidget *
new_empty(void)
{
  GtkWidget *label = gtk_label_new(_("Train the network: its segments appear here"));
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "dim-label");
  return label;
}

GtkWidget *
mg_lesson_plane_new(MgLessonStage *stage, const MgLessonSection *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  MgResults *results = mg_lesson_stage_results(stage);
  GtkWidget *plane = mg_plane_view_new(results), *title = mg_lesson_view_title(view), *stack = mg_stack_new();
  GtkWidget *methods = mg_plane_view_methods(MG_PLANE_VIEW(plane));
  if (title) {
    gtk_widget_set_hexpand(title, TRUE);
    gtk_box_append(GTK_BOX(head), title);
  }
  gtk_widget_set_halign(methods, GTK_ALIGN_END);
  choose_method(methods, "t-SNE");
  gtk_box_append(GTK_BOX(head), methods);
  gtk_stack_add_named(GTK_STACK(stack), new_empty(), "empty");
  gtk_stack_add_named(GTK_STACK(stack), plane, "plane");
  gtk_widget_set_size_request(stack, 280, 320);
  gtk_widget_set_vexpand(stack, TRUE);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), stack);
  g_signal_connect_object(plane, "chosen", G_CALLBACK(choose), stage, 0);
  g_signal_connect_object(results, "changed", G_CALLBACK(show_plane), stack, 0);
  show_plane(results, GTK_STACK(stack));
  return box;
}

/* Why. */

static void
show_why(MgLessonStage *stage, MgResultRow *row, MgWhyPane *pane)
{
  mg_why_pane_show(pane, row);
}

GtkWidget *
mg_lesson_why_new(MgLessonStage *stage, const MgLessonSection *view)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *title = mg_lesson_view_title(view);
  GtkWidget *pane = mg_why_pane_new(mg_lesson_stage_workspace(stage), mg_lesson_stage_results(stage));
  if (title)
    gtk_box_append(GTK_BOX(box), title);
  gtk_widget_set_size_request(pane, 280, 420);
  gtk_widget_set_vexpand(pane, TRUE);
  gtk_box_append(GTK_BOX(box), pane);
  g_signal_connect_object(stage, "chosen", G_CALLBACK(show_why), pane, 0);
  return box;
}
