#include "ui/learn/lesson-view.h"
#include "ui/learn/controls.h"
#include "ui/learn/views.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/rich-text.h"
#include <glib/gi18n.h>

#define TEXT_WIDTH 360 /* logical pixels of the column of text beside the views */
#define WIDE 820       /* … from which on both have room beside each other */

struct _MgLessonView {
  AdwBin parent;
  MgLessonStage *stage;
  GtkWidget *both, *text, *problem, *task, *task_icon, *state, *hint, *solved_text;
  gboolean solved, wide;
  guint refit;
};

G_DEFINE_FINAL_TYPE(MgLessonView, mg_lesson_view, ADW_TYPE_BIN)

enum { SOLVED, N_SIGNALS };
static guint signals[N_SIGNALS];

MgLessonStage *
mg_lesson_view_stage(MgLessonView *view)
{
  return view->stage;
}

static const MgLessonSection *
task_of(MgLessonView *view)
{
  return mg_lesson_section(mg_lesson_state_file(mg_lesson_stage_state(view->stage)), "task", NULL);
}

/* The task. */

static void
check_task(MgLessonView *view)
{
  gboolean unknown, solved = mg_lesson_state_solved(mg_lesson_stage_state(view->stage), &unknown);
  if (!view->task)
    return;
  gtk_image_set_from_icon_name(GTK_IMAGE(view->task_icon),
                               solved ? "object-select-symbolic" : "dialog-question-symbolic");
  gtk_label_set_text(GTK_LABEL(view->state), solved ? _("Solved") : _("Not solved yet"));
  if (solved)
    gtk_widget_add_css_class(view->task, "solved");
  else
    gtk_widget_remove_css_class(view->task, "solved");
  if (view->solved_text)
    gtk_widget_set_visible(view->solved_text, solved);
  if (solved && !view->solved)
    g_signal_emit(view, signals[SOLVED], 0);
  view->solved = solved;
}

static void
show_hint(GtkButton *button, MgLessonView *view)
{
  gtk_widget_set_visible(view->hint, !gtk_widget_get_visible(view->hint));
}

static void
show_solution(GtkButton *button, MgLessonView *view)
{
  mg_lesson_stage_solve(view->stage);
}

static GtkWidget *
new_task(MgLessonView *view, const MgLessonSection *task)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 9), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *title = gtk_label_new(_("Task"));
  const char *hint = mg_lesson_local(task, "hint"), *solved = mg_lesson_local(task, "solved");
  view->task = box;
  view->task_icon = gtk_image_new();
  view->state = gtk_label_new(NULL);
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_add_css_class(view->state, "dim-label");
  gtk_widget_set_hexpand(view->state, TRUE);
  gtk_label_set_xalign(GTK_LABEL(view->state), 1);
  gtk_box_append(GTK_BOX(head), view->task_icon);
  gtk_box_append(GTK_BOX(head), title);
  gtk_box_append(GTK_BOX(head), view->state);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), mg_rich_text_new(mg_lesson_local(task, "text"), NULL, NULL, NULL));
  if (hint) {
    GtkWidget *button = mg_button_new(NULL, _("_Hint"), _("Show or hide a hint"));
    g_signal_connect(button, "clicked", G_CALLBACK(show_hint), view);
    gtk_box_append(GTK_BOX(buttons), button);
  }
  if (mg_lesson_get(task, "solution")) {
    GtkWidget *button = mg_button_new(NULL, _("_Solution"), _("Set the controls to a solution"));
    g_signal_connect(button, "clicked", G_CALLBACK(show_solution), view);
    gtk_box_append(GTK_BOX(buttons), button);
  }
  gtk_box_append(GTK_BOX(box), buttons);
  view->hint = mg_rich_text_new(hint ? hint : "", NULL, NULL, NULL);
  gtk_widget_add_css_class(view->hint, "dim-label");
  gtk_widget_set_visible(view->hint, FALSE);
  gtk_box_append(GTK_BOX(box), view->hint);
  if (solved) {
    view->solved_text = mg_rich_text_new(solved, NULL, NULL, NULL);
    gtk_box_append(GTK_BOX(box), view->solved_text);
  }
  gtk_widget_add_css_class(box, "card");
  gtk_widget_add_css_class(box, "task");
  return box;
}

/* The two halves. */

static void
play(GtkButton *button, MgLessonView *view)
{
  mg_lesson_stage_play(view->stage);
}

static void
show_playing(MgPlayer *player, GParamSpec *pspec, GtkWidget *button)
{
  gboolean playing = mg_player_state(player) == MG_PLAYER_PLAYING;
  mg_button_set(button, playing ? "media-playback-stop-symbolic" : "media-playback-start-symbolic",
                playing ? _("_Stop") : _("_Play"));
}

