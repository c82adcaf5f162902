#include "nn/safetensors.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "arrays are read as they lie in the file, which is little-endian"
#endif

static const guint64 most_header = 16 << 20;
static const size_t most_dimensions = 8;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

typedef struct {
  const char *name;
  size_t bytes;
  void (*to_float)(const void *values, size_t n, float *out);
} Type;

typedef struct {
  char *name;
  const Type *type;
  guint64 shape[8];
  size_t dimensions;
  guint64 n, begin, end; /* values; bytes from the end of the header */
} Entry;

struct MgSafetensors {
  char *path;
  int descriptor;
  guint64 data;         /* where the arrays begin in the file */
  GHashTable *entries;  /* char * -> Entry * */
  GHashTable *metadata; /* char * -> char * */
};

static void
from_f32(const void *values, size_t n, float *out)
{
  memcpy(out, values, n * sizeof *out);
}

static void
from_bf16(const void *values, size_t n, float *out)
{
  const guint16 *halves = values;
  for (size_t i = 0; i < n; i++) {
    guint32 bits = (guint32)halves[i] << 16;
    memcpy(&out[i], &bits, sizeof bits);
  }
}

static float
half_to_float(guint16 half)
{
  int exponent = (half >> 10) & 31, fraction = half & 1023;
  float size = exponent == 31  ? (fraction ? NAN : INFINITY)
               : exponent == 0 ? ldexpf(fraction, -24)
                               : ldexpf(1024 + fraction, exponent - 25);
  return half & 0x8000 ? -size : size;
}

static void
from_f16(const void *values, size_t n, float *out)
{
  const guint16 *halves = values;
  for (size_t i = 0; i < n; i++)
    out[i] = half_to_float(halves[i]);
}

static void
from_f64(const void *values, size_t n, float *out)
{
  const double *doubles = values;
  for (size_t i = 0; i < n; i++)
    out[i] = (float)doubles[i];
}

/* What counts (num_batches_tracked) may stand beside the weights; no layer here reads it. */
static const Type types[] = {
    {"F32", 4, from_f32}, {"F16", 2, from_f16}, {"BF16", 2, from_bf16}, {"F64", 8, from_f64}, {"I64", 8, NULL},
    {"I32", 4, NULL},     {"I16", 2, NULL},     {"I8", 1, NULL},        {"U64", 8, NULL},     {"U32", 4, NULL},
    {"U16", 2, NULL},     {"U8", 1, NULL},      {"BOOL", 1, NULL},
};

static gboolean fail(const MgSafetensors *file, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static gboolean
fail(const MgSafetensors *file, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = mg_one_line(g_strdup_vprintf(format, arguments));
  va_end(arguments);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: %s", file->path, message);
  return FALSE;
}

static gboolean
read_at(const MgSafetensors *file, guint64 offset, void *buffer, size_t length, GError **error)
{
  char *rest = buffer;
  while (length > 0) {
    ssize_t got = pread(file->descriptor, rest, length, offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot read: %s"), file->path, g_strerror(errno));
      return FALSE;
    }
    if (got == 0)
      return fail(file, error, _("ends at byte %" PRIu64 ", in the middle of its data"), offset);
    rest += got;
    offset += got;
    length -= got;
  }
  return TRUE;
}

static void
free_entry(gpointer data)
{
  Entry *entry = data;
  g_free(entry->name);
  g_free(entry);
}

/* A whole number of 0 to 2^53, else FALSE. */
static gboolean
get_number(const json_t *value, guint64 *number)
{
  if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > (json_int_t)1 << 53)
    return FALSE;
  *number = json_integer_value(value);
  return TRUE;
}

static gboolean
read_shape(const json_t *list, Entry *entry)
{
  entry->dimensions = json_array_size(list);
  entry->n = 1;
  if (!json_is_array(list) || entry->dimensions > most_dimensions)
    return FALSE;
  for (size_t i = 0; i < entry->dimensions; i++)
    if (!get_number(json_array_get(list, i), &entry->shape[i]) ||
        __builtin_mul_overflow(entry->n, entry->shape[i], &entry->n))
      return FALSE;
  return entry->n <= (guint64)1 << 53;
}

