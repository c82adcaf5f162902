#include "ui/train/search-window.h"
#include "base/data-dir.h"
#include "base/file.h"
#include "ml/search-space-lines.h"
#include "ml/search.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/param-panel.h"
#include <glib/gi18n.h>
#include <string.h>

struct _MgSearchWindow {
  AdwWindow parent_instance;
  MgRunList *runs;
  char *about, *name;
  char **options, **settings;
  gboolean classifiers;
  GPtrArray *texts;     /* char *: the spaces to choose from, as JSON */
  GtkStringList *names; /* of them */
  MgSpace *space;       /* the chosen one, as it came; or NULL */
  char *edited;         /* the same with the lines that were typed, as JSON; NULL where they do not fit */
  GPtrArray *entries;   /* GtkWidget *, one a parameter of it */
  GtkWidget *chooser, *ranges, *panel, *problem, *start;
};

G_DEFINE_FINAL_TYPE(MgSearchWindow, mg_search_window, ADW_TYPE_WINDOW)

static guint started_signal;

/* The space. */

static void
show_problem(MgSearchWindow *window, const GError *error)
{
  mg_notice_set(window->problem, MG_NOTICE_ERROR, error ? error->message : NULL);
  gtk_widget_set_sensitive(window->start, window->edited && mg_param_panel_valid(MG_PARAM_PANEL(window->panel)));
}

static void
take_lines(MgSearchWindow *window)
{
  g_autofree const char **lines = g_new0(const char *, window->entries->len + 1);
  for (guint i = 0; i < window->entries->len; i++)
    lines[i] = gtk_editable_get_text(GTK_EDITABLE(window->entries->pdata[i]));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = mg_space_with_lines(window->space, lines);
  g_autoptr(MgSpace) space = mg_space_parse(text, _("Space"), &error);
  g_free(window->edited);
  window->edited = space ? g_steal_pointer(&text) : NULL;
  show_problem(window, error);
}

/* "svc.C, with classifier svc" */
static char *
title_of(const MgSpace *space, guint i)
{
  const MgSpaceParam *param = mg_space_param(space, i);
  g_autoptr(GString) title = g_string_new(param->name);
  if (param->depends >= 0) {
    const MgSpaceParam *on = mg_space_param(space, (guint)param->depends);
    g_autoptr(GString) values = g_string_new(NULL);
    for (guint k = 0; k < on->n_values; k++)
      if (param->when[k])
        g_string_append_printf(values, "%s%s", values->len ? ", " : "", on->values[k]);
    g_string_append_printf(title, _(", where %s is %s"), on->name, values->str);
  }
  return g_markup_escape_text(title->str, -1);
}

static void
show_ranges(MgSearchWindow *window)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(window->ranges);
  for (guint i = 0; i < window->entries->len; i++)
    adw_preferences_group_remove(group, window->entries->pdata[i]);
  g_ptr_array_set_size(window->entries, 0);
  for (guint i = 0; window->space && i < window->space->params->len; i++) {
    g_autofree char *title = title_of(window->space, i), *line = mg_space_line(window->space, i);
    GtkWidget *row = adw_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    gtk_editable_set_text(GTK_EDITABLE(row), line);
    g_signal_connect_swapped(row, "changed", G_CALLBACK(take_lines), window);
    adw_preferences_group_add(group, row);
    g_ptr_array_add(window->entries, row);
  }
}

static void
take_space(MgSearchWindow *window)
{
  guint chosen = adw_combo_row_get_selected(ADW_COMBO_ROW(window->chooser));
  if (chosen >= window->texts->len)
    return;
  g_clear_pointer(&window->space, mg_space_free);
  window->space = mg_space_parse(window->texts->pdata[chosen], gtk_string_list_get_string(window->names, chosen), NULL);
  show_ranges(window);
  take_lines(window);
}

