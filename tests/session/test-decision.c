#include "session-support.h"
#include "session/decision.h"
#include "session/feature-table.h"
#include "base/rng.h"
#include <math.h>

/* Two clouds, apart in `a`, alike in `b`; `c` is noise. */
static MgFeatureTable *
open_table(const char *folder)
{
  g_autoptr(GString) text = g_string_new("filename,a,b,c,label\n");
  MgRng rng = mg_rng_new(3);
  for (int i = 0; i < 80; i++)
    g_string_append_printf(text, "%d.wav,%g,%g,%g,%s\n", i, (i % 2 ? 4 : -4) + mg_rng_normal(&rng), mg_rng_normal(&rng),
                           mg_rng_normal(&rng), i % 2 ? "rap" : "classique");
  test_write(folder, "table.csv", text->str);
  g_autofree char *path = g_build_filename(folder, "table.csv", NULL);
  MgFeatureTable *table = mg_feature_table_new();
  mg_feature_table_open(table, path);
  test_wait_for(mg_feature_table_state(table) != MG_TABLE_READING);
  return table;
}

static int
class_at(const MgRegions *regions, double x, double y)
{
  int col = (int)lround((x - regions->x0) / (regions->x1 - regions->x0) * (regions->cols - 1));
  int row = (int)lround((y - regions->y0) / (regions->y1 - regions->y0) * (regions->rows - 1));
  const float *p = regions->probabilities + ((size_t)row * regions->cols + col) * regions->classes;
  return p[1] > p[0];
}

/* The regions are where the classes are; every classifier of the table draws some. */
static void
test_regions(void)
{
  char *folder = test_folder();
  g_autoptr(MgFeatureTable) table = open_table(folder);
  g_autoptr(MgDecision) decision = mg_decision_new();
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++) {
    g_autoptr(MgParams) params = mg_classifier_params(*class);
    for (size_t i = 0; i < 2; i++) /* quick ones will do */
      if (mg_params_has(params, i ? "epochs" : "n_estimators"))
        mg_params_set_int(params, i ? "epochs" : "n_estimators", 10);
    mg_decision_learn(decision, mg_feature_table_samples(table), 0, 1, *class, params);
    g_assert_true(mg_decision_is_working(decision));
    test_wait_for(!mg_decision_is_working(decision));
    g_assert_cmpstr(mg_decision_message(decision), ==, "");
    const MgScatter *scatter = mg_decision_scatter(decision);
    g_assert_cmpuint(scatter->n, ==, 80);
    g_assert_cmpstr(scatter->x_title, ==, "a");
    g_assert_cmpint(scatter->points[1].group, ==, 1);
    g_assert_true(isfinite(mg_decision_accuracy(decision, FALSE)) && isfinite(mg_decision_accuracy(decision, TRUE)));
    guint shapes[MG_N_POINT_SHAPES] = {0};
    for (size_t i = 0; i < scatter->n; i++)
      shapes[scatter->points[i].shape]++;
    g_assert_cmpuint(shapes[MG_POINT_TRIANGLE], ==, 20);
    g_assert_cmpuint(shapes[MG_POINT_DISC], ==, 60);
    if (g_str_equal((*class)->name, "fcnn") || g_str_equal((*class)->name, "lstm"))
      continue; /* ten epochs teach them little */
    g_assert_cmpfloat(mg_decision_accuracy(decision, TRUE), >, 0.95);
    g_assert_cmpint(class_at(scatter->regions, -4, 0), ==, 0);
    g_assert_cmpint(class_at(scatter->regions, 4, 0), ==, 1);
  }
  g_assert_cmpstr(mg_decision_row(decision, 7), ==, "7.wav");
  test_remove(folder);
}

static void
count_changes(MgDecision *decision, guint *changes)
{
  *changes += !mg_decision_is_working(decision);
}

/* Of many requests the last one is what shows; none takes the picture away. */
static void
test_newest(void)
{
  char *folder = test_folder();
  g_autoptr(MgFeatureTable) table = open_table(folder);
  g_autoptr(MgDecision) decision = mg_decision_new();
  const MgClassifierClass *class = mg_classifier_class_find("knn", NULL);
  g_autoptr(MgParams) params = mg_classifier_params(class);
  guint ends = 0;
  g_signal_connect(decision, "changed", G_CALLBACK(count_changes), &ends);
  for (guint i = 0; i < 30; i++)
    mg_decision_learn(decision, mg_feature_table_samples(table), i % 3, (i + 1) % 3, class, params);
  test_wait_for(!mg_decision_is_working(decision));
  g_assert_cmpuint(ends, ==, 1);
  g_assert_cmpstr(mg_decision_scatter(decision)->x_title, ==, "c");
  g_assert_cmpstr(mg_decision_scatter(decision)->y_title, ==, "a");
  mg_decision_learn(decision, NULL, 0, 0, NULL, NULL);
  g_assert_cmpuint(mg_decision_scatter(decision)->n, ==, 0);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/decision/regions", test_regions);
  g_test_add_func("/session/decision/newest", test_newest);
  return g_test_run();
}
