#include "base/npy.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  char kind; /* 'f', 'i', 'u' or 'b' */
  int bytes;
} ElementType;

static gboolean
bad_file(GError **error, const char *path, const char *what)
{
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a .npy array that can be read: %s"), path, what);
  return FALSE;
}

/* Finds the text after `'key':` in the header's Python dictionary. */
static const char *
header_value(const char *header, const char *key)
{
  g_autofree char *quoted = g_strdup_printf("'%s':", key);
  const char *found = strstr(header, quoted);
  return found ? found + strlen(quoted) + strspn(found + strlen(quoted), " ") : NULL;
}

static gboolean
parse_type(const char *header, ElementType *type, const char *path, GError **error)
{
  static const char *const known[] = {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"};
  const char *text = header_value(header, "descr");
  if (!text || text[0] != '\'' || (text[1] != '<' && text[1] != '|'))
    return bad_file(error, path, _("its element type is not a little-endian number"));
  for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
    if (strncmp(text + 2, known[i], 2) == 0 && text[4] == '\'') {
      *type = (ElementType){known[i][0], known[i][1] - '0'};
      return TRUE;
    }
  return bad_file(error, path, _("its element type is none of f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1"));
}

static gboolean
parse_shape(const char *header, size_t *rows, size_t *cols, const char *path, GError **error)
{
  const char *text = header_value(header, "shape");
  if (!text || *text != '(')
    return bad_file(error, path, _("its shape is missing"));
  guint64 sizes[2] = {1, 1};
  int dimensions = 0;
  char *rest = (char *)text + 1;
  while (g_ascii_isdigit(*rest)) {
    if (dimensions == 2)
      return bad_file(error, path, _("it has more than two dimensions"));
    sizes[dimensions++] = g_ascii_strtoull(rest, &rest, 10);
    rest += strspn(rest, ", ");
  }
  if (*rest != ')')
    return bad_file(error, path, _("its shape is not a tuple of whole numbers"));
  *rows = dimensions == 2 ? sizes[0] : 1;
  *cols = dimensions == 2 ? sizes[1] : sizes[0];
  return TRUE;
}

static float
element(const guint8 *at, ElementType type)
{
  union {
    float f4;
    double f8;
    gint8 i1;
    gint16 i2;
    gint32 i4;
    gint64 i8;
    guint8 u1;
    guint16 u2;
    guint32 u4;
    guint64 u8;
  } value;
  memcpy(&value, at, type.bytes);
  if (type.kind == 'f')
    return type.bytes == 4 ? value.f4 : (float)value.f8;
  gboolean is_signed = type.kind == 'i';
  switch (type.bytes) {
  case 1:
    return is_signed ? value.i1 : value.u1;
  case 2:
    return is_signed ? value.i2 : value.u2;
  case 4:
    return is_signed ? (float)value.i4 : (float)value.u4;
  default:
    return is_signed ? (float)value.i8 : (float)value.u8;
  }
}

/* Returns the header's text (to be freed) and where the values start. */
static char *
read_header(const char *contents, size_t length, size_t *start, const char *path, GError **error)
{
  if (length < 12 || memcmp(contents, "\x93NUMPY", 6) != 0) {
    bad_file(error, path, _("it does not begin as one"));
    return NULL;
  }
  const guint8 *bytes = (const guint8 *)contents;
  if (bytes[6] < 1 || bytes[6] > 3) {
    bad_file(error, path, _("its version is none of 1, 2 and 3"));
    return NULL;
  }
  gboolean long_header = bytes[6] >= 2;
  size_t before = long_header ? 12 : 10;
  size_t header_length =
      bytes[8] | bytes[9] << 8 | (long_header ? (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24 : 0);
  if (header_length > length - before) {
    bad_file(error, path, _("its header is cut off"));
    return NULL;
  }
  *start = before + header_length;
  return g_strndup(contents + before, header_length);
}

MgMatrix *
mg_npy_load(const char *path, GError **error)
{
  size_t length, start, rows, cols;
  g_autofree char *contents = mg_file_read(path, (size_t)1 << 30, &length, error);
  if (!contents)
    return NULL;
  g_autofree char *header = read_header(contents, length, &start, path, error);
  ElementType type;
  if (!header || !parse_type(header, &type, path, error) || !parse_shape(header, &rows, &cols, path, error))
    return NULL;
  const char *order = header_value(header, "fortran_order");
  if (!order || !g_str_has_prefix(order, "False")) {
    bad_file(error, path, _("its values are not in C order"));
    return NULL;
  }
  if (rows > 0 && cols > (length - start) / type.bytes / rows) { /* before there is memory for what it says */
    bad_file(error, path, _("it is shorter than its shape says"));
    return NULL;
  }
  g_autoptr(MgMatrix) matrix = mg_matrix_new(rows, cols, error);
  if (!matrix) {
    g_prefix_error(error, "%s: ", path);
    return NULL;
  }
  const guint8 *values = (const guint8 *)contents + start;
  for (size_t i = 0; i < rows * cols; i++)
    matrix->data[i] = element(values + i * type.bytes, type);
  return g_steal_pointer(&matrix);
}

static gboolean
write_header(MgFileWriter *writer, size_t rows, size_t cols, gboolean flat, GError **error)
{
  g_autofree char *shape = flat ? g_strdup_printf("(%zu,)", cols) : g_strdup_printf("(%zu, %zu)", rows, cols);
  g_autoptr(GString) header = g_string_new(NULL);
  g_string_printf(header, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
  while ((10 + header->len + 1) % 64 != 0)
    g_string_append_c(header, ' ');
  g_string_append_c(header, '\n');
  guint8 prefix[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, header->len & 0xff, header->len >> 8};
  return mg_file_writer_write(writer, prefix, sizeof prefix, error) &&
         mg_file_writer_write(writer, header->str, header->len, error);
}

gboolean
mg_npy_save(const char *path, const MgMatrix *matrix, gboolean flat, GError **error)
{
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  return writer && write_header(writer, matrix->rows, matrix->cols, flat && matrix->rows == 1, error) &&
         mg_file_writer_write(writer, matrix->data, matrix->rows * matrix->cols * sizeof(float), error) &&
         mg_file_writer_finish(writer, error);
}

gboolean
mg_npy_save_spool(const char *path, const MgSpool *spool, GError **error)
{
  enum { BLOCK = 1 << 16 };
  g_autofree float *block = g_new(float, BLOCK);
  size_t cols = mg_spool_cols(spool);
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  if (!writer || !write_header(writer, mg_spool_rows(spool), cols, FALSE, error))
    return FALSE;
  for (size_t row = 0; row < mg_spool_rows(spool); row++)
    for (size_t first = 0; first < cols; first += BLOCK) {
      size_t n = MIN(BLOCK, cols - first);
      if (!mg_spool_read(spool, row, first, n, block, error) ||
          !mg_file_writer_write(writer, block, n * sizeof *block, error))
        return FALSE;
    }
  return mg_file_writer_finish(writer, error);
}
