/* base/npy: round trips, NumPy's variants of the header, hostile headers. */
#include "base/npy.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

/* A version 1 file with the given dictionary and values. */
static GByteArray *
npy(const char *header, const void *values, size_t bytes)
{
  GByteArray *file = g_byte_array_new();
  guint16 length = (guint16)strlen(header);
  g_byte_array_append(file, (const guint8 *)"\x93NUMPY\x01\x00", 8);
  g_byte_array_append(file, (const guint8 *)&length, 2);
  g_byte_array_append(file, (const guint8 *)header, length);
  g_byte_array_append(file, values, (guint)bytes);
  return file;
}

static MgMatrix *
load_bytes(const void *bytes, size_t length, GError **error)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "x.npy", NULL);
  g_assert_true(mg_file_write(path, bytes, length, NULL));
  MgMatrix *matrix = mg_npy_load(path, error);
  g_assert_true(matrix || !error || strstr((*error)->message, path));
  test_remove(folder);
  return matrix;
}

static MgMatrix *
load(const char *header, const void *values, size_t bytes, GError **error)
{
  g_autoptr(GByteArray) file = npy(header, values, bytes);
  return load_bytes(file->data, file->len, error);
}

static void
round_trip(size_t rows, size_t cols, gboolean flat)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "x.npy", NULL);
  g_autoptr(MgMatrix) matrix = mg_matrix_new(rows, cols, NULL);
  for (size_t i = 0; i < rows * cols; i++)
    matrix->data[i] = (float)i * 0.37f - 5;
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_npy_save(path, matrix, flat, &error));
  g_autofree char *file = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(path, &file, &length, NULL));
  g_assert_cmpuint((length - rows * cols * sizeof(float)) % 64, ==, 0);
  g_assert_cmpint(strstr(file + 10, flat ? ",)" : ", ") != NULL, ==, TRUE);
  g_autoptr(MgMatrix) back = mg_npy_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(back->rows, ==, rows);
  g_assert_cmpuint(back->cols, ==, cols);
  g_assert_cmpmem(back->data, rows * cols * sizeof(float), matrix->data, rows * cols * sizeof(float));
  test_remove(folder);
}

static void
test_round_trip(void)
{
  round_trip(3, 7, FALSE);
  round_trip(1, 5, TRUE);
  round_trip(1, 5, FALSE);
  round_trip(5, 1, FALSE);
  round_trip(2, 0, FALSE);
}

static void
test_types(void)
{
  static const struct {
    const char *type;
    guint8 bytes[8];
    size_t n;
    float expected;
  } cases[] = {
      {"<f4", {0, 0, 0xc0, 0x3f}, 4, 1.5f},
      {"<f8", {0, 0, 0, 0, 0, 0, 0xf8, 0x3f}, 8, 1.5f},
      {"|i1", {0xfe}, 1, -2},
      {"<i2", {0xfe, 0xff}, 2, -2},
      {"<i4", {0xfe, 0xff, 0xff, 0xff}, 4, -2},
      {"<i8", {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8, -2},
      {"|u1", {0xfe}, 1, 254},
      {"<u2", {0xfe, 0xff}, 2, 65534},
      {"<u4", {0, 0, 0, 0x80}, 4, 2147483648.0f},
      {"<u8", {0, 0, 0, 0, 1}, 8, 4294967296.0f},
      {"|b1", {1}, 1, 1},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *header =
        g_strdup_printf("{'descr': '%s', 'fortran_order': False, 'shape': (1,), }", cases[i].type);
    g_autoptr(MgMatrix) matrix = load(header, cases[i].bytes, cases[i].n, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(matrix->data[0], ==, cases[i].expected);
  }
}

static void
test_shapes(void)
{
  static const struct {
    const char *shape;
    size_t rows, cols;
  } cases[] = {{"()", 1, 1}, {"(3,)", 1, 3}, {"(2, 3)", 2, 3}, {"(3,2,)", 3, 2}, {"(0, 4)", 0, 4}};
  const float values[6] = {0};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *header = g_strdup_printf("{'shape': %s, 'fortran_order': False, 'descr': '<f4'}", cases[i].shape);
    g_autoptr(MgMatrix) matrix = load(header, values, sizeof values, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(matrix->rows, ==, cases[i].rows);
    g_assert_cmpuint(matrix->cols, ==, cases[i].cols);
  }
}

static void
test_hostile_headers(void)
{
  static const char *const headers[] = {
      "",
      "{}",
      "{'descr': '",
      "{'descr': '<",
      "{'descr': '<f",
      "{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<i16', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}",
      "{'descr': '<f4', 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, -1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99,)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
  };
  const float values[2] = {1, 2};
  for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MgMatrix) matrix = load(headers[i], values, sizeof values, &error);
    if (matrix)
      g_test_fail_printf("read though it should not be: %s", headers[i]);
    else
      g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
}

static void
test_huge_shapes(void)
{
  static const char *const shapes[] = {"(1000000, 1000000)", "(4294967296, 4294967296)",
                                       "(99999999999999999999999, 99999999999999999999999)",
                                       "(1, 18446744073709551615)"};
  for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *header = g_strdup_printf("{'descr': '<f4', 'fortran_order': False, 'shape': %s}", shapes[i]);
    g_assert_null(load(header, "", 0, &error));
    g_assert_true(g_error_matches(error, MG_ERROR, MG_ERROR_LIMIT) ||
                  g_error_matches(error, MG_ERROR, MG_ERROR_FORMAT));
  }
}

