#include "dataset/table-kind.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static gboolean
find_statistic(const char *name, guint *statistics, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (int which = 0; which < MG_N_TABLE_STATISTICS; which++) {
    if (g_str_equal(name, mg_table_statistic_name(which))) {
      *statistics |= MG_TABLE_STATISTIC(which);
      return TRUE;
    }
    g_string_append_printf(names, "%s%s", which ? ", " : "", mg_table_statistic_name(which));
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("statistics: there is no “%s”; expected some of %s"), name,
              names->str);
  return FALSE;
}

static gboolean
read_statistics(const char *text, guint *statistics, GError **error)
{
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  for (char **name = names; *name; name++)
    if (!find_statistic(g_strstrip(*name), statistics, error))
      return FALSE;
  return TRUE;
}

/* Whatever features and statistics the parameters name. */
static gboolean
fill(GArray *array, const MgParams *params, GError **error)
{
  guint statistics = 0;
  if (!read_statistics(mg_params_text(params, "statistics"), &statistics, error))
    return FALSE;
  g_auto(GStrv) names = g_strsplit(mg_params_text(params, "features"), ",", -1);
  for (char **name = names; *name; name++) {
    const MgFeature *feature = mg_feature_find(g_strstrip(*name), error);
    if (!feature)
      return FALSE;
    if (feature->kind == MG_FEATURE_EVENTS) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("features: %s gives moments, which have no statistics; expected a picture, a curve or a number"),
                  feature->name);
      return FALSE;
    }
    MgTableEntry entry = {feature->name, NULL, NULL, FALSE, statistics};
    g_array_append_val(array, entry);
  }
  return TRUE;
}

const MgTableKind mg_table_summary = {.name = "summary", .title = N_("Statistics of any features"), .fill = fill};
