#include "ui/live/model-button.h"
#include "base/data-dir.h"
#include "train/evaluator.h"
#include "train/model-file.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <string.h>

struct _MgModelButton {
  GtkBox parent_instance;
  MgRunList *runs;
  GtkWidget *button, *list;
  GHashTable *checks; /* path -> GtkCheckButton * */
  GPtrArray *chosen;  /* paths, in the order in which they were chosen */
  GPtrArray *opened;  /* paths of files */
  GtkNativeDialog *dialog;
  GtkCheckButton *group; /* the first of those of which one can be chosen; NULL: any number can */
  gboolean one;
};

G_DEFINE_FINAL_TYPE(MgModelButton, mg_model_button, GTK_TYPE_BOX)

static guint changed_signal;

static const char *const ending = ".safetensors";

static void
show_chosen(MgModelButton *button)
{
  g_auto(GStrv) paths = mg_model_button_chosen(button);
  guint n = g_strv_length(paths);
  g_autofree char *text = NULL;
  if (n == 0)
    text = g_strdup(_("Choose a model"));
  else if (n == 1) {
    GtkWidget *check = g_hash_table_lookup(button->checks, paths[0]);
    text = check ? g_strdup(gtk_check_button_get_label(GTK_CHECK_BUTTON(check))) : mg_model_name(paths[0]);
  } else
    text = g_strdup_printf(g_dngettext(NULL, "%u model", "%u models", n), n);
  gtk_menu_button_set_label(GTK_MENU_BUTTON(button->button), text);
}

static void
on_toggled(GtkCheckButton *check, MgModelButton *button)
{
  const char *path = g_object_get_data(G_OBJECT(check), "path");
  if (button->one && !gtk_check_button_get_active(check))
    return; /* another one is chosen */
  if (button->one)
    g_ptr_array_set_size(button->chosen, 0);
  guint place;
  gboolean there = g_ptr_array_find_with_equal_func(button->chosen, path, g_str_equal, &place);
  if (gtk_check_button_get_active(check) && !there)
    g_ptr_array_add(button->chosen, g_strdup(path));
  else if (!gtk_check_button_get_active(check) && there)
    g_ptr_array_remove_index(button->chosen, place);
  show_chosen(button);
  g_signal_emit(button, changed_signal, 0);
}

static void
add_check(MgModelButton *button, const char *path, const char *label)
{
  GtkWidget *check = gtk_check_button_new_with_label(label);
  g_object_set_data_full(G_OBJECT(check), "path", g_strdup(path), g_free);
  if (button->one && button->group)
    gtk_check_button_set_group(GTK_CHECK_BUTTON(check), button->group);
  else if (button->one)
    button->group = GTK_CHECK_BUTTON(check);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check),
                              g_ptr_array_find_with_equal_func(button->chosen, path, g_str_equal, NULL));
  g_signal_connect(check, "toggled", G_CALLBACK(on_toggled), button);
  g_hash_table_insert(button->checks, g_strdup(path), check);
  gtk_box_append(GTK_BOX(button->list), check);
}

static void
add_heading(MgModelButton *button, const char *text)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "caption-heading");
  gtk_widget_add_css_class(label, "dim-label");
  gtk_box_append(GTK_BOX(button->list), label);
}

static void
add_shipped(MgModelButton *button)
{
  g_autofree char *folder = mg_data_dir_find("models", NULL);
  g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
  for (const char *file; dir && (file = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, file, NULL), *name = mg_model_name(path);
    if (g_str_has_suffix(file, ending))
      add_check(button, path, name);
  }
}

static void
add_runs(MgModelButton *button)
{
  gboolean titled = FALSE;
  mg_run_list_refresh(button->runs);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(button->runs)); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(button->runs), i);
    g_autofree char *path = mg_run_has_model(run) ? mg_checkpoint_path(mg_run_folder(run), "best", NULL) : NULL;
    if (!path)
      continue;
    if (!titled)
      add_heading(button, _("Trained here"));
    titled = TRUE;
    add_check(button, path, mg_run_name(run));
  }
}

