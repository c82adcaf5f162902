/* Files of labels: what comes out is what went in, and damage is told by its line. */
#include "base/error.h"
#include "base/file.h"
#include "dataset/labels.h"
#include "dataset/store-labels.h"
#include "support.h"
#include <string.h>

static GPtrArray *
some_labels(void)
{
  static const MgLabel few[] = {{0, 0.5, 0.5, 0, 0, (char *)"mark, with “signs”"},
                                {0, 1.25, 2.5, 300, 4000, (char *)"robin"},
                                {0, 3, 4, 0, 0, (char *)""}};
  GPtrArray *labels = mg_labels_new();
  for (size_t i = 0; i < G_N_ELEMENTS(few); i++)
    g_ptr_array_add(labels, mg_label_copy(&few[i]));
  return labels;
}

static void
assert_equal(const GPtrArray *a, const GPtrArray *b)
{
  g_assert_cmpuint(a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const MgLabel *first = a->pdata[i], *second = b->pdata[i];
    g_assert_cmpfloat(first->start, ==, second->start);
    g_assert_cmpfloat(first->end, ==, second->end);
    g_assert_cmpfloat(first->low, ==, second->low);
    g_assert_cmpfloat(first->high, ==, second->high);
    g_assert_cmpstr(first->text, ==, second->text);
  }
}

static void
test_round_trips(void)
{
  g_autoptr(GPtrArray) labels = some_labels();
  for (const MgLabelFormat *const *format = mg_label_formats(); *format; format++) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    (*format)->write(labels, text);
    g_autoptr(GPtrArray) read = mg_labels_parse(text->str, (*format)->name, &error);
    g_assert_no_error(error);
    assert_equal(read, labels);
    g_autofree char *name = g_strconcat("a", (*format)->ending, NULL);
    g_assert_true(mg_labels_format_of(name) == *format);
    g_assert_true(mg_label_format_find((*format)->name, NULL) == *format);
  }
}

/* As the programs themselves write them. */
static void
test_others(void)
{
  static const char audacity[] = "1.000000\t2.000000\tone\r\n\\\t-1.000000\t800.000000\r\n3\t3\n\\\t100\t200\n";
  static const char raven[] =
      "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tDelta Time (s)\tSpecies\n"
      "1\tWaveform 1\t1\t0.5\t1.5\t\t\t1\tAMRO\n1\tSpectrogram 1\t1\t0.5\t1.5\t1000\t5000.5\t1\tAMRO\n\n"
      "2\tWaveform 1\t1\t2\t3\t\t\t1\tNOCA\n";
  static const char csv[] = "\xef\xbb\xbf"
                            "file,onset,offset,category\nx.wav,1,2,\"a, b\"\n";
  g_autoptr(GPtrArray) first = mg_labels_parse(audacity, "a", NULL), second = mg_labels_parse(raven, "r", NULL);
  g_autoptr(GPtrArray) third = mg_labels_parse(csv, "c", NULL), none = mg_labels_parse("", "e", NULL);
  g_assert_cmpuint(first->len, ==, 2);
  g_assert_cmpstr(((MgLabel *)first->pdata[0])->text, ==, "one");
  g_assert_cmpfloat(((MgLabel *)first->pdata[0])->high, ==, 0); /* a band that is open is none */
  g_assert_cmpfloat(((MgLabel *)first->pdata[1])->high, ==, 200);
  g_assert_cmpuint(second->len, ==, 2);
  g_assert_cmpfloat(((MgLabel *)second->pdata[0])->high, ==, 5000.5);
  g_assert_cmpstr(((MgLabel *)second->pdata[1])->text, ==, "NOCA");
  g_assert_cmpstr(((MgLabel *)third->pdata[0])->text, ==, "a, b");
  g_assert_cmpuint(none->len, ==, 0); /* an empty track of labels */
}