/* Joins those to choose from; FALSE where the text is no space of what is searched. */
static gboolean
add_space(MgSearchWindow *window, const char *name, const char *text, GError **error)
{
  g_autoptr(MgSpace) space = mg_space_parse(text, name, error);
  if (!space)
    return FALSE;
  g_ptr_array_add(window->texts, g_strdup(text));
  gtk_string_list_append(window->names, name);
  return TRUE;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean
suits(MgSearchWindow *window, const char *text)
{
  g_autoptr(MgSpace) space = mg_space_parse(text, "", NULL);
  return space && (mg_space_find(space, "classifier") >= 0) == window->classifiers;
}

/* Those that come with the program. */
static void
add_shipped(MgSearchWindow *window)
{
  g_autofree char *folder = mg_data_dir_find("models/spaces", NULL);
  g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  const char *file;
  while (dir && (file = g_dir_read_name(dir)))
    if (g_str_has_suffix(file, ".json"))
      g_ptr_array_add(files, g_strdup(file));
  g_ptr_array_sort(files, compare_texts);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL), *name = NULL;
    g_autofree char *text = mg_file_read(path, 1 << 20, NULL, NULL);
    name = g_strndup(files->pdata[i], strlen(files->pdata[i]) - strlen(".json"));
    if (text && suits(window, text))
      add_space(window, name, text, NULL);
  }
}

static void
on_file(GtkWidget *widget, const char *path, gpointer data)
{
  MgSearchWindow *window = MG_SEARCH_WINDOW(widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = mg_file_read(path, 1 << 20, NULL, &error), *name = g_path_get_basename(path);
  if (text && add_space(window, name, text, &error))
    adw_combo_row_set_selected(ADW_COMBO_ROW(window->chooser), window->texts->len - 1);
  else
    show_problem(window, error);
}

static void
ask_for_file(MgSearchWindow *window)
{
  mg_ask_file(GTK_WIDGET(window), GTK_FILE_CHOOSER_ACTION_OPEN, _("Open a space to search"), _("_Open"), NULL, on_file,
              NULL, NULL);
}

/* Starting. */

static void
add_words(GStrvBuilder *arguments, char **words)
{
  for (; *words; words++)
    g_strv_builder_add(arguments, *words);
}

static void
add_setting(GStrvBuilder *arguments, const char *assignment)
{
  g_strv_builder_add(arguments, "--set");
  g_strv_builder_add(arguments, assignment);
}

static gboolean
is_looked_through(const MgSpace *space, const char *assignment)
{
  g_autofree char *name = g_strndup(assignment, strcspn(assignment, "="));
  for (guint i = 0; i < space->params->len; i++)
    if (g_str_equal(mg_space_param(space, i)->parameter, name))
      return TRUE;
  return FALSE;
}

static char **
arguments_of(MgSearchWindow *window)
{
  g_autoptr(GStrvBuilder) arguments = g_strv_builder_new();
  const MgParams *params = mg_param_panel_params(MG_PARAM_PANEL(window->panel));
  g_autofree char *space = g_strconcat("--space=", window->edited, NULL);
  add_words(arguments, window->options);
  g_strv_builder_add(arguments, space);
  for (char **setting = window->settings; *setting; setting++)
    if (!is_looked_through(window->space, *setting))
      add_setting(arguments, *setting);
  g_auto(GStrv) changed = mg_params_changed(params);
  for (char **setting = changed; *setting; setting++)
    add_setting(arguments, *setting);
  return g_strv_builder_end(arguments);
}

/* Not before the button that asks for it has done with its signals. */
static gboolean
close_soon(gpointer window)
{
  gtk_window_close(window);
  return G_SOURCE_REMOVE;
}

static void
start(MgSearchWindow *window)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = mg_run_list_new_folder(window->runs, window->name, &error);
  g_auto(GStrv) arguments = arguments_of(window);
  MgRun *run = folder ? mg_run_list_add(window->runs, folder) : NULL;
  if (!run || !mg_run_start_search(run, (const char *const *)arguments, &error)) {
    show_problem(window, error);
    return;
  }
  g_signal_emit(window, started_signal, 0, run);
  g_idle_add_full(G_PRIORITY_DEFAULT, close_soon, g_object_ref(window), g_object_unref);
}

/* Building. */

