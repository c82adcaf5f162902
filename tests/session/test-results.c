#include "session-support.h"
#include "base/error.h"
#include "session/results.h"

static const char table[] = "songname,track,genre,y_test,part,start,end,y_pred,classique_prob,rap_prob\n"
                            "Зима.mp3_1,/t/Зима.mp3,classique,0,1,0,15,1,0.2,0.8\n"
                            "Зима.mp3_2,/t/Зима.mp3,classique,0,2,15,30,0,0.55,0.45\n"
                            "Зима.mp3_10,/t/Зима.mp3,classique,0,10,135,150,0,0.9,0.1\n"
                            "Song.mp3_1,/t/Song.mp3,rap,1,1,0,15,1,0.05,0.95\n"
                            "Song.mp3_2,/t/Song.mp3,rap,1,2,15,30,1,0.41,0.59\n";

static MgResults *
open_table(const char *folder, const char *text)
{
  test_write(folder, "predictions.csv", text);
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  MgResults *results = mg_results_new();
  mg_results_open_file(results, path);
  test_wait_for(mg_results_state(results) != MG_RESULTS_LOADING);
  return results;
}

static guint
count(MgResults *results)
{
  return g_list_model_get_n_items(G_LIST_MODEL(results));
}

static const char *
name_at(MgResults *results, guint i)
{
  g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(results), i);
  return mg_result_row_prediction(row)->songname;
}

static void
keep_result(GObject *source, GAsyncResult *result, gpointer place)
{
  *(GAsyncResult **)place = g_object_ref(result);
}

static gboolean
export_watched(MgResults *results, const char *path, MgProgress *progress, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  mg_results_export_async(results, path, progress, keep_result, &result);
  test_wait_for(result);
  return mg_results_export_finish(results, result, error);
}

static gboolean
export_table(MgResults *results, const char *path, GError **error)
{
  return export_watched(results, path, NULL, error);
}

static void
test_figures(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_READY);
  g_assert_cmpuint(count(results), ==, 5);
  g_assert_cmpint(mg_results_n_classes(results), ==, 2);
  g_assert_cmpfloat_with_epsilon(mg_results_accuracy(results), 0.8, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_results_macro_f1(results), (0.8 + 0.8) / 2, 1e-9);
  const guint expected[] = {2, 1, 0, 2};
  g_assert_cmpmem(mg_results_confusion(results), sizeof expected, expected, sizeof expected);
  g_assert_cmpuint(mg_results_n_wrong(results), ==, 1);
  g_assert_cmpuint(mg_results_n_unsure(results), ==, 2);
  g_assert_cmpuint(mg_results_n_tracks(results), ==, 2);
  g_assert_cmpuint(mg_results_n_tracks_right(results), ==, 2);
  g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(results), 0);
  const MgVote *vote = mg_result_row_vote(row);
  g_assert_cmpint(vote->votes, ==, 2);
  g_assert_cmpint(vote->segments, ==, 3);
  g_assert_cmpint(vote->y_pred, ==, 0);
  g_assert_true(mg_result_row_is_wrong(row));
  g_assert_false(mg_result_row_is_unsure(row));
  g_assert_true(mg_result_row_has_sound(row));
  test_remove(folder);
}

/* Rows of a table of numbers are no stretches of sound, and each is a track of its own. */
static void
test_numbers(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, "songname,track,genre,y_test,part,start,end,y_pred,a_prob,b_prob\n"
                                                    "1_1,1,a,0,1,0,0,0,0.8,0.2\n"
                                                    "2_1,2,b,1,1,0,0,0,0.7,0.3\n");
  g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(results), 1);
  g_assert_false(mg_result_row_has_sound(row));
  g_assert_true(mg_result_row_is_wrong(row));
  g_assert_cmpuint(mg_results_n_tracks(results), ==, 2);
  test_remove(folder);
}

