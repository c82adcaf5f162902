#include "base/error.h"

/* Not G_DEFINE_QUARK: what that keeps is written by several threads at a time. */
GQuark
mg_error_quark(void)
{
  return g_quark_from_static_string("mg-error-quark");
}

char *
mg_one_line(char *message)
{
  for (char *c = message; *c; c++)
    if (g_ascii_iscntrl(*c))
      *c = ' ';
  return message;
}

void
mg_error_one_line(GError **error)
{
  if (error && *error)
    mg_one_line((*error)->message);
}
