#include "train/evaluator.h"
#include "base/error.h"
#include "base/file.h"
#include "ml/metrics.h"
#include "support.h"
#include <string.h>

static GPtrArray *
labels_of_two(void)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(labels, g_strdup("classique"));
  g_ptr_array_add(labels, g_strdup("rap, \"new\""));
  return labels;
}

static MgPredictions *
example(void)
{
  static const float parts[][2] = {{0.75f, 0.25f}, {0.125f, 0.875f}, {0.5f, 0.5f},
                                   {0.1f, 0.9f},   {0.6f, 0.4f},     {0.2f, 0.8f}};
  g_autoptr(GPtrArray) labels = labels_of_two();
  MgPredictions *predictions = mg_predictions_new(labels);
  mg_predictions_add(predictions, "/tracks/Зима.mp3", 0, 1, 0, 15, parts[0]);
  mg_predictions_add(predictions, "/tracks/Зима.mp3", 0, 2, 15, 30, parts[1]);
  mg_predictions_add(predictions, "/tracks/Зима.mp3", 0, 3, 30, 45, parts[2]);
  mg_predictions_add(predictions, "/tracks/b.wav", 1, 1, 0, 15, parts[3]);
  mg_predictions_add(predictions, "/tracks/b.wav", 1, 2, 15, 30, parts[4]);
  mg_predictions_add(predictions, "/tracks/b.wav", -1, 1, 60, 75, parts[5]); /* another stretch of the same file */
  return predictions;
}

static void
test_columns(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  g_autoptr(MgPredictions) predictions = example();
  g_assert_true(mg_predictions_save(predictions, path, NULL));
  g_autofree char *text = mg_file_read(path, 10000, NULL, NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpstr(lines[0], ==,
                  "songname,track,genre,y_test,part,start,end,y_pred,classique_prob,\"rap, \"\"new\"\"_prob\"");
  g_assert_cmpstr(lines[1], ==, "Зима.mp3_1,/tracks/Зима.mp3,classique,0,1,0,15,0,0.75,0.25");
  g_assert_cmpstr(lines[6], ==, "b.wav_1,/tracks/b.wav,\"\",\"\",1,60,75,1,0.2,0.8");
  g_assert_cmpuint(g_strv_length(lines), ==, 8);
  test_remove(folder);
}

static void
test_round_trip(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  g_autoptr(MgPredictions) written = example();
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_predictions_save(written, path, &error));
  g_autoptr(MgPredictions) read = mg_predictions_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(read->labels->len, ==, 2);
  g_assert_cmpstr(read->labels->pdata[1], ==, "rap, \"new\"");
  g_assert_cmpuint(read->predictions->len, ==, 6);
  g_assert_false(read->leaky);
  for (guint i = 0; i < 6; i++) {
    const MgPrediction *a = written->predictions->pdata[i], *b = read->predictions->pdata[i];
    g_assert_cmpstr(a->songname, ==, b->songname);
    g_assert_cmpstr(a->track, ==, b->track);
    g_assert_cmpstr(a->genre, ==, b->genre);
    g_assert_cmpint(a->y_test, ==, b->y_test);
    g_assert_cmpint(a->part, ==, b->part);
    g_assert_cmpfloat(a->start, ==, b->start);
    g_assert_cmpfloat(a->end, ==, b->end);
    g_assert_cmpint(a->y_pred, ==, b->y_pred);
    g_assert_cmpfloat_with_epsilon(a->probabilities[1], b->probabilities[1], 1e-6);
  }
  g_autofree char *config = g_build_filename(folder, "config.ini", NULL);
  g_assert_true(mg_file_write(config, "[run]\nleaky=true\n", 17, NULL));
  g_autoptr(MgPredictions) leaky = mg_predictions_load(path, &error);
  g_assert_true(leaky->leaky);
  test_remove(folder);
}

static void
test_votes(void)
{
  g_autoptr(MgPredictions) predictions = example();
  g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  g_assert_cmpuint(votes->len, ==, 3);
  const MgVote *vote = &g_array_index(votes, MgVote, 0);
  g_assert_cmpstr(vote[0].track, ==, "/tracks/Зима.mp3"); /* two of three */
  g_assert_cmpint(vote[0].y_pred, ==, 0);
  g_assert_cmpint(vote[0].votes, ==, 2);
  g_assert_cmpint(vote[0].segments, ==, 3);
  g_assert_cmpint(vote[1].y_test, ==, 1); /* one each: rap is more probable, 1.3 to 0.7 */
  g_assert_cmpint(vote[1].y_pred, ==, 1);
  g_assert_cmpint(vote[1].votes, ==, 1);
  g_assert_cmpint(vote[2].y_test, ==, -1);
  g_assert_cmpint(vote[2].segments, ==, 1);
}

static void
test_confusion(void)
{
  g_autoptr(MgPredictions) predictions = example();
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  guint expected[] = {2, 1, 1, 1}; /* the one without a label is not counted */
  g_assert_cmpmem(matrix, sizeof expected, expected, sizeof expected);
  g_assert_cmpfloat(mg_confusion_accuracy(matrix, 2), ==, 0.6);
}

static void
refuse(const char *text, const char *expected)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "table.csv", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_file_write(path, text, strlen(text), NULL));
  g_autoptr(MgPredictions) predictions = mg_predictions_load(path, &error);
  g_assert_null(predictions);
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, path));
  g_assert_nonnull(strstr(error->message, expected));
  test_remove(folder);
}

static void
test_damaged(void)
{
#define HEAD "songname,track,genre,y_test,part,start,end,y_pred"
  refuse("a,b\n1,2\n", "songname");
  refuse(HEAD "\n", "no column of probabilities");
  refuse(HEAD ",a_prob,b\n", "“b”");
  refuse(HEAD ",a_prob,b_prob\ns,t,a,0,1,0,1,2,0.5,0.5\n", "row 2");
  refuse(HEAD ",a_prob,b_prob\ns,t,a,0,1,0,1,,0.5,0.5\n", "row 2");
  refuse(HEAD ",a_prob,b_prob\ns,t,a,-1,1,0,1,1,0.5,0.5\n", "row 2");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/predictions/columns", test_columns);
  g_test_add_func("/predictions/round-trip", test_round_trip);
  g_test_add_func("/predictions/votes", test_votes);
  g_test_add_func("/predictions/confusion", test_confusion);
  g_test_add_func("/predictions/damaged", test_damaged);
  return g_test_run();
}