/* What there is, each time it is asked for. */
static void
fill(MgModelButton *button)
{
  GtkWidget *child;
  g_hash_table_remove_all(button->checks);
  button->group = NULL;
  while ((child = gtk_widget_get_first_child(button->list)))
    gtk_box_remove(GTK_BOX(button->list), child);
  add_heading(button, _("Come with the program"));
  add_shipped(button);
  add_runs(button);
  if (button->opened->len > 0)
    add_heading(button, _("Opened"));
  for (guint i = 0; i < button->opened->len; i++) {
    g_autofree char *name = mg_model_name(button->opened->pdata[i]);
    add_check(button, button->opened->pdata[i], name);
  }
}

void
mg_model_button_open(MgModelButton *button, const char *path)
{
  if (!g_ptr_array_find_with_equal_func(button->opened, path, g_str_equal, NULL))
    g_ptr_array_add(button->opened, g_strdup(path));
  mg_model_button_choose(button, path);
}

void
mg_model_button_choose(MgModelButton *button, const char *path)
{
  g_ptr_array_set_size(button->chosen, 0);
  g_ptr_array_add(button->chosen, g_strdup(path));
  fill(button);
  show_chosen(button);
  g_signal_emit(button, changed_signal, 0);
}

GStrv
mg_model_button_chosen(MgModelButton *button)
{
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
  for (guint i = 0; i < button->chosen->len; i++)
    g_strv_builder_add(paths, button->chosen->pdata[i]);
  return g_strv_builder_end(paths);
}

static void
on_file_response(GtkNativeDialog *dialog, int response, MgModelButton *button)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    mg_model_button_open(button, path);
  g_clear_object(&button->dialog);
}

static void
ask_for_file(MgModelButton *button)
{
  if (button->dialog)
    return;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(_("Open model"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(button))),
                                  GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_add_pattern(filter, "*.safetensors");
  gtk_file_filter_set_name(filter, _("Models"));
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  button->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_set_modal(button->dialog, TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_file_response), button);
  gtk_popover_popdown(gtk_menu_button_get_popover(GTK_MENU_BUTTON(button->button)));
  gtk_native_dialog_show(button->dialog);
}

static GtkWidget *
new_popover(MgModelButton *button)
{
  GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *open = mg_button_new(NULL, _("_Open a model file…"), NULL), *scroll = gtk_scrolled_window_new();
  button->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroll), button->list);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroll), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroll), 360);
  g_signal_connect_swapped(open, "clicked", G_CALLBACK(ask_for_file), button);
  gtk_box_append(GTK_BOX(box), scroll);
  gtk_box_append(GTK_BOX(box), open);
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  g_signal_connect_swapped(popover, "map", G_CALLBACK(fill), button);
  return popover;
}

static void
choose_first(MgModelButton *button)
{
  g_autofree char *path = mg_data_dir_find("models/esc10.safetensors", NULL);
  if (path)
    g_ptr_array_add(button->chosen, g_strdup(path));
}

GtkWidget *
mg_model_button_new(MgRunList *runs, gboolean one)
{
  MgModelButton *button = g_object_new(MG_TYPE_MODEL_BUTTON, NULL);
  button->one = one;
  button->runs = g_object_ref(runs);
  button->button = gtk_menu_button_new();
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button->button), new_popover(button));
  gtk_widget_set_tooltip_text(button->button, one ? _("The model that classifies") : _("Models that listen"));
  choose_first(button);
  show_chosen(button);
  gtk_box_append(GTK_BOX(button), button->button);
  return GTK_WIDGET(button);
}

static void
mg_model_button_dispose(GObject *object)
{
  MgModelButton *button = MG_MODEL_BUTTON(object);
  g_clear_object(&button->dialog);
  g_clear_object(&button->runs);
  g_hash_table_remove_all(button->checks);
  G_OBJECT_CLASS(mg_model_button_parent_class)->dispose(object);
}

static void
mg_model_button_finalize(GObject *object)
{
  MgModelButton *button = MG_MODEL_BUTTON(object);
  g_hash_table_unref(button->checks);
  g_ptr_array_unref(button->chosen);
  g_ptr_array_unref(button->opened);
  G_OBJECT_CLASS(mg_model_button_parent_class)->finalize(object);
}

static void
mg_model_button_class_init(MgModelButtonClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_model_button_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_model_button_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_model_button_init(MgModelButton *button)
{
  button->checks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  button->chosen = g_ptr_array_new_with_free_func(g_free);
  button->opened = g_ptr_array_new_with_free_func(g_free);
}