static void
test_damage(void)
{
  static const struct {
    const char *text, *told;
  } cases[] = {
      {"nothing of the kind", "no file of labels"},
      {"1\t2\tx\nabc\n", "line 2"},
      {"1\t2\tx\n5\t4\ty\n", "line 2: end"},
      {"-1\t2\tx\n", "line 1: start"},
      {"1\tnan\tx\n", "nan"},
      {"1\t1e999\tx\n", "line 1"},
      {"1\t2\tx\n\\\t500\t100\n", "line 2: high"},
      {"start,label\n1,x\n", "“end”"},
      {"start,end,label\n1,2\n", "line 2"},
      {"start,end,label\n1,zwei,x\n", "zwei"},
      {"Selection\tBegin Time (s)\tEnd Time (s)\n1\t5\n", "line 2 has 2 fields"},
      {"Selection\tBegin Time (s)\tEnd Time (s)\n1\t5\tsix\n", "six"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_labels_parse(cases[i].text, "F", &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
    g_assert_true(g_str_has_prefix(error->message, "F: "));
    if (!strstr(error->message, cases[i].told))
      g_test_fail_printf("%zu: %s", i, error->message);
    g_assert_null(strchr(error->message, '\n'));
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_label_format_find("praat", &error));
  g_assert_nonnull(strstr(error->message, "raven"));
}

static void
test_files(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "a.csv", NULL);
  g_autoptr(GPtrArray) labels = some_labels();
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_labels_save(labels, &mg_labels_csv, path, NULL));
  g_autoptr(GPtrArray) read = mg_labels_load(path, NULL);
  assert_equal(read, labels);
  mg_file_fail_after(5);
  g_assert_false(mg_labels_save(labels, &mg_labels_raven, path, &error));
  mg_file_fail_after(-1);
  g_autoptr(GPtrArray) still = mg_labels_load(path, NULL);
  assert_equal(still, labels);
  g_assert_true(g_file_set_contents(path, "1\t2\t\xff\n", -1, NULL));
  g_assert_null(mg_labels_load(path, NULL));
  test_remove(folder);
}

static void
test_store(void)
{
  char *folder = test_folder();
  g_autofree char *track = g_build_filename(folder, "recordings", "a.wav", NULL);
  g_autoptr(GPtrArray) labels = some_labels();
  MgStore *store = mg_store_open(folder, NULL);
  for (guint i = labels->len; i-- > 0;) {
    g_assert_true(mg_store_put_label(store, track, labels->pdata[i], NULL));
    g_assert_cmpint(((MgLabel *)labels->pdata[i])->id, >, 0);
  }
  mg_store_close(store);
  store = mg_store_open(folder, NULL);
  g_autoptr(GPtrArray) read = mg_store_labels(store, track, NULL), none = mg_store_labels(store, "/b.wav", NULL);
  assert_equal(read, labels);
  g_assert_cmpuint(none->len, ==, 0);
  MgLabel *one = read->pdata[1];
  gint64 id = one->id;
  one->end = 9;
  g_assert_true(mg_store_put_label(store, track, one, NULL));
  g_assert_true(mg_store_remove_label(store, ((MgLabel *)read->pdata[0])->id, NULL));
  g_autoptr(GPtrArray) left = mg_store_labels(store, track, NULL);
  g_assert_cmpuint(left->len, ==, 2);
  g_assert_cmpfloat(((MgLabel *)left->pdata[0])->end, ==, 9);
  g_assert_cmpint(((MgLabel *)left->pdata[0])->id, ==, id);
  g_assert_true(mg_store_put_label(store, track, read->pdata[0], NULL)); /* undone: under the same id */
  g_autoptr(GPtrArray) again = mg_store_labels(store, track, NULL);
  g_assert_cmpint(((MgLabel *)again->pdata[0])->id, ==, ((MgLabel *)read->pdata[0])->id);
  mg_store_close(store);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/labels/round-trips", test_round_trips);
  g_test_add_func("/labels/others", test_others);
  g_test_add_func("/labels/damage", test_damage);
  g_test_add_func("/labels/files", test_files);
  g_test_add_func("/labels/store", test_store);
  return g_test_run();
}
