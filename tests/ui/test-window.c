/* The window in Russian: every action is in the palette, preferences and layout are kept, motion is reduced. */
#include "base/csv.h"
#include "support.h"
#include "base/data-dir.h"
#include "ui/application.h"
#include "ui/pages.h"
#include "ui/palette.h"
#include "ui/preferences.h"
#include "ui/recent.h"
#include "ui/settings.h"
#include "ui/train/train-params.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/param-panel.h"
#include "ui/window-private.h"
#include <glib/gi18n.h>
#include <locale.h>

/* Actions that are no commands: what they need is not in a palette, or another command does it. */
static const char *const no_commands[] = {
    "win.palette",           /* is it itself */
    "win.page",              /* a command for every page: "Go to …" */
    "explore.add-pane",      /* a command for every feature */
    "win.recent",            /* the main menu lists the workspaces */
    "win.recent-file",       /* likewise the files */
    "win.input-device",      /* the microphone's menu lists the devices */
    "library.remove",        /* of a row */
    "win.classify-file",     /* likewise */
    "win.classify-dropped",  /* of what was dropped */
    "explore.layout",        /* the menu lists the layouts by the names that people gave them */
    "explore.ready-layout",  /* … and those that come with the program */
    "explore.remove-layout", /* likewise */
    "explore.play",          /* win.play does what the page says */
    "explore.to-start",      /* likewise win.to-start */
    "dataset.play",          /* likewise win.play */
    "explore.seek",          /* by the transport bar */
    "explore.note-brush",    /* by the brush */
    "explore.menu",          /* of a picture, where the pointer or the focus is */
    NULL};

static MgApplication *application;
static char *folder;

static MgWindow *
new_window(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(path, &error);
  g_assert_no_error(error);
  MgWindow *window = mg_window_new(GTK_APPLICATION(application), workspace);
  mg_window_restore(window);
  return window;
}

static gboolean
has_cyrillic(const char *text)
{
  for (; *text; text = g_utf8_next_char(text))
    if (g_unichar_get_script(g_utf8_get_char(text)) == G_UNICODE_SCRIPT_CYRILLIC)
      return TRUE;
  return FALSE;
}

/* Actions of the program's own widgets. */
static void
add_actions_of(GtkWidget *widget, GHashTable *actions)
{
  GType owner;
  const char *name, *property;
  const GVariantType *type;
  for (guint i = 0; gtk_widget_class_query_action(GTK_WIDGET_GET_CLASS(widget), i, &owner, &name, &type, &property);
       i++)
    if (!g_str_has_prefix(g_type_name(owner), "Gtk") && !g_str_has_prefix(g_type_name(owner), "Adw") &&
        !g_str_has_prefix(name, "drawing."))
      g_hash_table_add(actions, g_strdup(name));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    add_actions_of(child, actions);
}

static void
add_actions(GActionGroup *group, const char *prefix, GHashTable *actions)
{
  g_auto(GStrv) names = g_action_group_list_actions(group);
  for (char **name = names; *name; name++)
    g_hash_table_add(actions, g_strconcat(prefix, *name, NULL));
}

static void
test_palette_has_all(void)
{
  MgWindow *window = new_window("palette");
  g_autoptr(GHashTable) actions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  add_actions(G_ACTION_GROUP(window), "win.", actions);
  add_actions(G_ACTION_GROUP(application), "app.", actions);
  add_actions_of(GTK_WIDGET(window), actions);
  g_assert_cmpuint(g_hash_table_size(actions), >, 60);
  for (const char *const *name = no_commands; *name; name++)
    if (!g_hash_table_remove(actions, *name))
      g_test_fail_printf("there is no action %s", *name);
  for (const MgCommandLine *command = mg_palette_commands; command->title; command++) {
    gboolean known = g_str_has_prefix(command->action, "hand.") || g_hash_table_contains(actions, command->action);
    if (!known)
      g_test_fail_printf("“%s” does %s, which there is not", command->title, command->action);
  }
  for (const MgCommandLine *command = mg_palette_commands; command->title; command++)
    g_hash_table_remove(actions, command->action);
  GHashTableIter iter;
  gpointer action;
  g_hash_table_iter_init(&iter, actions);
  while (g_hash_table_iter_next(&iter, &action, NULL))
    g_test_fail_printf("no command does %s", (char *)action);
  gtk_window_destroy(GTK_WINDOW(window));
}

static GtkWidget *
find(GtkWidget *widget, GType type, guint *skip)
{
  if (g_type_is_a(G_OBJECT_TYPE(widget), type) && (*skip)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type, skip);
    if (found)
      return found;
  }
  return NULL;
}