static const Type *
find_type(const char *name)
{
  for (size_t i = 0; name && i < G_N_ELEMENTS(types); i++)
    if (g_str_equal(types[i].name, name))
      return &types[i];
  return NULL;
}

static gboolean
read_entry(MgSafetensors *file, const char *name, const json_t *object, guint64 length, GError **error)
{
  Entry *entry = g_new0(Entry, 1);
  entry->name = g_strdup(name);
  g_autofree char *shown = g_strndup(name, 64);
  if (!g_hash_table_insert(file->entries, entry->name, entry))
    return fail(file, error, _("tensor “%s” is there twice"), shown);
  entry->type = find_type(json_string_value(json_object_get(object, "dtype")));
  if (!entry->type)
    return fail(file, error, _("tensor “%s”: dtype F32, F64, F16, BF16 or one of whole numbers was expected"), shown);
  if (!read_shape(json_object_get(object, "shape"), entry))
    return fail(file, error, _("tensor “%s”: a shape of at most %zu sizes was expected"), shown, most_dimensions);
  const json_t *offsets = json_object_get(object, "data_offsets");
  if (json_array_size(offsets) != 2 || !get_number(json_array_get(offsets, 0), &entry->begin) ||
      !get_number(json_array_get(offsets, 1), &entry->end) || entry->begin > entry->end || entry->end > length)
    return fail(file, error, _("tensor “%s”: two data_offsets within the %" PRIu64 " bytes of data were expected"),
                shown, length);
  if (entry->end - entry->begin != entry->n * entry->type->bytes)
    return fail(file, error, _("tensor “%s”: its shape needs %" PRIu64 " bytes, its offsets give %" PRIu64), shown,
                entry->n * entry->type->bytes, entry->end - entry->begin);
  return TRUE;
}

static gboolean
read_metadata(MgSafetensors *file, const json_t *object, GError **error)
{
  const char *key;
  json_t *value;
  if (!json_is_object(object))
    return fail(file, error, _("__metadata__ is not an object"));
  json_object_foreach((json_t *)object, key, value)
  {
    if (!json_is_string(value))
      return fail(file, error, _("__metadata__ holds something else than text"));
    g_hash_table_insert(file->metadata, g_strdup(key), g_strdup(json_string_value(value)));
  }
  return TRUE;
}

static gint
by_begin(gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;
  if (left->begin != right->begin)
    return left->begin < right->begin ? -1 : 1;
  return (left->end > right->end) - (left->end < right->end);
}

/* The arrays must fill the data one after the other: no overlap, no gap. */
static gboolean
check_layout(const MgSafetensors *file, guint64 length, GError **error)
{
  g_autoptr(GList) entries = g_list_sort(g_hash_table_get_values(file->entries), by_begin);
  guint64 at = 0;
  for (const GList *l = entries; l; l = l->next) {
    const Entry *entry = l->data;
    g_autofree char *shown = g_strndup(entry->name, 64);
    if (entry->begin != at)
      return fail(file, error,
                  _("tensor “%s” begins at byte %" PRIu64 " of the data; expected %" PRIu64
                    " (arrays may neither overlap nor leave gaps)"),
                  shown, entry->begin, at);
    at = entry->end;
  }
  return at == length ||
         fail(file, error, _("has %" PRIu64 " bytes of data; its header describes %" PRIu64), length, at);
}

static gboolean
parse_header(MgSafetensors *file, const char *text, guint64 header, guint64 length, GError **error)
{
  json_error_t problem;
  g_autoptr(json_t) root = json_loadb(text, header, JSON_REJECT_DUPLICATES, &problem);
  if (!json_is_object(root))
    return fail(file, error, _("its header is not a JSON object%s%s"), root ? "" : ": ", root ? "" : problem.text);
  const char *key;
  json_t *value;
  json_object_foreach(root, key, value)
  {
    gboolean good = g_str_equal(key, "__metadata__") ? read_metadata(file, value, error)
                                                     : read_entry(file, key, value, length, error);
    if (!good)
      return FALSE;
  }
  return check_layout(file, length, error);
}

