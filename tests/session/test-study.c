#include "session-support.h"
#include "session/study.h"
#include <math.h>
#include <utime.h>

#define HEADER "classifier,f1_macro,f1_deviation,accuracy,f1_val,accuracy_val,seconds,parameters,machine,run\n"

static MgStudyRow *
row_at(MgStudy *study, guint i)
{
  g_autoptr(MgStudyRow) row = g_list_model_get_item(G_LIST_MODEL(study), i);
  return row; /* the study holds it */
}

static guint
count(MgStudy *study)
{
  return g_list_model_get_n_items(G_LIST_MODEL(study));
}

/* A stand-in for table-train; $run is the study's folder. */
static MgStudy *
start(const char *folder, const char *const *classifiers, const char *body)
{
  g_autofree char *runs = g_build_filename(folder, "runs", NULL), *own = g_build_filename(runs, "table-1", NULL);
  g_autofree char *script =
      g_strdup_printf("run='%s'; echo \"$*\" > '%s/asked'; trap 'exit 1' TERM; %s", own, folder, body);
  static const char *const data[] = {"--table", "t.csv", NULL}, *const settings[] = {"cv=3", NULL};
  MgStudyRequest request = {own, data, classifiers, settings};
  g_autoptr(GError) error = NULL;
  test_fake_program(folder, script);
  MgStudy *study = mg_study_new(runs);
  g_assert_true(mg_study_start(study, &request, &error));
  g_assert_no_error(error);
  g_assert_true(mg_study_is_running(study));
  return study;
}

static const char *const two[] = {"knn", "svc:C=3", NULL}, *const one[] = {"svc:C=3", NULL};

/* Rows are there at once, the figures when they are; the next program finds them, the newest study first. */
static void
test_figures(void)
{
  char *folder = test_folder();
  g_autoptr(MgStudy) study =
      start(folder, two,
            "echo 'progress 0.5000 2.0 ' >&2; mkdir -p $run; printf '" HEADER
            "knn,0.7,0.02,0.71,\"\",\"\",0.5,\"\",\"EPYC, 2\",/moved/knn\n"
            "svc,0.8,0.01,0.81,\"\",\"\",1.5,C=3,\"EPYC, 2\",/moved/svc-C=3\n' > $run/results.csv");
  g_assert_cmpuint(count(study), ==, 2);
  g_assert_cmpint(mg_study_row_state(row_at(study, 1)), ==, MG_STUDY_WAITING);
  g_assert_cmpstr(mg_study_row_text(row_at(study, 1), MG_STUDY_PARAMETERS), ==, "C=3");
  g_assert_true(isnan(mg_study_row_number(row_at(study, 0), MG_STUDY_F1)));
  test_wait_for(!mg_study_is_running(study));
  g_assert_cmpfloat(mg_study_fraction(study), ==, 0.5);
  g_assert_cmpstr(mg_study_message(study), ==, "");
  g_autofree char *runs = g_build_filename(folder, "runs", NULL);
  test_write(runs, "old-1/results.csv", HEADER "knn,0.5,0,0.5,,,1,,m,/x/knn\n");
  test_write(runs, "net-1/results.csv", "songname,track\n"); /* something else */
  g_autofree char *old = g_build_filename(runs, "old-1", "results.csv", NULL);
  g_assert_cmpint(g_utime(old, &(struct utimbuf){1, 1}), ==, 0);
  g_autoptr(MgStudy) again = mg_study_new(runs);
  g_assert_cmpuint(count(again), ==, 3);
  g_assert_cmpstr(mg_study_row_text(row_at(again, 2), MG_STUDY_DATA), ==, "old-1");
  MgStudy *const both[] = {study, again};
  for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
    MgStudyRow *row = row_at(both[i], 1);
    g_assert_cmpint(mg_study_row_state(row), ==, MG_STUDY_DONE);
    g_assert_cmpstr(mg_study_row_text(row, MG_STUDY_DATA), ==, "table-1");
    g_assert_cmpstr(mg_study_row_text(row, MG_STUDY_MODEL), ==, "svc");
    g_assert_cmpstr(mg_study_row_text(row, MG_STUDY_MACHINE), ==, "EPYC, 2");
    g_assert_cmpfloat(mg_study_row_number(row, MG_STUDY_F1), ==, 0.8);
    g_assert_cmpfloat(mg_study_row_deviation(row), ==, 0.01);
    g_assert_cmpfloat(mg_study_row_number(row, MG_STUDY_SECONDS), ==, 1.5);
    g_assert_true(g_str_has_suffix(mg_study_row_folder(row), "runs/table-1/svc-C=3"));
  }
  test_remove(folder);
}

/* One by itself gets a folder within the study's, as each of several does. */
static void
test_arguments(void)
{
  char *folder = test_folder();
  g_autoptr(MgStudy) study = start(folder, one, "exit 0");
  test_wait_for(!mg_study_is_running(study));
  g_autofree char *asked = g_build_filename(folder, "asked", NULL), *text = NULL;
  g_autofree char *expected = g_strdup_printf("table-train --classifier svc:C=3 --run %s/runs/table-1/svc-C=3 --out "
                                              "%s/runs/table-1/results.csv --progress --table t.csv --set cv=3\n",
                                              folder, folder);
  g_assert_true(g_file_get_contents(asked, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, expected);
  test_remove(folder);
}

/* The first is done, the second is stopped while it learns, or fails. */
static void
test_stop(void)
{
  static const char *const bodies[] = {"while :; do sleep 0.02; done",
                                       "echo 'melograph-cli: t.csv: line 7: “x” is no number' >&2; exit 1"};
  for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
    char *folder = test_folder();
    g_autofree char *body = g_strdup_printf(
        "mkdir -p $run; printf '" HEADER "knn,0.7,0.02,0.71,,,0.5,,m,/x/knn\n' > $run/results.csv; %s", bodies[i]);
    g_autoptr(MgStudy) study = start(folder, two, body);
    test_wait_for(mg_study_row_state(row_at(study, 0)) == MG_STUDY_DONE);
    if (i == 0)
      mg_study_stop(study);
    test_wait_for(!mg_study_is_running(study));
    MgStudyRow *second = row_at(study, 1);
    g_assert_cmpint(mg_study_row_state(second), ==, i ? MG_STUDY_FAILED : MG_STUDY_STOPPED);
    g_assert_cmpstr(mg_study_message(study), ==, i ? "t.csv: line 7: “x” is no number" : "");
    test_remove(folder);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/study/figures", test_figures);
  g_test_add_func("/session/study/arguments", test_arguments);
  g_test_add_func("/session/study/stop", test_stop);
  return g_test_run();
}