/* The i-th widget of that kind. */
static GtkWidget *
nth(GtkWidget *widget, GType type, guint i)
{
  return find(widget, type, &i);
}

static char *ran;

static void
note_run(const char *action, const char *target, gpointer data)
{
  g_free(ran);
  ran = g_strconcat(action, target ? " " : NULL, target, NULL);
}

/* Every command has its Russian name, and one that is written in part is done. */
static void
test_palette_in_russian(void)
{
  for (const MgCommandLine *command = mg_palette_commands; command->title; command++)
    if (!has_cyrillic(_(command->title)))
      g_test_fail_printf("“%s” is “%s” in Russian", command->title, _(command->title));
  GtkWidget *palette = mg_palette_new(NULL, note_run, NULL);
  GtkWidget *search = nth(palette, GTK_TYPE_SEARCH_ENTRY, 0), *list = nth(palette, GTK_TYPE_LIST_BOX, 0);
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), i);
    if (!row)
      break;
    const char *title = gtk_label_get_text(GTK_LABEL(nth(GTK_WIDGET(row), GTK_TYPE_LABEL, 0)));
    if (!has_cyrillic(title))
      g_test_fail_printf("a row is called “%s”", title);
  }
  gtk_editable_set_text(GTK_EDITABLE(search), "мелспек");
  g_signal_emit_by_name(search, "search-changed");
  g_signal_emit_by_name(search, "activate");
  g_assert_cmpstr(ran, ==, "explore.add-pane melspectrogram");
  g_clear_pointer(&ran, g_free);
}

/* A row chosen is a setting kept and in force; a setting kept is a row chosen. */
static void
test_preferences(void)
{
  static const struct {
    const char *key, *last;
  } rows[] = {{"style", "dark"}, {"wheel", "sonic-visualiser"}, {"start", "empty"}, {"tables", "plain"}};
  GtkWidget *window = mg_preferences_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    AdwComboRow *row = ADW_COMBO_ROW(nth(window, ADW_TYPE_COMBO_ROW, i));
    g_assert_nonnull(row);
    g_assert_true(has_cyrillic(adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row))));
    adw_combo_row_set_selected(row, g_list_model_get_n_items(adw_combo_row_get_model(row)) - 1);
    g_autofree char *kept = g_settings_get_string(mg_settings(), rows[i].key);
    g_assert_cmpstr(kept, ==, rows[i].last);
  }
  guint beyond = G_N_ELEMENTS(rows);
  g_assert_null(nth(window, ADW_TYPE_COMBO_ROW, beyond));
  g_assert_cmpint(adw_style_manager_get_color_scheme(adw_style_manager_get_default()), ==, ADW_COLOR_SCHEME_FORCE_DARK);
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append(line, "=1");
  g_assert_cmpstr(line->str, ==, "=1");
  g_settings_reset(mg_settings(), "tables");
  gtk_window_destroy(GTK_WINDOW(window));
  window = mg_preferences_new(NULL);
  g_assert_cmpuint(adw_combo_row_get_selected(ADW_COMBO_ROW(nth(window, ADW_TYPE_COMBO_ROW, 0))), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    g_settings_reset(mg_settings(), rows[i].key);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* Schemas as if installed: ours, in which `from` is `to`. */
static GSettingsSchemaSource *
source_with(const char *from, const char *to)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *schemas = g_build_filename(folder, "schemas", NULL), *text = NULL;
  g_autofree char *ours = mg_data_dir_find("data/org.melograph.Melograph.gschema.xml", NULL);
  g_autofree char *copy = g_build_filename(schemas, "org.melograph.Melograph.gschema.xml", NULL);
  g_assert_true(g_file_get_contents(ours, &text, NULL, NULL));
  g_autoptr(GString) changed = g_string_new(text);
  g_assert_cmpuint(g_string_replace(changed, from, to, 0), ==, 1);
  g_mkdir_with_parents(schemas, 0700);
  g_assert_true(g_file_set_contents(copy, changed->str, -1, NULL));
  char *command[] = {"glib-compile-schemas", "--strict", schemas, NULL};
  g_assert_true(g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error));
  GSettingsSchemaSource *source = g_settings_schema_source_new_from_directory(schemas, NULL, TRUE, &error);
  g_assert_no_error(error);
  return source;
}

static gboolean
is_told_old(const char *from, const char *to)
{
  gboolean old;
  g_autoptr(GSettingsSchemaSource) source = source_with(from, to);
  g_autoptr(GSettingsSchema) schema = mg_settings_find_schema(source, &old);
  g_assert_nonnull(schema); /* the build tree's where the installed one is not taken */
  return old;
}

