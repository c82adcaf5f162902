#include "base/error.h"

/* clang-format off */
G_DEFINE_QUARK(mg-error-quark, mg_error)
/* clang-format on */

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