static void
test_filter(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  mg_results_set_filter(results, MG_RESULTS_WRONG);
  g_assert_cmpuint(count(results), ==, 1);
  g_assert_cmpstr(name_at(results, 0), ==, "Зима.mp3_1");
  mg_results_set_filter(results, MG_RESULTS_UNSURE);
  g_assert_cmpuint(count(results), ==, 2);
  mg_results_set_search(results, "зИМа");
  g_assert_cmpuint(count(results), ==, 1);
  mg_results_set_filter(results, MG_RESULTS_ALL);
  g_assert_cmpuint(count(results), ==, 3);
  mg_results_set_search(results, "RAP"); /* the genre */
  g_assert_cmpuint(count(results), ==, 2);
  mg_results_set_search(results, "");
  mg_results_set_cell(results, 0, 1);
  g_assert_cmpuint(count(results), ==, 1);
  g_assert_cmpfloat_with_epsilon(mg_results_accuracy(results), 0.8, 1e-9); /* over all, whatever is shown */
  mg_results_set_cell(results, -1, -1);
  g_assert_cmpuint(count(results), ==, 5);
  test_remove(folder);
}

static void
test_sort(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  GPtrArray *rows = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < count(results); i++)
    g_ptr_array_add(rows, g_list_model_get_item(G_LIST_MODEL(results), i));
  MgResultRow **row = (MgResultRow **)rows->pdata;
  g_assert_cmpint(mg_result_row_compare(row[1], row[2], MG_RESULT_SONGNAME), <, 0); /* _2 before _10 */
  g_assert_cmpint(mg_result_row_compare(row[0], row[3], MG_RESULT_GENRE), <, 0);
  g_assert_cmpint(mg_result_row_compare(row[2], row[3], MG_RESULT_PART), >, 0);
  g_assert_cmpint(mg_result_row_compare(row[0], row[1], MG_RESULT_Y_PRED), >, 0);
  g_assert_cmpint(mg_result_row_compare(row[0], row[1], MG_RESULT_PROBABILITY), <, 0);
  g_assert_cmpint(mg_result_row_compare(row[0], row[1], MG_RESULT_PROBABILITY + 1), >, 0);
  g_assert_cmpint(mg_result_row_compare(row[0], row[1], MG_RESULT_GENRE), <, 0); /* equal: the table's order */
  g_assert_cmpint(mg_result_row_compare(row[0], row[0], MG_RESULT_GENRE), ==, 0);
  /* Rows outlive the table being replaced. */
  mg_results_open_file(results, "/nowhere.csv");
  g_assert_cmpstr(mg_result_row_prediction(row[0])->songname, ==, "Зима.mp3_1");
  g_ptr_array_unref(rows);
  test_wait_for(mg_results_state(results) != MG_RESULTS_LOADING);
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_FAILED);
  g_assert_nonnull(strstr(mg_results_message(results), "/nowhere.csv"));
  g_assert_cmpuint(count(results), ==, 0);
  test_remove(folder);
}

static void
test_class(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  mg_results_set_class(results, 1);
  g_assert_cmpuint(count(results), ==, 2);
  g_assert_cmpstr(name_at(results, 0), ==, "Song.mp3_1");
  mg_results_set_class(results, -1);
  g_assert_cmpuint(count(results), ==, 5);
  test_remove(folder);
}

/* A row for each track that has something to show, above its segments, whatever they are sorted by. */
static void
test_grouped(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  mg_results_set_grouped(results, TRUE);
  g_assert_cmpuint(count(results), ==, 7);
  g_autoptr(MgResultRow) first = g_list_model_get_item(G_LIST_MODEL(results), 0);
  g_autoptr(MgResultRow) segment = g_list_model_get_item(G_LIST_MODEL(results), 1);
  g_autoptr(MgResultRow) second = g_list_model_get_item(G_LIST_MODEL(results), 4);
  g_assert_true(mg_result_row_is_track(first));
  g_assert_false(mg_result_row_is_track(segment));
  g_assert_true(mg_result_row_is_track(second));
  g_assert_cmpstr(mg_result_row_prediction(second)->songname, ==, "Song.mp3_1");
  g_assert_cmpint(mg_result_row_vote(second)->segments, ==, 2);
  g_assert_cmpint(mg_result_row_compare_tracks(first, segment), <, 0);
  g_assert_cmpint(mg_result_row_compare_tracks(segment, second), <, 0);
  mg_results_set_filter(results, MG_RESULTS_WRONG);
  g_assert_cmpuint(count(results), ==, 2); /* a track without wrong ones is not there */
  g_autofree char *path = g_build_filename(folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_assert_true(export_table(results, path, NULL));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 3); /* titles, one segment, the end: tracks are none of its rows */
  test_remove(folder);
}

