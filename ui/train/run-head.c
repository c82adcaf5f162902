#include "ui/train/run-head.h"
#include "train/run-note.h"
#include "ui/train/fit-icon.h"
#include "ui/train/run-table.h"
#include "ui/train/train-figures.h"
#include "ui/widgets/notice.h"
#include "ui/window.h"
#include <glib/gi18n.h>

struct _MgRunHead {
  AdwBin parent_instance;
  MgRun *run;
  GtkWidget *title, *state, *progress, *figures;
  GtkWidget *light_box, *light, *verdict;
  GtkWidget *note;
  char *kept; /* the note as it is in the folder */
};

G_DEFINE_FINAL_TYPE(MgRunHead, mg_run_head, ADW_TYPE_BIN)

/* The note. */

static void
keep_note(MgRunHead *head)
{
  const char *text = gtk_editable_get_text(GTK_EDITABLE(head->note));
  g_autoptr(GError) error = NULL;
  if (!head->run || g_strcmp0(text, head->kept) == 0)
    return;
  if (!mg_run_note_write(mg_run_folder(head->run), text, &error)) {
    mg_window_toast(GTK_WIDGET(head), error->message);
    return;
  }
  g_free(head->kept);
  head->kept = g_strdup(text);
}

static void
show_note(MgRunHead *head)
{
  g_autofree char *note = mg_run_note_read(mg_run_folder(head->run));
  gtk_editable_set_text(GTK_EDITABLE(head->note), g_strdelimit(g_strchomp(note), "\r\n", ' '));
  g_free(head->kept); /* a note of several lines stays as it is until it is changed here */
  head->kept = g_strdup(gtk_editable_get_text(GTK_EDITABLE(head->note)));
}

/* Esc brings back what is kept. */
static gboolean
on_note_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType modifiers, MgRunHead *head)
{
  if (key == GDK_KEY_Escape && head->kept)
    gtk_editable_set_text(GTK_EDITABLE(head->note), head->kept);
  return key == GDK_KEY_Escape;
}

/* Showing. */

static char *
state_text(MgRun *run)
{
  const MgRunStatus *status = mg_run_status(run);
  const char *state = mg_run_state_text(mg_run_state(run));
  if (!mg_run_is_elsewhere(run))
    return g_strdup(state);
  gint64 silent = (g_get_real_time() - status->written) / G_USEC_PER_SEC;
  return mg_run_is_active(run) && silent > 60
             ? g_strdup_printf(_("%s on %s, no news for %d min"), state, status->host, (int)(silent / 60))
             : g_strdup_printf(_("%s on %s"), state, status->host);
}

static void
show_light(MgRunHead *head)
{
  gboolean network = !mg_run_is_table(head->run) && !mg_run_is_search(head->run);
  MgFitLight light = network ? mg_run_fit_light(head->run) : (MgFitLight){0};
  gtk_widget_set_visible(head->light_box, network && light.epochs > 0);
  if (!network || light.epochs == 0)
    return;
  g_autofree char *sentence = mg_fit_light_text(&light);
  mg_fit_icon_set(head->light, light.verdict);
  gtk_widget_set_tooltip_text(head->light, mg_fit_word(light.verdict));
  gtk_label_set_text(GTK_LABEL(head->verdict), sentence);
}

void
mg_run_head_show(MgRunHead *head, MgRun *run)
{
  gtk_widget_set_visible(GTK_WIDGET(head), run != NULL);
  if (run != head->run) {
    keep_note(head);
    g_set_object(&head->run, run);
    if (run)
      show_note(head);
  }
  if (!run)
    return;
  g_autofree char *figures = mg_train_figures(run), *state = state_text(run);
  g_autofree char *progress = g_strdup_printf(_("Progress of %s"), mg_run_name(run));
  gtk_label_set_text(GTK_LABEL(head->title), mg_run_name(run));
  gtk_label_set_text(GTK_LABEL(head->state), state);
  gtk_label_set_text(GTK_LABEL(head->figures), figures);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(head->progress), mg_run_fraction(run));
  gtk_accessible_update_property(GTK_ACCESSIBLE(head->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, progress, -1);
  show_light(head);
}

/* Building. */

static void
mg_run_head_dispose(GObject *object)
{
  MgRunHead *head = MG_RUN_HEAD(object);
  if (head->run && head->note)
    keep_note(head);
  head->note = NULL;
  g_clear_object(&head->run);
  g_clear_pointer(&head->kept, g_free);
  G_OBJECT_CLASS(mg_run_head_parent_class)->dispose(object);
}

static void
mg_run_head_class_init(MgRunHeadClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_run_head_dispose;
}

static void
mg_run_head_init(MgRunHead *head)
{
}

static GtkWidget *
new_note(MgRunHead *head)
{
  GtkEventController *focus = gtk_event_controller_focus_new(), *keys = gtk_event_controller_key_new();
  head->note = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(head->note), _("Note on this run"));
  gtk_widget_set_tooltip_text(head->note, _("Kept in the run's folder"));
  gtk_editable_set_width_chars(GTK_EDITABLE(head->note), 12);
  gtk_widget_set_hexpand(head->note, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(head->note), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Note on this run"), -1);
  g_signal_connect_swapped(head->note, "activate", G_CALLBACK(keep_note), head);
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(keep_note), head);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_note_key), head);
  gtk_widget_add_controller(head->note, focus);
  gtk_widget_add_controller(head->note, keys);
  return head->note;
}

static GtkWidget *
new_light(MgRunHead *head)
{
  head->light_box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  head->light = gtk_image_new();
  head->verdict = mg_figure_label_new(0);
  gtk_label_set_wrap(GTK_LABEL(head->verdict), TRUE);
  gtk_widget_set_valign(head->light, GTK_ALIGN_START);
  gtk_widget_set_hexpand(head->verdict, TRUE);
  gtk_box_append(GTK_BOX(head->light_box), head->light);
  gtk_box_append(GTK_BOX(head->light_box), head->verdict);
  return head->light_box;
}

GtkWidget *
mg_run_head_new(void)
{
  MgRunHead *head = g_object_new(MG_TYPE_RUN_HEAD, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  head->title = gtk_label_new(NULL);
  head->state = gtk_label_new(NULL);
  head->progress = gtk_progress_bar_new();
  head->figures = mg_figure_label_new(0);
  gtk_widget_add_css_class(head->title, "heading");
  gtk_widget_add_css_class(head->state, "dim-label");
  gtk_widget_add_css_class(head->figures, "caption");
  gtk_label_set_ellipsize(GTK_LABEL(head->state), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(head->figures), TRUE);
  gtk_box_append(GTK_BOX(line), head->title);
  gtk_box_append(GTK_BOX(line), head->state);
  gtk_box_append(GTK_BOX(line), new_note(head));
  GtkWidget *const parts[] = {line, head->progress, head->figures, new_light(head)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  adw_bin_set_child(ADW_BIN(head), box);
  gtk_widget_set_visible(GTK_WIDGET(head), FALSE);
  return GTK_WIDGET(head);
}
