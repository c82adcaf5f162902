#include "ui/recent.h"
#include "session/workspace.h"
#include "ui/settings.h"

#define MOST 8

static gboolean
is_file(const char *path)
{
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static const struct {
  const char *key, *action;
  gboolean (*is_there)(const char *path);
} kinds[] = {[MG_RECENT_WORKSPACES] = {"recent", "win.recent", mg_workspace_is_one},
             [MG_RECENT_FILES] = {"recent-files", "win.recent-file", is_file}};

static GMenu *menus[MG_N_RECENT];

static void
fill(MgRecent kind)
{
  g_auto(GStrv) paths = mg_settings() ? g_settings_get_strv(mg_settings(), kinds[kind].key) : NULL;
  g_menu_remove_all(menus[kind]);
  for (char **path = paths; path && *path; path++) {
    g_autofree char *name = g_filename_display_basename(*path);
    g_auto(GStrv) parts = g_strsplit(name, "_", -1); /* an underscore in a name marks no key */
    g_autofree char *label = g_strjoinv("__", parts);
    g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
    g_menu_item_set_action_and_target(item, kinds[kind].action, "s", *path);
    if (kinds[kind].is_there(*path))
      g_menu_append_item(menus[kind], item);
  }
}

GMenuModel *
mg_recent_menu(MgRecent kind)
{
  if (!menus[kind])
    menus[kind] = g_menu_new();
  fill(kind);
  return G_MENU_MODEL(menus[kind]);
}

void
mg_recent_add(MgRecent kind, const char *path)
{
  if (!mg_settings() || !g_utf8_validate(path, -1, NULL)) /* settings hold texts alone */
    return;
  g_auto(GStrv) paths = g_settings_get_strv(mg_settings(), kinds[kind].key);
  g_autoptr(GPtrArray) list = g_ptr_array_new();
  g_ptr_array_add(list, (gpointer)path);
  for (char **other = paths; *other && list->len < MOST; other++)
    if (!g_str_equal(*other, path))
      g_ptr_array_add(list, *other);
  g_ptr_array_add(list, NULL);
  g_settings_set_strv(mg_settings(), kinds[kind].key, (const char *const *)list->pdata);
  mg_recent_menu(kind);
}
