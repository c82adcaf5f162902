/* session/search-trials: a search's folder that grows. */
#include "session-support.h"
#include "session/search-trials.h"

static const char space_text[] = "{\"x\": {\"low\": 0, \"high\": 4}, \"k\": {\"values\": [\"a\", \"b\"]}, \"n\": 7,"
                                 " \"y\": {\"low\": 1, \"high\": 100, \"log\": true, \"when\": {\"k\": [\"b\"]}}}";

/* The folder of a search that has begun. */
static MgSearchJob *
make_folder(const char *folder)
{
  MgSearchJob *job = mg_search_job_new();
  g_autoptr(GError) error = NULL;
  job->table = g_strdup("table.csv");
  job->classifier = g_strdup("knn");
  job->space = g_strdup("space.json");
  job->description = g_strdup(space_text);
  mg_search_job_save(job, folder, &error);
  g_assert_no_error(error);
  return job;
}

/* A trial that has come to its end. */
static void
add_trial(const char *folder, MgSearch *search, double x, double k, double y, double score)
{
  const double values[] = {x, k, 0, y};
  MgTrialCost cost = {0.01, 1, 0.5};
  g_autoptr(GError) error = NULL;
  mg_search_restore(search, values);
  mg_search_report(search, search->trials->len - 1, score, 1);
  mg_trials_append(folder, search, search->trials->len - 1, 1, &cost, &error);
  g_assert_no_error(error);
}

static void
count(int *changes)
{
  (*changes)++;
}

static gboolean
has_trials(MgSearchTrials *trials, guint n)
{
  mg_search_trials_refresh(trials);
  const MgSearchRecord *record = mg_search_trials_record(trials);
  return record && record->search->trials->len >= n;
}

static void
test_growing(void)
{
  char *folder = test_folder();
  g_autoptr(MgSearchJob) job = make_folder(folder);
  g_autoptr(MgSpace) space = mg_space_parse(space_text, "space.json", NULL);
  g_autoptr(MgSearch) search = mg_search_new(space, job->params, NULL);
  g_autoptr(MgSearchTrials) trials = mg_search_trials_new();
  int changes = 0;
  g_signal_connect_swapped(trials, "changed", G_CALLBACK(count), &changes);
  add_trial(folder, search, 1, 0, NAN, 0.5);
  add_trial(folder, search, 2, 1, 10, 0.9);
  mg_search_trials_open(trials, folder);
  test_wait_for(has_trials(trials, 2));
  add_trial(folder, search, 4, 0, NAN, NAN); /* failed */
  add_trial(folder, search, 3, 1, 100, 0.7);
  test_wait_for(has_trials(trials, 4));
  const MgSearchRecord *record = mg_search_trials_record(trials);
  g_assert_cmpuint(record->params->len, ==, 3); /* n is always the same */
  g_assert_cmpuint(record->ranking->len, ==, 3);
  g_assert_cmpuint(g_array_index(record->ranking, guint, 2), ==, 1);
  g_assert_cmpint(mg_search_best(record->search), ==, 1);
  g_assert_true(isnan(record->scores[2]));
  const double *best = record->places + 2 * 4, *worst = record->places;
  g_assert_cmpfloat(best[0], ==, 0.5);
  g_assert_cmpfloat(best[1], ==, 1);
  g_assert_cmpfloat(fabs(best[2] - 0.5), <, 1e-9);
  g_assert_cmpfloat(best[3], ==, 1);
  g_assert_true(isnan(worst[2]));
  g_assert_cmpfloat(worst[3], ==, 0);
  const MgSearchScale *scale = &g_array_index(record->scales, MgSearchScale, 2);
  g_assert_cmpstr(scale->labels[0], ==, "1");
  g_assert_cmpstr(scale->labels[scale->n - 1], ==, "100");
  g_assert_cmpint(changes, >=, 3);
  mg_search_trials_open(trials, NULL);
  g_assert_null(mg_search_trials_record(trials));
  test_remove(folder);
}

static void
test_damaged(void)
{
  char *folder = test_folder();
  g_autoptr(MgSearchJob) job = make_folder(folder);
  g_autoptr(MgSearchTrials) trials = mg_search_trials_new();
  test_write(folder, "trials.csv", "trial,repeats,state\n1,1,finished\n");
  mg_search_trials_open(trials, folder);
  test_wait_for(mg_search_trials_message(trials) != NULL);
  g_assert_nonnull(strstr(mg_search_trials_message(trials), "trials.csv: columns"));
  g_assert_null(mg_search_trials_record(trials));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/search/growing", test_growing);
  g_test_add_func("/session/search/damaged", test_damaged);
  return g_test_run();
}
