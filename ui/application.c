#include "ui/application.h"
#include "base/csv.h"
#include "session/workspace.h"
#include "ui/pages.h"
#include "ui/settings.h"
#include "ui/trace-labels.h"
#include "ui/window.h"
#include "config.h"
#include <glib-unix.h>
#include <glib/gi18n.h>

struct _MgApplication {
  AdwApplication parent;
};

G_DEFINE_FINAL_TYPE(MgApplication, mg_application, ADW_TYPE_APPLICATION)

MgApplication *
mg_application_new(void)
{
  return g_object_new(MG_TYPE_APPLICATION, "application-id", "org.melograph.Melograph", "flags",
                      G_APPLICATION_HANDLES_OPEN, NULL);
}

static int
print_version(GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains(options, "version"))
    return -1;
  const char *set = __builtin_cpu_supports("avx512f") ? "AVX-512" : __builtin_cpu_supports("avx2") ? "AVX2" : "SSE2";
  g_print("melograph %s\ngtk %u.%u.%u\nlibadwaita %u.%u.%u\nglib %u.%u.%u\ninstruction set %s\n", MG_VERSION,
          gtk_get_major_version(), gtk_get_minor_version(), gtk_get_micro_version(), adw_get_major_version(),
          adw_get_minor_version(), adw_get_micro_version(), glib_major_version, glib_minor_version, glib_micro_version,
          set);
  return 0;
}

/* The window on the workspace in `folder` (NULL: the user's). A workspace that cannot be opened ends the program,
 * because there would be nowhere to keep anything. */
static MgWindow *
new_window(GApplication *application, const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(folder, &error);
  if (!workspace) {
    g_printerr("melograph: %s\n", error->message);
    return NULL;
  }
  return mg_window_new(GTK_APPLICATION(application), workspace);
}

static void
activate(GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));
  if (!window) {
    window = (GtkWindow *)new_window(application, NULL);
    if (window)
      mg_window_restore(MG_WINDOW(window));
  }
  if (window)
    gtk_window_present(window);
}

/* A workspace among the files gets a window of its own, the others go to the window there is. */
static void
open_files(GApplication *application, GFile **files, int n, const char *hint)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  MgWindow *window = NULL;
  for (int i = 0; i < n; i++) {
    char *path = g_file_get_path(files[i]);
    if (path && !window && mg_workspace_is_one(path)) {
      window = new_window(application, path);
      if (window && n == 1)
        mg_window_restore(window);
      g_free(path);
    } else if (path)
      g_ptr_array_add(paths, path);
  }
  g_ptr_array_add(paths, NULL);
  if (!window)
    window = (MgWindow *)gtk_application_get_active_window(GTK_APPLICATION(application));
  if (!window)
    window = new_window(application, NULL);
  if (!window)
    return;
  gtk_window_present(GTK_WINDOW(window));
  mg_window_open_paths(window, (const char *const *)paths->pdata);
}

static void
apply_style(MgApplication *application)
{
  g_autofree char *style = g_settings_get_string(mg_settings(), "style");
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;
  if (g_str_equal(style, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal(style, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), scheme);
}

static void
apply_tables(void)
{
  g_autofree char *tables = g_settings_get_string(mg_settings(), "tables");
  mg_csv_set_formulas(g_str_equal(tables, "plain"));
}

static void
quit(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *application = data;
  GtkWindow *window;
  while ((window = gtk_application_get_active_window(application)))
    gtk_window_destroy(window);
}

/* As when the session ends: what is being recorded or written comes to its end. */
static gboolean
quit_on_signal(gpointer application)
{
  quit(NULL, NULL, application);
  return G_SOURCE_REMOVE; /* a second signal ends the process at once */
}

static void
show_about(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window(data);
  adw_show_about_window(window, "application-name", "Melograph", "application-icon", "org.melograph.Melograph",
                        "version", MG_VERSION, "developer-name", _("The Melograph authors"), "license-type",
                        GTK_LICENSE_GPL_3_0, "comments", _("Sound as a picture, and what a classifier sees in it"),
                        NULL);
}

/* One line a key. Those of the pictures are theirs (ui/explore/tools/hands.c), because they act only while one has the
 * focus.
 */
static const struct {
  const char *action, *keys[3];
} accelerators[] = {
    {"app.quit", {"<Control>q"}},
    {"win.open", {"<Control>o"}},
    {"win.library", {"F9"}},
    {"win.undo", {"<Control>z"}},
    {"win.parameters", {"<Shift>F9"}},
    {"win.show-help-overlay", {"F2", "<Control>question"}},
    {"window.close", {"<Control>w"}},
    {"win.redo", {"<Control><Shift>z"}},
    {"win.present", {"F11", "F5"}},
    {"win.palette", {"<Control>k"}},
    {"win.help", {"F1"}},
    {"win.preferences", {"<Control>comma"}},
};

/* Ctrl+1 is the first page. */
static void
set_page_keys(GtkApplication *application)
{
  for (guint i = 0; mg_pages[i]; i++) {
    g_autofree char *action = g_strdup_printf("win.page('%s')", mg_pages[i]->name);
    g_autofree char *key = g_strdup_printf("<Control>%u", i + 1);
    gtk_application_set_accels_for_action(application, action, (const char *const[]){key, NULL});
  }
}

static void
startup(GApplication *application)
{
  static const GActionEntry actions[] = {{.name = "quit", .activate = quit}, {.name = "about", .activate = show_about}};
  G_APPLICATION_CLASS(mg_application_parent_class)->startup(application);
  mg_trace_labels_watch();
  g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions), application);
  g_unix_signal_add(SIGTERM, quit_on_signal, application);
  set_page_keys(GTK_APPLICATION(application));
  for (size_t i = 0; i < G_N_ELEMENTS(accelerators); i++)
    gtk_application_set_accels_for_action(GTK_APPLICATION(application), accelerators[i].action, accelerators[i].keys);
  if (!mg_settings())
    return;
  g_autoptr(GAction) style = g_settings_create_action(mg_settings(), "style");
  g_action_map_add_action(G_ACTION_MAP(application), style);
  g_signal_connect_object(mg_settings(), "changed::style", G_CALLBACK(apply_style), application, G_CONNECT_SWAPPED);
  g_signal_connect_object(mg_settings(), "changed::tables", G_CALLBACK(apply_tables), application, G_CONNECT_SWAPPED);
  apply_style(MG_APPLICATION(application));
  apply_tables();
}

static void
mg_application_class_init(MgApplicationClass *class)
{
  GApplicationClass *application = G_APPLICATION_CLASS(class);
  application->startup = startup;
  application->activate = activate;
  application->open = open_files;
  application->handle_local_options = print_version;
}

static void
mg_application_init(MgApplication *self)
{
  static const GOptionEntry options[] = {
      {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the versions in use"), NULL},
      {NULL},
  };
  g_application_add_main_option_entries(G_APPLICATION(self), options);
  g_application_set_option_context_parameter_string(G_APPLICATION(self), _("[FILE|FOLDER|RUN]…"));
}
