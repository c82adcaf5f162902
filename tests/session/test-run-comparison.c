/* Runs side by side, read anew where they have changed, and evaluated where they were not. */
#include "session-support.h"
#include "session/run-comparison.h"
#include <math.h>

static const char metrics[] = "epoch,step,split,name,value\n1,1,train,loss,1\n1,1,train,accuracy,0.5\n"
                              "1,1,val,f1_macro,0.5\n";

static MgRunList *
make(const char *folder)
{
  test_write(folder, "runs/a/config.ini", "[run]\nmodel=a\ndataset=/d\n[train]\nepochs=1\n");
  test_write(folder, "runs/a/metrics.csv", metrics);
  test_write(folder, "runs/b/config.ini", "[run]\nmodel=a\ndataset=/d\n[train]\nepochs=2\n");
  test_write(folder, "runs/b/checkpoints/best.safetensors", "no model");
  g_autofree char *runs = g_build_filename(folder, "runs", NULL);
  return mg_run_list_new(runs);
}

static MgComparedRun *
find(MgRunComparison *comparison, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(comparison)); i++) {
    g_autoptr(MgComparedRun) run = g_list_model_get_item(G_LIST_MODEL(comparison), i);
    if (g_str_equal(mg_compared_run_summary(run)->name, name))
      return run; /* the comparison holds it */
  }
  return NULL;
}

static void
test_refresh(void)
{
  char *folder = test_folder();
  g_autoptr(MgRunList) list = make(folder);
  g_autoptr(MgRunComparison) comparison = mg_run_comparison_new(list);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(comparison)), ==, 0);
  mg_run_comparison_refresh(comparison);
  test_wait_for(g_list_model_get_n_items(G_LIST_MODEL(comparison)) == 2);
  g_autoptr(GPtrArray) names = mg_run_summaries_differing(mg_run_comparison_summaries(comparison));
  g_assert_cmpuint(names->len, ==, 1);
  g_assert_cmpstr(names->pdata[0], ==, "epochs");
  MgComparedRun *a = find(comparison, "a"), *b = find(comparison, "b");
  g_assert_cmpfloat(mg_compared_run_summary(a)->figures[MG_SUMMARY_VAL_F1], ==, 0.5);
  test_append(folder, "runs/a/metrics.csv", "2,2,train,loss,1\n2,2,train,accuracy,0.5\n2,2,val,f1_macro,0.75\n");
  mg_run_comparison_refresh(comparison);
  test_wait_for(mg_compared_run_summary(find(comparison, "a"))->figures[MG_SUMMARY_VAL_F1] == 0.75);
  g_assert_true(find(comparison, "b") == b); /* not read again */
  test_remove(folder);
}

/* The one with a model alone, and what goes wrong is told. */
static void
test_evaluate(void)
{
  char *folder = test_folder();
  g_autoptr(MgRunList) list = make(folder);
  g_autoptr(MgRunComparison) comparison = mg_run_comparison_new(list);
  test_fake_program(folder, "cat >\"$3/predictions.csv\" <<'END'\n"
                            "songname,track,genre,y_test,part,start,end,y_pred,rap_prob,rock_prob\n"
                            "x_1,/x,rap,0,1,0,1,0,0.9,0.1\ny_1,/y,rock,1,1,0,1,1,0.2,0.8\nEND\n");
  mg_run_comparison_refresh(comparison);
  test_wait_for(g_list_model_get_n_items(G_LIST_MODEL(comparison)) == 2);
  g_assert_cmpuint(mg_run_comparison_n_untested(comparison), ==, 1);
  mg_run_comparison_evaluate(comparison);
  g_assert_cmpstr(mg_run_comparison_evaluating(comparison), ==, "b");
  test_wait_for(!mg_run_comparison_evaluating(comparison) && mg_run_comparison_n_untested(comparison) == 0);
  g_assert_cmpfloat(mg_compared_run_summary(find(comparison, "b"))->figures[MG_SUMMARY_TEST_F1], ==, 1);
  g_assert_true(isnan(mg_compared_run_summary(find(comparison, "a"))->figures[MG_SUMMARY_TEST_F1]));
  test_write(folder, "runs/b/predictions.csv", "broken");
  test_fake_program(folder, "echo 'melograph-cli: no such model' >&2; exit 1");
  mg_run_comparison_refresh(comparison);
  test_wait_for(mg_run_comparison_n_untested(comparison) == 1);
  mg_run_comparison_evaluate(comparison);
  test_wait_for(!mg_run_comparison_evaluating(comparison));
  g_assert_cmpstr(mg_run_comparison_message(comparison), ==, "no such model");
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/run-comparison/refresh", test_refresh);
  g_test_add_func("/session/run-comparison/evaluate", test_evaluate);
  return g_test_run();
}