static gboolean
open_file(MgSafetensors *file, guint64 *size, GError **error)
{
  struct stat status;
  file->descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->descriptor < 0 || fstat(file->descriptor, &status) < 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot open: %s"), file->path, g_strerror(errno));
    return FALSE;
  }
  *size = status.st_size;
  return S_ISREG(status.st_mode) || fail(file, error, _("not a file"));
}

static gboolean
read_header(MgSafetensors *file, GError **error)
{
  guint64 size, header;
  if (!open_file(file, &size, error))
    return FALSE;
  if (size < 8)
    return fail(file, error, _("%" PRIu64 " bytes are too few for a safetensors file"), size);
  if (!read_at(file, 0, &header, sizeof header, error))
    return FALSE;
  header = GUINT64_FROM_LE(header);
  if (header > MIN(size - 8, most_header))
    return fail(file, error,
                _("not a safetensors file, or cut short: a header of %" PRIu64 " bytes in a file of %" PRIu64), header,
                size);
  g_autofree char *text = g_malloc(header + 1);
  if (!read_at(file, 8, text, header, error))
    return FALSE;
  file->data = 8 + header;
  return parse_header(file, text, header, size - file->data, error);
}

MgSafetensors *
mg_safetensors_of(const char *path, GHashTable *metadata)
{
  MgSafetensors *file = g_new0(MgSafetensors, 1);
  file->path = g_strdup(path);
  file->descriptor = -1;
  file->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_entry);
  file->metadata =
      metadata ? g_hash_table_ref(metadata) : g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return file;
}

MgSafetensors *
mg_safetensors_load(const char *path, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_of(path, NULL);
  return read_header(file, error) ? g_steal_pointer(&file) : NULL;
}

void
mg_safetensors_free(MgSafetensors *file)
{
  if (!file)
    return;
  if (file->descriptor >= 0)
    close(file->descriptor);
  g_clear_pointer(&file->entries, g_hash_table_unref);
  g_clear_pointer(&file->metadata, g_hash_table_unref);
  g_free(file->path);
  g_free(file);
}

const char *
mg_safetensors_metadata(const MgSafetensors *file, const char *key)
{
  return g_hash_table_lookup(file->metadata, key);
}

guint64
mg_safetensors_values(const MgSafetensors *file)
{
  GHashTableIter iter;
  gpointer entry;
  guint64 n = 0; /* cannot overflow: the arrays lie side by side in the file */
  g_hash_table_iter_init(&iter, file->entries);
  while (g_hash_table_iter_next(&iter, NULL, &entry))
    n += ((const Entry *)entry)->n;
  return n;
}

gboolean
mg_safetensors_has(const MgSafetensors *file, const char *name)
{
  return g_hash_table_contains(file->entries, name);
}

static char *
shape_text(const guint64 *sizes, size_t n)
{
  GString *text = g_string_new("(");
  for (size_t i = 0; i < n; i++)
    g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", sizes[i]);
  g_string_append_c(text, ')');
  return g_string_free(text, FALSE);
}

static gboolean
check_shape(const MgSafetensors *file, const Entry *entry, const MgTensor *tensor, GError **error)
{
  guint64 expected[G_N_ELEMENTS(tensor->shape)];
  gboolean same = entry->dimensions == (size_t)tensor->dimensions;
  for (int i = 0; i < tensor->dimensions; i++) {
    expected[i] = tensor->shape[i];
    same = same && entry->shape[i] == expected[i];
  }
  if (same)
    return TRUE;
  g_autofree char *found = shape_text(entry->shape, entry->dimensions);
  g_autofree char *wanted = shape_text(expected, tensor->dimensions);
  return fail(file, error, _("tensor “%s” has the shape %s; expected %s"), tensor->name, found, wanted);
}

