/* Runs side by side: what differs, best and last figures, test figures only where they are of the best checkpoint. */
#include "toy.h"
#include "base/error.h"
#include "train/evaluator.h"
#include "train/run-note.h"
#include "train/run-summary.h"
#include <math.h>
#include <utime.h>

static void
put(const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(mg_folder_make(folder, NULL));
  g_assert_true(mg_file_write(path, text, strlen(text), NULL));
}

static MgRunSummary *
load(const char *folder)
{
  g_autoptr(GError) error = NULL;
  MgRunSummary *summary = mg_run_summary_load(folder, &error);
  g_assert_no_error(error);
  return summary;
}

static MgRunSummary *
make(const char *folder, const char *name, const char *settings, const char *metrics)
{
  g_autofree char *run = g_build_filename(folder, name, NULL);
  g_autofree char *config =
      g_strdup_printf("[run]\nmodel=toy\ndataset=/d\n[train]\n%s\n[versions]\nglib=%s\n", settings, name);
  g_autofree char *csv = g_strconcat("epoch,step,split,name,value\n", metrics, NULL);
  put(run, "config.ini", config);
  put(run, "metrics.csv", csv);
  return load(run);
}

static const char one_run[] = "1,1,train,loss,2\n1,2,train,loss,1\n1,2,train,accuracy,0.5\n1,2,val,loss,1.5\n"
                              "1,2,val,accuracy,0.75\n1,2,val,f1_macro,0.75\n2,3,train,loss,1\n2,4,train,loss,0.5\n"
                              "2,4,train,accuracy,0.9\n2,4,val,loss,1.75\n2,4,val,accuracy,0.5\n2,4,val,f1_macro,0.4\n"
                              "3,5,train,loss,0.25\n";

static void
test_figures(void)
{
  char *folder = test_folder();
  g_autoptr(MgRunSummary) summary = make(folder, "one", "epochs=3", one_run);
  const double *figures = summary->figures;
  g_assert_cmpfloat(figures[MG_SUMMARY_EPOCHS], ==, 2); /* the third is under way */
  g_assert_cmpfloat(figures[MG_SUMMARY_BEST_EPOCH], ==, 1);
  g_assert_cmpfloat(figures[MG_SUMMARY_VAL_F1], ==, 0.75);
  g_assert_cmpfloat(figures[MG_SUMMARY_LAST_F1], ==, 0.4);
  g_assert_cmpfloat(figures[MG_SUMMARY_VAL_ACCURACY], ==, 0.75);
  g_assert_cmpfloat(figures[MG_SUMMARY_TRAIN_LOSS], ==, 0.75);
  g_assert_cmpfloat(fabs(figures[MG_SUMMARY_GAP] - 0.4), <, 1e-12);
  g_assert_true(isnan(figures[MG_SUMMARY_TEST_F1]));
  g_assert_true(isnan(figures[MG_SUMMARY_PARAMETERS]));
  g_assert_cmpint(summary->light.verdict, ==, MG_FIT_EARLY);
  test_remove(folder);
}

