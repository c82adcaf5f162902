#include "dataset/edit-names.h"
#include <glib/gi18n-lib.h>

char *
mg_edit_name_tracks(MgTrackField field, const char *text, guint n)
{
  if (field == MG_FIELD_LABEL && text)
    return g_strdup_printf(ngettext("%u track labelled “%s”", "%u tracks labelled “%s”", n), n, text);
  if (field == MG_FIELD_LABEL)
    return g_strdup_printf(ngettext("%u track without a class", "%u tracks without a class", n), n);
  return text ? g_strdup_printf(ngettext("%u track excluded", "%u tracks excluded", n), n)
              : g_strdup_printf(ngettext("%u track included", "%u tracks included", n), n);
}

char *
mg_edit_name_class(const char *from, const char *to, gboolean merge)
{
  return g_strdup_printf(merge ? _("Class “%s” merged with “%s”") : _("Class “%s” renamed “%s”"), from, to);
}

char *
mg_edit_name_problems(guint n, const char *kind)
{
  return g_strdup_printf(ngettext("%u problem fixed (%s)", "%u problems fixed (%s)", n), n, kind);
}