static const char pair[] = "songname,track,genre,y_test,part,start,end,y_pred_A,y_pred_B,classique_prob_A,rap_prob_A,"
                           "classique_prob_B,rap_prob_B\n"
                           "a.wav_1,/t/a.wav,classique,0,1,0,15,1,0,0.2,0.8,0.7,0.3\n"
                           "a.wav_2,/t/a.wav,classique,0,2,15,30,0,0,0.9,0.1,0.6,0.4\n"
                           "b.wav_1,/t/b.wav,rap,1,1,0,15,1,0,0.3,0.7,0.55,0.45\n"
                           "b.wav_2,/t/b.wav,rap,1,2,15,30,0,1,0.8,0.2,0.1,0.9\n";

static MgRun *
run_with_model(const char *folder, const char *name)
{
  g_autofree char *config = g_strdup_printf("%s/config.ini", name);
  g_autofree char *model = g_strdup_printf("%s/checkpoints/best.safetensors", name);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  test_write(folder, config, "[run]\nmodel=a\ndataset=/d\n");
  test_write(folder, model, "");
  return mg_run_new(path);
}

/* The other run beside, evaluated first: rows and figures of both, and cells of either matrix. */
static void
test_compare(void)
{
  char *folder = test_folder();
  g_autofree char *body = g_strdup_printf("[ \"${12}\" = '%s/b' ] && cat >\"$9\" <<'END'\n%sEND\n", folder, pair);
  test_fake_program(folder, body);
  g_autoptr(MgRun) a = run_with_model(folder, "a");
  g_autoptr(MgRun) b = run_with_model(folder, "b");
  test_write(folder, "a/predictions.csv", table);
  g_autoptr(MgResults) results = mg_results_new();
  mg_results_open_run(results, a, "test");
  test_wait_for(mg_results_state(results) == MG_RESULTS_READY);
  g_assert_null(mg_results_other_predictions(results));
  mg_results_compare(results, b);
  g_assert_true(mg_results_against(results) == b);
  test_wait_for(mg_results_state(results) == MG_RESULTS_READY);
  g_assert_cmpuint(count(results), ==, 4);
  g_assert_cmpfloat(mg_results_accuracy(results), ==, 0.5);
  g_assert_cmpfloat(mg_results_other_accuracy(results), ==, 0.75);
  g_assert_cmpuint(mg_results_n_differ(results), ==, 3);
  size_t only_a, only_b;
  g_assert_cmpfloat(mg_results_mcnemar(results, &only_a, &only_b), ==, 1);
  g_assert_cmpuint(only_a, ==, 1);
  g_assert_cmpuint(only_b, ==, 2);
  g_autoptr(MgResultRow) row = g_list_model_get_item(G_LIST_MODEL(results), 0);
  g_assert_cmpint(mg_result_row_other(row)->y_pred, ==, 0);
  g_assert_cmpfloat_with_epsilon(mg_result_row_probability(row, MG_RESULT_PROBABILITY + 2), 0.7, 1e-6);
  g_assert_cmpfloat_with_epsilon(mg_result_row_probability(row, MG_RESULT_P_TEST_B), 0.7, 1e-6);
  g_assert_cmpint(mg_result_row_other_vote(row)->votes, ==, 2);
  mg_results_set_filter(results, MG_RESULTS_DIFFER);
  g_assert_cmpuint(count(results), ==, 3);
  mg_results_set_filter(results, MG_RESULTS_ALL);
  mg_results_set_cell_of(results, TRUE, 1, 0);
  g_assert_cmpuint(count(results), ==, 1);
  g_assert_true(mg_results_cell_is_other(results));
  g_assert_cmpstr(name_at(results, 0), ==, "b.wav_1");
  mg_results_set_cell(results, -1, -1);
  g_autofree char *path = g_build_filename(folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_assert_true(export_table(results, path, NULL));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, pair);
  mg_results_compare(results, NULL);
  test_wait_for(mg_results_state(results) == MG_RESULTS_READY);
  g_assert_cmpuint(count(results), ==, 5);
  test_remove(folder);
}