/* GSettings ends a program that asks for what a schema does not have, so one of another version is not taken. */
static void
test_old_schema(void)
{
  gboolean old;
  g_autoptr(GSettingsSchema) schema = mg_settings_find_schema(NULL, &old);
  g_auto(GStrv) keys = g_settings_schema_list_keys(schema);
  g_assert_false(old);
  g_assert_false(is_told_old("</schema>", "<key name=\"later\" type=\"b\"><default>true</default></key></schema>"));
  g_assert_true(is_told_old("name=\"width\" type=\"i\"", "name=\"width\" type=\"u\""));
  for (char **key = keys; *key; key++) {
    g_autofree char *from = g_strdup_printf("name=\"%s\"", *key), *to = g_strdup_printf("name=\"%s-x\"", *key);
    g_assert_true(is_told_old(from, to));
  }
}

static void
set_param(MgWindow *window, const char *name, const char *text)
{
  GtkWidget *page = adw_view_stack_get_child_by_name(window->stack, "train");
  GtkWidget *panel = nth(mg_page_find("train")->parameters(page), MG_TYPE_PARAM_PANEL, 0);
  g_autoptr(MgParams) params = mg_params_copy(mg_param_panel_params(MG_PARAM_PANEL(panel)));
  g_assert_true(mg_params_set(params, name, text, NULL));
  mg_param_panel_take(MG_PARAM_PANEL(panel), params);
  g_signal_emit_by_name(panel, "changed");
}

static char *
param_of(MgWindow *window, const char *name)
{
  GtkWidget *page = adw_view_stack_get_child_by_name(window->stack, "train");
  GtkWidget *panel = nth(mg_page_find("train")->parameters(page), MG_TYPE_PARAM_PANEL, 0);
  return g_strdup(mg_params_text(mg_param_panel_params(MG_PARAM_PANEL(panel)), name));
}

/* Page, side panes and the parameters of a training are as they were left. */
static void
test_remembered(void)
{
  MgWindow *window = new_window("remembered");
  g_autofree char *before = param_of(window, "epochs");
  g_assert_cmpstr(before, !=, "7");
  set_param(window, "epochs", "7");
  set_param(window, "n_mels", "48");
  g_action_group_activate_action(G_ACTION_GROUP(window), "page", g_variant_new_string("train"));
  g_action_group_change_action_state(G_ACTION_GROUP(window), "library", g_variant_new_boolean(FALSE));
  gtk_window_destroy(GTK_WINDOW(window));
  window = new_window("remembered");
  g_autofree char *epochs = param_of(window, "epochs"), *bands = param_of(window, "n_mels");
  g_assert_cmpstr(epochs, ==, "7");
  g_assert_cmpstr(bands, ==, "48");
  g_assert_cmpstr(adw_view_stack_get_visible_child_name(window->stack), ==, "train");
  g_assert_false(adw_flap_get_reveal_flap(window->library));
  g_assert_true(adw_flap_get_reveal_flap(window->parameters));
  g_settings_reset(mg_settings(), "library");
  gtk_window_destroy(GTK_WINDOW(window));
}

/* The one that is open is the first, none is there twice, and one that is gone is not offered. */
static void
test_recent(void)
{
  g_settings_reset(mg_settings(), "recent");
  for (int i = 0; i < 10; i++) {
    g_autofree char *name = g_strdup_printf("recent-%d", i % 9);
    gtk_window_destroy(GTK_WINDOW(new_window(name)));
  }
  g_auto(GStrv) recent = g_settings_get_strv(mg_settings(), "recent");
  g_assert_cmpuint(g_strv_length(recent), ==, 8);
  g_assert_true(g_str_has_suffix(recent[0], "recent-0"));
  for (guint i = 1; i < 8; i++)
    g_assert_cmpstr(recent[i], !=, recent[0]);
  g_assert_cmpint(g_menu_model_get_n_items(mg_recent_menu(MG_RECENT_WORKSPACES)), ==, 8);
  g_autofree char *database = g_build_filename(recent[3], "workspace.db", NULL);
  g_assert_cmpint(g_remove(database), ==, 0);
  g_assert_cmpint(g_menu_model_get_n_items(mg_recent_menu(MG_RECENT_WORKSPACES)), ==, 7);
}

