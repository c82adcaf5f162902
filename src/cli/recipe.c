#include "cli/recipe.h"
#include "base/data-dir.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/classifier.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
begins_with_classifier(const char *text)
{
  g_autofree char *name = g_strndup(text, strcspn(text, ":"));
  return mg_classifier_class_find(g_strstrip(name), NULL) != NULL;
}

static GStrv
steal_list(GPtrArray *texts)
{
  g_ptr_array_add(texts, NULL);
  return (GStrv)g_ptr_array_free(texts, FALSE);
}

GStrv
mg_recipe_split(const char *text)
{
  GPtrArray *items = g_ptr_array_new();
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  for (char **part = parts; *part; part++) {
    char *last = items->len > 0 ? items->pdata[items->len - 1] : NULL;
    if (last && strchr(last, ':') && !begins_with_classifier(*part)) {
      items->pdata[items->len - 1] = g_strconcat(last, ",", *part, NULL);
      g_free(last);
    } else {
      g_ptr_array_add(items, g_strstrip(g_strdup(*part)));
    }
  }
  return steal_list(items);
}

static char *
find_recipe(const char *name, GError **error)
{
  if (strchr(name, '/') || g_str_has_suffix(name, ".txt") || g_file_test(name, G_FILE_TEST_EXISTS))
    return g_strdup(name);
  g_autofree char *relative = g_strdup_printf("models/recipes/%s.txt", name);
  return mg_data_dir_find(relative, error);
}

GStrv
mg_recipe_load(const char *name, GError **error)
{
  g_autofree char *path = find_recipe(name, error);
  g_autofree char *text = path ? mg_file_read(path, 1 << 20, NULL, error) : NULL;
  if (!text)
    return NULL;
  GPtrArray *items = g_ptr_array_new();
  g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
  for (char **line = lines; *line; line++) {
    (*line)[strcspn(*line, "#")] = 0;
    if (*g_strstrip(*line))
      g_ptr_array_add(items, g_strdup(*line));
  }
  g_auto(GStrv) list = steal_list(items);
  if (*list)
    return g_steal_pointer(&list);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: no classifier in it; a line such as svc:C=3 was expected"),
              path);
  return NULL;
}