/* A file that is no comparison says what is missing. */
static void
test_compare_damaged(void)
{
  static const struct {
    const char *from, *to, *says;
  } damages[] = {
      {"y_pred_B", "y_pred", "y_pred_B"}, {"rap_prob_B", "x", "rap_prob_B"}, {",1,0,0.2", ",7,0,0.2", "“7”"}};
  for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
    char *folder = test_folder();
    g_auto(GStrv) parts = g_strsplit(pair, damages[i].from, 2);
    g_autofree char *text = g_strjoinv(damages[i].to, parts);
    g_autofree char *body = g_strdup_printf("cat >\"$9\" <<'END'\n%sEND\n", text);
    test_fake_program(folder, body);
    g_autoptr(MgRun) a = run_with_model(folder, "a");
    g_autoptr(MgRun) b = run_with_model(folder, "b");
    test_write(folder, "a/predictions.csv", table);
    g_autoptr(MgResults) results = mg_results_new();
    mg_results_open_run(results, a, "test");
    mg_results_compare(results, b);
    test_wait_for(mg_results_state(results) == MG_RESULTS_FAILED);
    g_assert_nonnull(strstr(mg_results_message(results), damages[i].says));
    test_remove(folder);
  }
}

static void
test_export(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  g_autofree char *path = g_build_filename(folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(export_table(results, path, NULL));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, table);
  mg_results_set_filter(results, MG_RESULTS_WRONG);
  g_assert_true(export_table(results, path, NULL));
  g_autoptr(MgResults) again = mg_results_new();
  mg_results_open_file(again, path);
  test_wait_for(mg_results_state(again) != MG_RESULTS_LOADING);
  g_assert_cmpuint(count(again), ==, 1);
  g_assert_false(export_table(results, "/nowhere/out.csv", &error));
  g_assert_nonnull(strstr(error->message, "/nowhere"));

  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  g_autoptr(GError) cancelled = NULL;
  g_autofree char *unwritten = g_build_filename(folder, "unwritten.csv", NULL);
  mg_progress_cancel(progress);
  g_assert_false(export_watched(results, unwritten, progress, &cancelled));
  g_assert_error(cancelled, MG_ERROR, MG_ERROR_CANCELLED);
  g_assert_false(g_file_test(unwritten, G_FILE_TEST_EXISTS));
  test_remove(folder);
}

/* Whoever is told of a change while another table is opened never sees figures without a table. */
static void
check_state(MgResults *results, int *changes)
{
  (*changes)++;
  g_assert_true((mg_results_state(results) == MG_RESULTS_READY) == (mg_results_predictions(results) != NULL));
}

static void
test_reopen(void)
{
  char *folder = test_folder();
  int changes = 0;
  g_autoptr(MgResults) results = open_table(folder, table);
  g_autofree char *path = g_build_filename(folder, "predictions.csv", NULL);
  g_signal_connect(results, "changed", G_CALLBACK(check_state), &changes);
  mg_results_open_file(results, path);
  test_wait_for(mg_results_state(results) != MG_RESULTS_LOADING);
  mg_results_open_file(results, "/nowhere.csv");
  test_wait_for(mg_results_state(results) != MG_RESULTS_LOADING);
  g_assert_cmpint(changes, >=, 4);
  test_remove(folder);
}

static void
test_unknown_truth(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, "songname,track,genre,y_test,part,start,end,y_pred,a_prob,b_prob\n"
                                                    "x.wav_1,/t/x.wav,\"\",\"\",1,0,15,1,0.2,0.8\n");
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_READY);
  g_assert_true(isnan(mg_results_accuracy(results)));
  g_assert_null(mg_results_confusion(results));
  g_assert_cmpuint(mg_results_n_wrong(results), ==, 0);
  test_remove(folder);
}

static void
note_progress(MgResults *results, double *told)
{
  mg_results_progress(results, &told[0], &told[1]);
}

