#include "session-support.h"
#include "session/dataset-model.h"

/* Silence of `seconds` at 8 kHz as a 16-bit WAV file. */
static void
write_wav(const char *folder, const char *name, int seconds)
{
  guint32 bytes = 8000 * 2 * seconds;
  g_autofree char *file = g_malloc0(44 + bytes);
  const guint32 size = GUINT32_TO_LE(36 + bytes), format_size = GUINT32_TO_LE(16), rate = GUINT32_TO_LE(8000),
                byte_rate = GUINT32_TO_LE(16000), data_size = GUINT32_TO_LE(bytes);
  const guint16 pcm[] = {GUINT16_TO_LE(1), GUINT16_TO_LE(1)}, block[] = {GUINT16_TO_LE(2), GUINT16_TO_LE(16)};
  memcpy(file, "RIFF", 4);
  memcpy(file + 4, &size, 4);
  memcpy(file + 8, "WAVEfmt ", 8);
  memcpy(file + 16, &format_size, 4);
  memcpy(file + 20, pcm, 4);
  memcpy(file + 24, &rate, 4);
  memcpy(file + 28, &byte_rate, 4);
  memcpy(file + 32, block, 4);
  memcpy(file + 36, "data", 4);
  memcpy(file + 40, &data_size, 4);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
  g_assert_true(g_file_set_contents(path, file, 44 + bytes, NULL));
}

static void
write_dataset(const char *folder)
{
  for (int i = 0; i < 10; i++) {
    g_autofree char *a = g_strdup_printf("a/%d.wav", i), *b = g_strdup_printf("b/%d.wav", i);
    write_wav(folder, a, 2);
    write_wav(folder, b, 4);
  }
  test_write(folder, "a/broken.wav", "this is no sound");
}

static void
open_and_wait(MgDatasetModel *model, const char *folder)
{
  mg_dataset_model_open(model, folder, NULL);
  g_assert_cmpint(mg_dataset_model_state(model), ==, MG_DATASET_SCANNING);
  test_wait_for(mg_dataset_model_state(model) != MG_DATASET_SCANNING);
}

static guint
all_segments(MgDatasetModel *model, size_t i)
{
  const guint *segments = mg_dataset_model_class(model, i)->segments;
  return segments[0] + segments[1] + segments[2];
}

static void
test_open(void)
{
  char *folder = test_folder();
  write_dataset(folder);
  g_autoptr(MgDatasetModel) model = mg_dataset_model_new();
  g_assert_cmpint(mg_dataset_model_state(model), ==, MG_DATASET_EMPTY);
  g_assert_true(mg_dataset_model_set(model, "segment_seconds", "2", NULL));
  open_and_wait(model, folder);
  g_assert_cmpstr(mg_dataset_model_message(model), ==, "");
  g_assert_cmpint(mg_dataset_model_state(model), ==, MG_DATASET_READY);
  g_assert_cmpuint(mg_dataset_model_n_classes(model), ==, 2);
  const MgDatasetClass *b = mg_dataset_model_class(model, 1);
  g_assert_cmpstr(b->label, ==, "b");
  g_assert_cmpuint(b->tracks, ==, 10);
  g_assert_cmpfloat_with_epsilon(b->seconds, 40, 0.01);
  g_assert_cmpuint(all_segments(model, 0), ==, 10);
  g_assert_cmpuint(all_segments(model, 1), ==, 20);
  g_assert_cmpuint(b->segments[0], ==, 12); /* 6:2:2 of the tracks */
  gboolean told = FALSE;
  for (const char *const *problem = mg_dataset_model_problems(model); *problem; problem++)
    told |= strstr(*problem, "broken.wav") != NULL;
  g_assert_true(told);
  test_remove(folder);
}

static void
test_parameters(void)
{
  char *folder = test_folder();
  write_dataset(folder);
  g_autoptr(MgDatasetModel) model = mg_dataset_model_new();
  open_and_wait(model, folder);
  g_assert_true(mg_dataset_model_set(model, "segment_seconds", "1", NULL));
  test_wait_for(mg_dataset_model_state(model) == MG_DATASET_READY && all_segments(model, 1) == 40);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_dataset_model_set(model, "segment_seconds", "never", &error));
  g_assert_nonnull(strstr(error->message, "never"));
  /* A split that the data cannot give, and back again. */
  g_assert_true(mg_dataset_model_set(model, "split", "fold:test=1", NULL));
  test_wait_for(mg_dataset_model_state(model) == MG_DATASET_FAILED);
  g_assert_cmpstr(mg_dataset_model_message(model), !=, "");
  g_assert_true(mg_dataset_model_set(model, "split", "leaky:6:2:2", NULL));
  test_wait_for(mg_dataset_model_state(model) == MG_DATASET_READY);
  g_assert_true(mg_dataset_model_is_leaky(model));
  test_remove(folder);
}

static void
test_failure(void)
{
  g_autoptr(MgDatasetModel) model = mg_dataset_model_new();
  open_and_wait(model, "/nowhere/at/all");
  g_assert_cmpint(mg_dataset_model_state(model), ==, MG_DATASET_FAILED);
  g_assert_nonnull(strstr(mg_dataset_model_message(model), "/nowhere/at/all"));
  g_assert_cmpuint(mg_dataset_model_n_classes(model), ==, 0);
}

/* Whoever opens another data set at once gets that one only. */
static void
test_overtaken(void)
{
  char *folder = test_folder();
  write_dataset(folder);
  g_autoptr(MgDatasetModel) model = mg_dataset_model_new();
  mg_dataset_model_open(model, "/nowhere/at/all", NULL);
  open_and_wait(model, folder);
  g_assert_cmpint(mg_dataset_model_state(model), ==, MG_DATASET_READY);
  g_assert_cmpstr(mg_dataset_model_path(model), ==, folder);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/dataset-model/open", test_open);
  g_test_add_func("/session/dataset-model/parameters", test_parameters);
  g_test_add_func("/session/dataset-model/failure", test_failure);
  g_test_add_func("/session/dataset-model/overtaken", test_overtaken);
  return g_test_run();
}