static gboolean
all_finite(const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_values(const MgSafetensors *file, const Entry *entry, size_t from, size_t n, float *values, GError **error)
{
  guint64 chunk[2048];
  const size_t most = sizeof chunk / entry->type->bytes;
  for (size_t done = 0; done < n; done += most) {
    size_t count = MIN(most, n - done);
    guint64 offset = file->data + entry->begin + (from + done) * entry->type->bytes;
    if (!read_at(file, offset, chunk, count * entry->type->bytes, error))
      return FALSE;
    entry->type->to_float(chunk, count, values + done);
  }
  return TRUE;
}

static gboolean
has_more_channels(const Entry *entry, const MgTensor *tensor)
{
  return entry->dimensions == 4 && tensor->dimensions == 4 && tensor->shape[1] == 1 && entry->shape[1] > 1 &&
         entry->shape[1] <= 64 && entry->shape[0] == (guint64)tensor->shape[0] &&
         entry->shape[2] == (guint64)tensor->shape[2] && entry->shape[3] == (guint64)tensor->shape[3];
}

static gboolean
add_channels(const MgSafetensors *file, const Entry *entry, MgTensor *tensor, GError **error)
{
  size_t plane = (size_t)tensor->shape[2] * tensor->shape[3], channels = entry->shape[1];
  g_autofree float *values = g_new(float, plane);
  memset(tensor->data, 0, tensor->n * sizeof *tensor->data);
  for (size_t i = 0; i < tensor->shape[0] * channels; i++) {
    if (!read_values(file, entry, i * plane, plane, values, error))
      return FALSE;
    for (size_t k = 0; k < plane; k++)
      tensor->data[i / channels * plane + k] += values[k];
  }
  return TRUE;
}

gboolean
mg_safetensors_read_as(const MgSafetensors *file, const char *name, MgTensor *tensor, GError **error)
{
  const Entry *entry = g_hash_table_lookup(file->entries, name);
  if (!entry)
    return fail(file, error, _("holds no tensor “%s”"), name);
  if (!entry->type->to_float)
    return fail(file, error, _("tensor “%s” is %s; expected F32, F64, F16 or BF16"), name, entry->type->name);
  gboolean more = has_more_channels(entry, tensor);
  if (!more && !check_shape(file, entry, tensor, error))
    return FALSE;
  if (!(more ? add_channels(file, entry, tensor, error) : read_values(file, entry, 0, tensor->n, tensor->data, error)))
    return FALSE;
  return all_finite(tensor->data, tensor->n) ||
         fail(file, error, _("tensor “%s” holds values that are not finite numbers"), name);
}

gboolean
mg_safetensors_read(const MgSafetensors *file, MgTensor *tensor, GError **error)
{
  return mg_safetensors_read_as(file, tensor->name, tensor, error);
}

MgTensor *
mg_safetensors_tensor(const MgSafetensors *file, const char *name, GError **error)
{
  const Entry *entry = g_hash_table_lookup(file->entries, name);
  int shape[G_N_ELEMENTS(((MgTensor *)NULL)->shape)];
  gboolean fits = entry && entry->dimensions <= G_N_ELEMENTS(shape);
  for (size_t i = 0; fits && i < entry->dimensions; i++) {
    fits = entry->shape[i] <= G_MAXINT;
    shape[i] = (int)entry->shape[i];
  }
  if (!fits) {
    fail(file, error, _("holds no tensor “%s” of at most four dimensions"), name);
    return NULL;
  }
  MgTensor *tensor = mg_tensor_new("", "", FALSE, (int)entry->dimensions, shape);
  g_free(tensor->name);
  tensor->name = g_strdup(name);
  if (!mg_safetensors_read(file, tensor, error))
    g_clear_pointer(&tensor, mg_tensor_free);
  return tensor;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
mg_safetensors_names(const MgSafetensors *file)
{
  guint n;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array(file->entries, &n);
  char **names = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup(keys[i]);
  qsort(names, n, sizeof *names, compare_names);
  return names;
}
