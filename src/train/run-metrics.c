#include "train/run-dir.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char header[] = "epoch,step,split,name,value\n";
static const size_t largest = (size_t)1 << 30; /* bytes of metrics.csv that are read */

static char *
metrics_path(const char *folder)
{
  return g_build_filename(folder, "metrics.csv", NULL);
}

/* Copies what fits, without cutting a character in two, and without line ends: a metric is one line. */
static void
copy_text(char *to, size_t size, const char *from)
{
  g_strlcpy(to, from, size);
  const char *end;
  g_utf8_validate(to, -1, &end);
  to[end - to] = 0;
  g_strdelimit(to, "\r\n", ' ');
}

MgMetric
mg_metric(int epoch, gint64 step, const char *split, const char *name, double value)
{
  MgMetric metric = {.epoch = epoch, .step = step, .value = value};
  copy_text(metric.split, sizeof metric.split, split);
  copy_text(metric.name, sizeof metric.name, name);
  return metric;
}

static gboolean
has_bytes(const char *path)
{
  GStatBuf status;
  return g_stat(path, &status) == 0 && status.st_size > 0;
}

gboolean
mg_metrics_append(const char *folder, const MgMetric *metrics, size_t n, GError **error)
{
  g_autofree char *path = metrics_path(folder);
  g_autoptr(GString) text = g_string_new(has_bytes(path) ? NULL : header);
  g_autoptr(GString) line = g_string_new(NULL);
  for (size_t i = 0; i < n; i++) {
    g_string_printf(line, "%d,%" G_GINT64_FORMAT, metrics[i].epoch, metrics[i].step);
    mg_csv_append(line, metrics[i].split);
    mg_csv_append(line, metrics[i].name);
    mg_csv_append_number(line, metrics[i].value, 9);
    g_string_append_len(text, line->str, line->len);
    g_string_append_c(text, '\n');
  }
  return mg_file_append(path, text->str, text->len, error);
}

static gboolean
read_from(const char *path, gint64 offset, MgMetricsTail *seen, GString *text, gboolean *restarted, GError **error)
{
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) {
    *restarted = seen->inode != 0;
    *seen = (MgMetricsTail){0};
    return TRUE;
  }
  struct stat now;
  gboolean good = descriptor >= 0 && fstat(descriptor, &now) == 0;
  if (good) {
    *restarted = seen->inode != 0 && (seen->inode != now.st_ino || now.st_size < offset);
    if (*restarted)
      seen->offset = 0;
    seen->inode = now.st_ino;
    size_t wanted = (size_t)MIN(MAX(now.st_size - seen->offset, 0), (gint64)largest);
    g_string_set_size(text, wanted);
    ssize_t length = pread(descriptor, text->str, wanted, seen->offset);
    good = length >= 0;
    g_string_set_size(text, good ? length : 0);
  }
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read: %s"), path, g_strerror(errno));
  if (descriptor >= 0)
    close(descriptor);
  return good;
}

static gboolean
parse_lines(const char *text, const char *path, GArray *metrics, GError **error)
{
  g_autofree char *table = g_strconcat(header, g_str_has_prefix(text, header) ? text + strlen(header) : text, NULL);
  g_autoptr(MgCsv) csv = mg_csv_parse(table, path, error);
  if (!csv)
    return FALSE;
  for (guint row = 0; row < csv->rows->len; row++) {
    MgMetric metric = mg_metric((int)g_ascii_strtoll(mg_csv_get(csv, row, 0), NULL, 10),
                                g_ascii_strtoll(mg_csv_get(csv, row, 1), NULL, 10), mg_csv_get(csv, row, 2),
                                mg_csv_get(csv, row, 3), g_ascii_strtod(mg_csv_get(csv, row, 4), NULL));
    g_array_append_val(metrics, metric);
  }
  return TRUE;
}

gboolean
mg_metrics_tail(const char *folder, MgMetricsTail *tail, GArray *metrics, gboolean *restarted, GError **error)
{
  g_autofree char *path = metrics_path(folder);
  g_autoptr(GString) text = g_string_new(NULL);
  *restarted = FALSE;
  if (!read_from(path, tail->offset, tail, text, restarted, error))
    return FALSE;
  if (*restarted)
    g_array_set_size(metrics, 0);
  const char *last = memrchr(text->str, '\n', text->len);
  if (!last)
    return TRUE;
  g_string_truncate(text, last + 1 - text->str);
  tail->offset += (gint64)text->len;
  return parse_lines(text->str, path, metrics, error);
}

gint64
mg_metrics_length(const char *folder)
{
  g_autofree char *path = metrics_path(folder);
  g_autofree char *text = NULL;
  size_t length;
  if (!(text = mg_file_read(path, largest, &length, NULL)))
    return 0;
  const char *last = memrchr(text, '\n', length);
  return last ? last + 1 - text : 0;
}

gboolean
mg_metrics_cut(const char *folder, gint64 length, GError **error)
{
  g_autofree char *path = metrics_path(folder);
  size_t now;
  if (length == 0 && !g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE; /* the disk was full after the first checkpoint */
  g_autofree char *text = mg_file_read(path, largest, &now, error);
  if (!text)
    return FALSE;
  if (length < 0 || (guint64)length > now || (length > 0 && text[length - 1] != '\n')) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: %zu bytes do not go back to the checkpoint's %" PRId64 "; the file was changed"), path, now,
                length);
    return FALSE;
  }
  return mg_file_write(path, text, length, error); /* a new file: whoever follows it sees that it was cut */
}
