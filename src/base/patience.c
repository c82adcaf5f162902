#include "base/patience.h"
#include <glib.h>

static const double usual = 15;

double
mg_patience(void)
{
  const char *wished = g_getenv("MELOGRAPH_PATIENCE");
  double seconds = wished ? g_ascii_strtod(wished, NULL) : 0;
  return seconds > 0 ? seconds : usual;
}
