/* dataset/table: GTZAN's columns against librosa's, rows that do not depend on how long a stretch is worked at once. */
#include "dataset/table.h"
#include "base/csv.h"
#include "base/npy.h"
#include "sounds.h"

static const char *const signals[] = {"synth", "clip"};

/* One of the reference signals as a file, float samples. */
static gboolean
write_signal(const char *folder, const char *class, const char *name)
{
  g_autofree char *relative = g_strdup_printf("reference/%s.npy", name), *path = test_shared(relative);
  if (!path)
    return FALSE;
  g_autoptr(MgMatrix) samples = mg_npy_load(path, NULL);
  g_autofree char *file = g_strdup_printf("%s.wav", name), *out = g_build_filename(folder, class, file, NULL);
  g_autofree char *parent = g_path_get_dirname(out);
  g_mkdir_with_parents(parent, 0777);
  g_assert_true(mg_wav_write(out, samples->data, samples->cols, 1, 22050, TRUE, NULL));
  return TRUE;
}

static MgTable *
extract(const char *folder, const char *kind)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_params_new(mg_table_param_tables());
  g_autoptr(MgManifest) manifest = mg_manifest_open(folder, &(MgImportOptions){0}, NULL, &error);
  g_assert_no_error(error);
  MgTable *table = mg_table_extract(manifest, kind, params, 0, NULL, &error);
  g_assert_no_error(error);
  return table;
}

static const MgTableRow *
row_of(const MgTable *table, const char *signal)
{
  for (guint i = 0; i < table->rows->len; i++)
    if (g_str_has_prefix(((MgTableRow *)table->rows->pdata[i])->filename, signal))
      return table->rows->pdata[i];
  g_assert_not_reached();
}

static void
test_gtzan(void)
{
  char *folder = test_folder();
  if (!write_signal(folder, "a", signals[0]) || !write_signal(folder, "b", signals[1])) {
    test_remove(folder);
    return;
  }
  g_autoptr(MgTable) table = extract(folder, "gtzan");
  g_assert_cmpuint(table->columns->len, ==, 57);
  for (size_t s = 0; s < G_N_ELEMENTS(signals); s++) {
    g_autofree char *relative = g_strdup_printf("reference/%s_gtzan_row.npy", signals[s]),
                    *path = test_shared(relative);
    g_autoptr(MgMatrix) expected = mg_npy_load(path, NULL);
    const MgTableRow *row = row_of(table, signals[s]);
    for (guint i = 0; i < 57; i++) {
      g_test_message("%s: %g, expected %g", (char *)table->columns->pdata[i], row->values[i], expected->data[i]);
      g_assert_cmpfloat(fabsf(row->values[i] - expected->data[i]), <=, 1e-3f * fabsf(expected->data[i]));
    }
  }
  test_remove(folder);
}

/* The header of the published table, in its order. */
static void
test_gtzan_header(void)
{
  g_autofree char *path = test_shared("data/gtzan/features_30_sec.csv");
  if (!path)
    return;
  char *folder = test_folder();
  g_free(add_sound(folder, "a/x.wav", 2));
  g_free(add_sound(folder, "b/y.wav", 2));
  g_autoptr(MgTable) table = extract(folder, "gtzan");
  g_autoptr(MgCsv) csv = mg_csv_load(path, NULL);
  g_assert_cmpuint(csv->columns->len, ==, table->columns->len + 3);
  for (guint i = 0; i < table->columns->len; i++)
    g_assert_cmpstr(table->columns->pdata[i], ==, csv->columns->pdata[i + 2]);
  test_remove(folder);
}

/* FMA's own 518 columns, and what was added. */
static void
test_fma(void)
{
  char *folder = test_folder();
  g_free(add_sound(folder, "a/x.wav", 3));
  g_free(add_sound(folder, "b/y.wav", 70)); /* worked in stretches */
  g_autoptr(MgTable) table = extract(folder, "fma");
  g_assert_cmpuint(table->rows->len, ==, 2);
  g_assert_cmpuint(table->columns->len, ==, 518 + 2 * 7 + 7 + 1);
  for (guint i = 0; i < table->rows->len; i++)
    for (guint c = 0; c < table->columns->len; c++)
      g_assert_true(isfinite(((MgTableRow *)table->rows->pdata[i])->values[c]));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  char *cache = test_folder();
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/table/gtzan", test_gtzan);
  g_test_add_func("/table/gtzan-header", test_gtzan_header);
  g_test_add_func("/table/fma", test_fma);
  int status = g_test_run();
  test_remove(cache);
  return status;
}
