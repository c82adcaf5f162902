/* English plurals in what is not translated, such as the lines of a run's log. What a person is told goes through
 * ngettext(). */
#pragma once
#include <glib.h>

/* What a regular noun ends with after the number n: g_print("%u track%s", n, mg_plural(n)). */
static inline const char *
mg_plural(guint64 n)
{
  return n == 1 ? "" : "s";
}