/* Stands for `evaluate`: it tells how far it is, and writes the table where --out says. */
static void
test_evaluate(void)
{
  double told[2] = {0};
  char *folder = test_folder();
  test_write(folder, "good.csv", table);
  test_write(folder, "run/checkpoints/best.safetensors", "");
  test_write(folder, "run/config.ini", "[run]\nleaky=true\n");
  g_autofree char *body = g_strdup_printf("echo 'progress 0.2500 12.5 x' >&2\n"
                                          "while [ $1 != --out ]; do shift; done; cp '%s/good.csv' \"$2\"",
                                          folder);
  g_autofree char *path = g_build_filename(folder, "run", NULL);
  g_autoptr(MgRun) run = mg_run_new(path);
  g_autoptr(MgResults) results = mg_results_new();
  mg_run_refresh(run);
  test_fake_program(folder, body);
  g_signal_connect(results, "progress", G_CALLBACK(note_progress), told);
  mg_results_open_run(results, run, "test");
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_EVALUATING);
  test_wait_for(mg_results_state(results) == MG_RESULTS_READY);
  g_assert_cmpfloat(told[0], ==, 0.25);
  g_assert_cmpfloat(told[1], ==, 12.5);
  g_assert_cmpuint(count(results), ==, 5);
  g_assert_true(mg_results_is_leaky(results));
  mg_results_open_run(results, run, "test"); /* there already */
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_LOADING);
  test_wait_for(mg_results_state(results) == MG_RESULTS_READY);
  test_fake_program(folder, "echo 'melograph-cli: no val split' >&2; exit 1");
  mg_results_open_run(results, run, "val");
  test_wait_for(mg_results_state(results) == MG_RESULTS_FAILED);
  g_assert_cmpstr(mg_results_message(results), ==, "no val split");
  test_remove(folder);
}

static void
test_no_model(void)
{
  char *folder = test_folder();
  g_autoptr(MgRun) run = mg_run_new(folder);
  g_autoptr(MgResults) results = mg_results_new();
  mg_results_open_run(results, run, "test");
  g_assert_cmpint(mg_results_state(results), ==, MG_RESULTS_EMPTY);
  test_remove(folder);
}

/* Segments picked elsewhere: those that are in the table are shown; the others are counted. */
static void
test_pick(void)
{
  char *folder = test_folder();
  g_autoptr(MgResults) results = open_table(folder, table);
  const MgPrediction picked[] = {{.track = (char *)"/t/Song.mp3", .start = 15},
                                 {.track = (char *)"/t/Зима.mp3", .start = 135},
                                 {.track = (char *)"/t/Other.mp3", .start = 15}};
  const MgPrediction *const segments[] = {&picked[0], &picked[1], &picked[2]};
  size_t n, in_table;
  g_assert_false(mg_results_picked(results, &n, &in_table));
  mg_results_pick(results, segments, 3);
  g_assert_true(mg_results_picked(results, &n, &in_table));
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpuint(in_table, ==, 2);
  g_assert_cmpuint(count(results), ==, 2);
  g_assert_cmpstr(name_at(results, 0), ==, "Зима.mp3_10");
  mg_results_set_filter(results, MG_RESULTS_UNSURE); /* both hold */
  g_assert_cmpuint(count(results), ==, 1);
  mg_results_set_filter(results, MG_RESULTS_ALL);
  mg_results_pick(results, segments + 2, 1);
  g_assert_cmpuint(count(results), ==, 0);
  mg_results_pick(results, NULL, 0);
  g_assert_false(mg_results_picked(results, &n, &in_table));
  g_assert_cmpuint(count(results), ==, 5);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/results/figures", test_figures);
  g_test_add_func("/session/results/numbers", test_numbers);
  g_test_add_func("/session/results/filter", test_filter);
  g_test_add_func("/session/results/sort", test_sort);
  g_test_add_func("/session/results/export", test_export);
  g_test_add_func("/session/results/class", test_class);
  g_test_add_func("/session/results/grouped", test_grouped);
  g_test_add_func("/session/results/compare", test_compare);
  g_test_add_func("/session/results/compare-damaged", test_compare_damaged);
  g_test_add_func("/session/results/reopen", test_reopen);
  g_test_add_func("/session/results/unknown-truth", test_unknown_truth);
  g_test_add_func("/session/results/evaluate", test_evaluate);
  g_test_add_func("/session/results/no-model", test_no_model);
  g_test_add_func("/session/results/pick", test_pick);
  return g_test_run();
}
