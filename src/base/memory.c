#include "base/memory.h"
#include <string.h>

static guint64 pretended = G_MAXUINT64;

/* The number behind `name` at the beginning of a line of the file; `otherwise` where there is none ("max"). */
static guint64
read_number(const char *path, const char *name, guint64 otherwise)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return otherwise;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line; line++) {
    const char *rest = *line + strlen(name);
    if (g_str_has_prefix(*line, name) && g_ascii_isdigit(*(rest += strspn(rest, " \t"))))
      return g_ascii_strtoull(rest, NULL, 10);
  }
  return otherwise;
}

/* The names of the same things in both versions of control groups. */
typedef struct {
  const char *mount, *limit, *used, *cached;
} Group;

static const Group version_1 = {"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
                                "total_cache "};
static const Group version_2 = {"/sys/fs/cgroup", "memory.max", "memory.current", "file "};

static guint64
left_in(const Group *group, const char *folder)
{
  g_autofree char *limit_path = g_build_filename(group->mount, folder, group->limit, NULL);
  g_autofree char *used_path = g_build_filename(group->mount, folder, group->used, NULL);
  g_autofree char *stat_path = g_build_filename(group->mount, folder, "memory.stat", NULL);
  guint64 limit = read_number(limit_path, "", G_MAXUINT64);
  if (limit >= G_MAXINT64 / 2) /* none, which version 1 writes as a very large number */
    return G_MAXUINT64;
  guint64 used = read_number(used_path, "", 0), cached = read_number(stat_path, group->cached, 0);
  used -= MIN(used, cached);
  return limit - MIN(limit, used);
}

/* A group's limit holds for those below it; inside a container only the top may be seen. */
static guint64
left_in_all(const Group *group, const char *folder)
{
  g_autofree char *at = g_strdup(folder);
  guint64 left = left_in(group, at);
  for (char *slash; (slash = strrchr(at, '/'));) {
    *slash = 0;
    left = MIN(left, left_in(group, at));
  }
  return left;
}

/* Lines of /proc/self/cgroup are "number:controllers:folder"; cgroups(7). */
static guint64
left_in_groups(void)
{
  g_autofree char *text = NULL;
  guint64 left = G_MAXUINT64;
  if (!g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL))
    return left;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto(GStrv) parts = g_strsplit(*line, ":", 3);
    if (g_strv_length(parts) < 3)
      continue;
    if (!*parts[1])
      left = MIN(left, left_in_all(&version_2, parts[2]));
    else if (g_str_equal(parts[1], "memory"))
      left = MIN(left, left_in_all(&version_1, parts[2]));
  }
  return left;
}

guint64
mg_memory_available(void)
{
  if (pretended != G_MAXUINT64)
    return pretended;
  guint64 kilobytes = read_number("/proc/meminfo", "MemAvailable:", G_MAXUINT64 / 1024);
  return MIN(kilobytes * 1024, left_in_groups());
}

void
mg_memory_pretend(guint64 available)
{
  pretended = available;
}
