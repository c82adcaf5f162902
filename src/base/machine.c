#include "base/machine.h"
#include "base/parallel.h"
#include <glib.h>
#include <string.h>
#include <sys/utsname.h>

/* "model name : …" of /proc/cpuinfo (proc(5)), which not every architecture has. */
static char *
processor_name(void)
{
  static const char key[] = "\nmodel name";
  g_autofree char *text = NULL;
  const char *line = g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL) ? strstr(text, key) : NULL;
  const char *value = line ? strchr(line, ':') : NULL;
  struct utsname system;
  if (value)
    return g_strstrip(g_strndup(value + 1, strcspn(value, "\n") - 1));
  return g_strdup(uname(&system) == 0 ? system.machine : "unknown");
}

char *
mg_machine_name(void)
{
  g_autofree char *processor = processor_name();
  return g_strdup_printf("%s, %d threads", processor, mg_processors());
}