/* What is looked at comes first, files that are gone are not offered, and one can be opened again. */
static void
test_recent_files(void)
{
  MgWindow *window = new_window("files");
  g_settings_reset(mg_settings(), "recent-files");
  for (int i = 0; i < 3; i++) {
    g_autofree char *path = g_strdup_printf("%s/Моя игра_%d.wav", folder, i);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    mg_selection_set(mg_workspace_selection(window->workspace), path, 0, 0);
  }
  g_auto(GStrv) recent = g_settings_get_strv(mg_settings(), "recent-files");
  g_assert_cmpuint(g_strv_length(recent), ==, 3);
  g_assert_true(g_str_has_suffix(recent[0], "/Моя игра_2.wav"));
  g_assert_cmpint(g_remove(recent[1]), ==, 0);
  GMenuModel *menu = mg_recent_menu(MG_RECENT_FILES);
  g_autofree char *label = NULL;
  g_assert_cmpint(g_menu_model_get_n_items(menu), ==, 2);
  g_assert_true(g_menu_model_get_item_attribute(menu, 1, G_MENU_ATTRIBUTE_LABEL, "s", &label));
  g_assert_cmpstr(label, ==, "Моя игра__0.wav");
  gtk_window_destroy(GTK_WINDOW(window));
}

static void
set_animations(gboolean on)
{
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", on, NULL);
}

/* A pane is there or gone at once, and what runs along moves by whole seconds. */
static void
test_reduced_motion(void)
{
  MgWindow *window = new_window("motion");
  gtk_window_present(GTK_WINDOW(window));
  while (!gtk_widget_get_mapped(GTK_WIDGET(window->library)))
    g_main_context_iteration(NULL, TRUE);
  set_animations(TRUE);
  g_assert_false(mg_motion_is_reduced(GTK_WIDGET(window)));
  g_assert_cmpfloat(mg_motion_time(GTK_WIDGET(window), 3.7), ==, 3.7);
  g_action_group_change_action_state(G_ACTION_GROUP(window), "library", g_variant_new_boolean(FALSE));
  g_assert_cmpfloat(adw_flap_get_reveal_progress(window->library), >, 0);
  while (adw_flap_get_reveal_progress(window->library) > 0)
    g_main_context_iteration(NULL, TRUE);
  set_animations(FALSE);
  g_assert_true(mg_motion_is_reduced(GTK_WIDGET(window)));
  g_assert_cmpfloat(mg_motion_time(GTK_WIDGET(window), 3.7), ==, 3);
  g_action_group_change_action_state(G_ACTION_GROUP(window), "library", g_variant_new_boolean(TRUE));
  g_assert_cmpfloat(adw_flap_get_reveal_progress(window->library), ==, 1);
  set_animations(TRUE);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* The window's drop target takes a file, as from a file manager. */
static void
drop(MgWindow *window, const char *path)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(window));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  GSList list = {file, NULL};
  GValue value = G_VALUE_INIT;
  gboolean taken = FALSE;
  g_value_init(&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed(&value, &list);
  for (guint i = 0; i < g_list_model_get_n_items(controllers) && !taken; i++) {
    g_autoptr(GObject) target = g_list_model_get_item(controllers, i);
    if (GTK_IS_DROP_TARGET(target))
      g_signal_emit_by_name(target, "drop", &value, 1.0, 1.0, &taken);
  }
  g_value_unset(&value);
  g_assert_true(taken);
}

/* On the Live page a sound goes to a model; elsewhere it is opened, and may go there then. */
static void
test_drop(void)
{
  MgWindow *window = new_window("drop");
  g_autofree char *path = g_build_filename(folder, "absent.wav", NULL);
  g_setenv("MELOGRAPH_CLI", "/bin/true", TRUE);
  drop(window, path);
  g_assert_null(window->classify);
  g_action_group_activate_action(G_ACTION_GROUP(window), "classify-dropped", NULL);
  g_assert_nonnull(window->classify);
  gtk_window_destroy(GTK_WINDOW(window->classify));
  g_assert_null(window->classify);
  g_action_group_activate_action(G_ACTION_GROUP(window), "page", g_variant_new_string("live"));
  drop(window, path);
  g_assert_nonnull(window->classify);
  gtk_window_destroy(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  g_setenv("LANGUAGE", "ru", TRUE);
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C"); /* as the test's own output wants it */
  bindtextdomain(GETTEXT_PACKAGE, mg_data_dir_locale());
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  application = mg_application_new();
  g_assert_true(g_application_register(G_APPLICATION(application), NULL, NULL));
  g_test_add_func("/window/palette-has-all", test_palette_has_all);
  g_test_add_func("/window/palette-in-russian", test_palette_in_russian);
  g_test_add_func("/window/preferences", test_preferences);
  g_test_add_func("/window/old-schema", test_old_schema);
  g_test_add_func("/window/remembered", test_remembered);
  g_test_add_func("/window/recent", test_recent);
  g_test_add_func("/window/recent-files", test_recent_files);
  g_test_add_func("/window/reduced-motion", test_reduced_motion);
  g_test_add_func("/window/drop", test_drop);
  int status = g_test_run();
  test_remove(folder);
  return status;
}