static GtkWidget *
new_text(MgLessonView *view)
{
  MgLessonFile *file = mg_lesson_state_file(mg_lesson_stage_state(view->stage));
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *controls = mg_lesson_controls_new(view->stage);
  gtk_box_append(GTK_BOX(box), mg_rich_text_new(mg_lesson_text(file), NULL, NULL, NULL));
  if (controls)
    gtk_box_append(GTK_BOX(box), controls);
  if (mg_lesson_section(file, "sound", NULL)) {
    GtkWidget *button =
        mg_button_new("media-playback-start-symbolic", _("_Play"), _("Hear the lesson's sound (Space)"));
    gtk_widget_set_halign(button, GTK_ALIGN_START);
    g_signal_connect(button, "clicked", G_CALLBACK(play), view);
    g_signal_connect_object(mg_workspace_player(mg_lesson_stage_workspace(view->stage)), "notify::state",
                            G_CALLBACK(show_playing), button, 0);
    gtk_box_append(GTK_BOX(box), button);
  }
  if (task_of(view))
    gtk_box_append(GTK_BOX(box), new_task(view, task_of(view)));
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 18);
  return box;
}

static GtkWidget *
new_views(MgLessonView *view)
{
  const GPtrArray *sections = mg_lesson_sections(mg_lesson_state_file(mg_lesson_stage_state(view->stage)));
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  view->problem = mg_notice_new();
  gtk_box_append(GTK_BOX(box), view->problem);
  for (guint i = 0; i < sections->len; i++) {
    const MgLessonSection *section = sections->pdata[i];
    if (!g_str_equal(section->kind, "view"))
      continue;
    GtkWidget *child = mg_lesson_widget(section->name)->create(view->stage, section);
    if (child)
      gtk_box_append(GTK_BOX(box), child);
  }
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 12);
  gtk_widget_set_hexpand(box, TRUE);
  return box;
}

static GtkWidget *
new_scroller(GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), child);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  return scroller;
}

/* Beside each other each half scrolls by itself; below each other both do in one. */
static gboolean
fit(gpointer data)
{
  MgLessonView *view = data;
  GtkWidget *first = gtk_widget_get_first_child(view->both), *last = gtk_widget_get_last_child(view->both);
  view->refit = 0;
  gtk_orientable_set_orientation(GTK_ORIENTABLE(view->both),
                                 view->wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_size_request(first, view->wide ? TEXT_WIDTH : -1, -1);
  gtk_widget_set_vexpand(first, view->wide);
  gtk_widget_set_hexpand(first, !view->wide);
  GtkWidget *const halves[] = {first, last};
  for (size_t i = 0; i < G_N_ELEMENTS(halves); i++)
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(halves[i]), GTK_POLICY_NEVER,
                                   view->wide ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  return G_SOURCE_REMOVE;
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgLessonView *view = MG_LESSON_VIEW(widget);
  GTK_WIDGET_CLASS(mg_lesson_view_parent_class)->size_allocate(widget, width, height, baseline);
  if (view->wide == (width >= WIDE))
    return;
  view->wide = width >= WIDE;
  if (!view->refit)
    view->refit = g_idle_add_full(G_PRIORITY_HIGH_IDLE, fit, view, NULL);
}

static void
tell_failure(MgLessonStage *stage, const char *message, MgLessonView *view)
{
  g_autofree char *sentence = mg_format_sentence(message);
  mg_notice_set(view->problem, MG_NOTICE_ERROR, sentence);
}

static void
forget_failure(MgLessonView *view)
{
  mg_notice_set(view->problem, MG_NOTICE_ERROR, NULL);
}

GtkWidget *
mg_lesson_view_new(MgLessonStage *stage)
{
  MgLessonView *view = g_object_new(MG_TYPE_LESSON_VIEW, NULL);
  view->stage = g_object_ref(stage);
  view->wide = TRUE;
  view->both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *views = new_scroller(new_views(view));
  view->text = new_scroller(new_text(view));
  gtk_widget_set_size_request(view->text, TEXT_WIDTH, -1);
  gtk_widget_set_vexpand(view->text, TRUE);
  gtk_widget_set_hexpand(view->text, FALSE);
  gtk_widget_set_vexpand(views, TRUE);
  gtk_widget_set_hexpand(views, TRUE);
  gtk_box_append(GTK_BOX(view->both), view->text);
  gtk_box_append(GTK_BOX(view->both), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(view->both), views);
  GtkWidget *outer = new_scroller(view->both);
  adw_bin_set_child(ADW_BIN(view), outer);
  g_signal_connect_object(stage, "changed", G_CALLBACK(check_task), view, G_CONNECT_SWAPPED);
  g_signal_connect_object(stage, "failed", G_CALLBACK(tell_failure), view, 0);
  g_signal_connect_object(stage, "sound", G_CALLBACK(forget_failure), view, G_CONNECT_SWAPPED);
  check_task(view);
  return GTK_WIDGET(view);
}

static void
dispose(GObject *object)
{
  MgLessonView *view = MG_LESSON_VIEW(object);
  g_clear_handle_id(&view->refit, g_source_remove);
  if (view->stage)
    mg_lesson_stage_close(view->stage);
  g_clear_object(&view->stage);
  G_OBJECT_CLASS(mg_lesson_view_parent_class)->dispose(object);
}

static void
mg_lesson_view_class_init(MgLessonViewClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
  signals[SOLVED] =
      g_signal_new("solved", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_lesson_view_init(MgLessonView *view)
{
}
