#include "session/layouts.h"

#define KEY "panes"

static GKeyFile *
parse(const char *text)
{
  GKeyFile *file = g_key_file_new();
  if (text)
    g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, NULL);
  return file;
}

/* The heading of a group: brackets and the like are no part of one. */
static char *
heading(const char *name)
{
  return g_uri_escape_string(name, " ", TRUE);
}

char **
mg_layouts_names(const char *text)
{
  g_autoptr(GKeyFile) file = parse(text);
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (char **group = groups; *group; group++) {
    char *name = g_key_file_has_key(file, *group, KEY, NULL) ? g_uri_unescape_string(*group, NULL) : NULL;
    if (name)
      g_ptr_array_add(names, name);
  }
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_steal(names, NULL);
}

char *
mg_layouts_get(const char *text, const char *name)
{
  g_autoptr(GKeyFile) file = parse(text);
  g_autofree char *group = heading(name);
  return g_key_file_get_string(file, group, KEY, NULL);
}

char *
mg_layouts_put(const char *text, const char *name, const char *panes)
{
  g_autoptr(GKeyFile) file = parse(text);
  g_autofree char *group = heading(name);
  if (panes)
    g_key_file_set_string(file, group, KEY, panes);
  else
    g_key_file_remove_group(file, group, NULL);
  return g_key_file_to_data(file, NULL, NULL);
}