static void
test_cut_off(void)
{
  const float values[2] = {1, 2};
  g_autoptr(GByteArray) file = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", values, sizeof values);
  for (guint length = 0; length < file->len; length++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(load_bytes(file->data, length, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
  file->data[6] = 9; /* a version from the future */
  g_assert_null(load_bytes(file->data, file->len, NULL));
}

static void
test_long_header(void)
{
  const char *header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}";
  guint32 length = (guint32)strlen(header);
  const float value = 2.5f;
  for (guint8 version = 2; version <= 3; version++) {
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)"\x93NUMPY", 6);
    g_byte_array_append(file, (const guint8[]){version, 0}, 2);
    g_byte_array_append(file, (const guint8 *)&length, 4);
    g_byte_array_append(file, (const guint8 *)header, length);
    g_byte_array_append(file, (const guint8 *)&value, sizeof value);
    g_autoptr(MgMatrix) matrix = load_bytes(file->data, file->len, NULL);
    g_assert_nonnull(matrix);
    g_assert_cmpfloat(matrix->data[0], ==, value);
  }
}

static void
test_spool(void)
{
  char *folder = test_folder();
  g_setenv("XDG_CACHE_HOME", folder, TRUE);
  g_autofree char *path = g_build_filename(folder, "x.npy", NULL);
  static const float columns[] = {1, 2, 3, 4, 5, 6};
  for (size_t memory = 0; memory < 100; memory += 50) {
    g_autoptr(MgSpool) spool = mg_spool_new(2, memory);
    for (int i = 0; i < 3; i++)
      g_assert_true(mg_spool_append(spool, columns + 2 * i, 1, 1, NULL));
    g_assert_true(mg_npy_save_spool(path, spool, NULL));
    g_autoptr(MgMatrix) matrix = mg_npy_load(path, NULL);
    g_assert_cmpuint(matrix->rows, ==, 2);
    g_assert_cmpuint(matrix->cols, ==, 3);
    static const float expected[] = {1, 3, 5, 2, 4, 6};
    g_assert_cmpmem(matrix->data, sizeof expected, expected, sizeof expected);
    mg_file_fail_after(40);
    g_autoptr(GError) error = NULL;
    g_assert_false(mg_npy_save_spool(path, spool, &error));
    mg_file_fail_after(-1);
    g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  }
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/npy/round-trip", test_round_trip);
  g_test_add_func("/npy/types", test_types);
  g_test_add_func("/npy/shapes", test_shapes);
  g_test_add_func("/npy/hostile-headers", test_hostile_headers);
  g_test_add_func("/npy/huge-shapes", test_huge_shapes);
  g_test_add_func("/npy/cut-off", test_cut_off);
  g_test_add_func("/npy/long-header", test_long_header);
  g_test_add_func("/npy/spool", test_spool);
  return g_test_run();
}