static void
test_differing(void)
{
  char *folder = test_folder();
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)mg_run_summary_free);
  g_ptr_array_add(runs, make(folder, "a|b", "epochs=3\nlearning_rate=0.1\nseed=1", one_run));
  g_ptr_array_add(runs, make(folder, "c", "epochs=3\nlearning_rate=0.2\nonly_here=1", ""));
  g_autoptr(GPtrArray) names = mg_run_summaries_differing(runs);
  g_assert_cmpuint(names->len, ==, 1); /* versions are no parameters, and what one run alone has is no difference */
  g_assert_cmpstr(names->pdata[0], ==, "learning_rate");
  g_assert_true(mg_run_note_write(((MgRunSummary *)runs->pdata[0])->folder, "a \"note\", with | and\nlines", NULL));
  g_autofree char *first = g_strdup(((MgRunSummary *)runs->pdata[0])->folder);
  mg_run_summary_free(runs->pdata[0]);
  runs->pdata[0] = load(first);
  g_autofree char *csv = mg_run_summaries_csv(runs), *markdown = mg_run_summaries_markdown(runs);
  g_test_message("%s\n%s", csv, markdown);
  g_assert_true(g_str_has_prefix(csv, "run,learning_rate,val_accuracy,val_f1_macro,gap,train_loss,"));
  g_assert_nonnull(strstr(csv, "\na|b,0.1,0.75,0.75,0.4,0.75,0.9,1.75,0.4,2,1,"));
  g_assert_nonnull(strstr(csv, "\"a \"\"note\"\", with | and\nlines\""));
  g_assert_nonnull(strstr(markdown, "\n| a\\|b | 0.1 | 0.750 | 0.750 | 0.400 | 0.75 | 0.900 |"));
  g_assert_nonnull(strstr(markdown, "with \\| and lines |\n"));
  g_auto(GStrv) lines = g_strsplit(markdown, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 5); /* titles, rule, two runs, the end */
  for (int i = 0; i < 4; i += 3) {               /* as many cells in every line */
    g_auto(GStrv) cells = g_strsplit(lines[i], " |", -1), rule = g_strsplit(lines[1], "---|", -1);
    g_assert_cmpuint(g_strv_length(cells), ==, g_strv_length(rule));
  }
  test_remove(folder);
}

/* Of a network that was really trained: its size, and the figures of its test table until the model is newer. */
static void
test_trained(void)
{
  Toy toy = toy_new();
  g_autofree char *run = toy_run(&toy, "run"), *table = g_build_filename(run, "predictions.csv", NULL);
  toy_train(&toy, run);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgPredictions) predictions = mg_evaluate_run(run, "best", "test", 1, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(mg_predictions_save(predictions, table, NULL));
  g_autoptr(MgRunSummary) summary = load(run);
  g_assert_cmpfloat(summary->figures[MG_SUMMARY_PARAMETERS], ==, 6 * 9 + 6 + 12 + 6 * 2 + 2);
  guint right = 0;
  for (guint i = 0; i < predictions->predictions->len; i++) {
    const MgPrediction *prediction = predictions->predictions->pdata[i];
    right += prediction->y_test == prediction->y_pred;
  }
  g_assert_cmpfloat(fabs(summary->figures[MG_SUMMARY_TEST_ACCURACY] - (double)right / predictions->predictions->len), <,
                    1e-9);
  g_assert_cmpint(summary->state, ==, MG_RUN_FINISHED);
  g_assert_cmpint(summary->light.epochs, ==, 4);
  g_assert_cmpint(summary->light.verdict, !=, MG_FIT_EARLY);
  struct utimbuf long_ago = {1000, 1000};
  g_assert_cmpint(utime(table, &long_ago), ==, 0);
  g_autoptr(MgRunSummary) older = load(run);
  g_assert_true(isnan(older->figures[MG_SUMMARY_TEST_F1]));
  toy_free(&toy);
}

static void
test_note(void)
{
  char *folder = test_folder();
  g_autofree char *none = mg_run_note_read(folder);
  g_assert_cmpstr(none, ==, "");
  g_assert_true(mg_run_note_write(folder, "", NULL)); /* nothing to remove */
  g_assert_true(mg_run_note_write(folder, "тише", NULL));
  g_autofree char *note = mg_run_note_read(folder);
  g_assert_cmpstr(note, ==, "тише");
  g_autoptr(GError) error = NULL;
  mg_file_fail_after(2);
  g_assert_false(mg_run_note_write(folder, "longer than that", &error));
  mg_file_fail_after(-1);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_autofree char *kept = mg_run_note_read(folder);
  g_assert_cmpstr(kept, ==, "тише");
  g_assert_true(mg_run_note_write(folder, "", NULL));
  g_autofree char *gone = mg_run_note_read(folder);
  g_assert_cmpstr(gone, ==, "");
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/run-summary/figures", test_figures);
  g_test_add_func("/run-summary/differing", test_differing);
  g_test_add_func("/run-summary/trained", test_trained);
  g_test_add_func("/run-summary/note", test_note);
  return toy_end(g_test_run());
}