static GtkWidget *
new_chooser(MgSearchWindow *window)
{
  GtkWidget *row = window->chooser = adw_combo_row_new(),
            *open = gtk_button_new_from_icon_name("document-open-symbolic");
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Space"));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(window->names));
  gtk_widget_set_valign(open, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(open, "flat");
  gtk_widget_set_tooltip_text(open, _("Open a space from a file"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(open), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Open a space from a file"),
                                 -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), open);
  g_signal_connect_swapped(row, "notify::selected", G_CALLBACK(take_space), window);
  g_signal_connect_swapped(open, "clicked", G_CALLBACK(ask_for_file), window);
  return row;
}

static GtkWidget *
new_panel(MgSearchWindow *window)
{
  static const MgParamTable *const tables[] = {&mg_search_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  GtkWidget *what = adw_preferences_group_new();
  window->panel = mg_param_panel_new(params, NULL);
  window->ranges = adw_preferences_group_new();
  window->problem = mg_notice_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(window->ranges), _("Ranges and values"));
  adw_preferences_group_set_description(
      ADW_PREFERENCES_GROUP(window->ranges),
      _("A range is written as 0.01..0.3, with log, integer or step 2 behind it; values to choose from with commas "
        "between them."));
  g_autofree char *about = g_markup_escape_text(window->about, -1);
  adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(what), about);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(what), new_chooser(window));
  mg_param_panel_add(MG_PARAM_PANEL(window->panel), ADW_PREFERENCES_GROUP(window->ranges), TRUE);
  mg_param_panel_add(MG_PARAM_PANEL(window->panel), ADW_PREFERENCES_GROUP(what), TRUE);
  g_signal_connect_object(window->panel, "changed", G_CALLBACK(take_lines), window, G_CONNECT_SWAPPED);
  gtk_widget_set_vexpand(window->panel, TRUE);
  return window->panel;
}

static GtkWidget *
new_content(MgSearchWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *bar = adw_header_bar_new();
  GtkWidget *cancel = mg_button_new(NULL, _("_Cancel"), _("Close without searching"));
  window->start = mg_button_new(NULL, _("_Search"), _("Start the search; it goes on in a process of its own"));
  gtk_widget_add_css_class(window->start, "suggested-action");
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(bar), FALSE);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(bar), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(bar), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(bar), window->start);
  g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(gtk_window_close), window);
  g_signal_connect_swapped(window->start, "clicked", G_CALLBACK(start), window);
  gtk_box_append(GTK_BOX(box), bar);
  gtk_box_append(GTK_BOX(box), new_panel(window));
  gtk_widget_set_margin_start(window->problem, 12);
  gtk_widget_set_margin_end(window->problem, 12);
  gtk_widget_set_margin_bottom(window->problem, 12);
  gtk_box_append(GTK_BOX(box), window->problem);
  return box;
}

static void
mg_search_window_finalize(GObject *object)
{
  MgSearchWindow *window = MG_SEARCH_WINDOW(object);
  g_clear_object(&window->runs);
  g_free(window->about);
  g_free(window->name);
  g_strfreev(window->options);
  g_strfreev(window->settings);
  g_ptr_array_unref(window->texts);
  g_clear_object(&window->names);
  mg_space_free(window->space);
  g_free(window->edited);
  g_ptr_array_unref(window->entries);
  G_OBJECT_CLASS(mg_search_window_parent_class)->finalize(object);
}

static void
mg_search_window_class_init(MgSearchWindowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_search_window_finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close", NULL);
  started_signal = g_signal_new("started", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, MG_TYPE_RUN);
}

static void
mg_search_window_init(MgSearchWindow *window)
{
  window->texts = g_ptr_array_new_with_free_func(g_free);
  window->entries = g_ptr_array_new();
  window->names = gtk_string_list_new(NULL);
}

/* The space that several classifiers share, where classifiers are searched. */
static void
select_first(MgSearchWindow *window)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(window->names)); i++)
    if (g_str_equal(gtk_string_list_get_string(window->names, i), window->classifiers ? "classifiers" : "training"))
      adw_combo_row_set_selected(ADW_COMBO_ROW(window->chooser), i);
}

GtkWidget *
mg_search_window_new(MgRunList *runs, const MgSearchRequest *request)
{
  MgSearchWindow *window = g_object_new(MG_TYPE_SEARCH_WINDOW, NULL);
  window->runs = g_object_ref(runs);
  window->about = g_strdup(request->about);
  window->name = g_strdup(request->name);
  window->options = g_strdupv((char **)request->options);
  window->settings = g_strdupv((char **)request->settings);
  window->classifiers = request->classifiers;
  add_shipped(window);
  adw_window_set_content(ADW_WINDOW(window), new_content(window));
  select_first(window);
  take_space(window);
  gtk_window_set_title(GTK_WINDOW(window), _("Search for parameters"));
  mg_window_set_size(GTK_WINDOW(window), 520, 720);
  return GTK_WIDGET(window);
}

void
mg_search_window_present(MgSearchWindow *window, GtkWidget *parent)
{
  gtk_window_set_transient_for(GTK_WINDOW(window), GTK_WINDOW(gtk_widget_get_root(parent)));
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  gtk_window_present(GTK_WINDOW(window));
}
