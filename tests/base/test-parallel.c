/* base/parallel and base/progress: every item once, the first failure, cancelling, reports that only grow. */
#include "base/parallel.h"
#include "base/error.h"
#include "support.h"

enum { ITEMS = 1000 };

typedef struct {
  gint visits[ITEMS];
  gint total, worker_limit, fail_at;
  MgProgress *cancel_at_ten;
} Counts;

static gboolean
count(size_t index, int worker, gpointer data, GError **error)
{
  Counts *counts = data;
  g_assert_cmpint(worker, >=, 0);
  g_assert_cmpint(worker, <, counts->worker_limit);
  g_atomic_int_inc(&counts->visits[index]);
  gint done = g_atomic_int_add(&counts->total, 1) + 1;
  if (done == 10)
    mg_progress_cancel(counts->cancel_at_ten);
  if ((gint)index != counts->fail_at)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, "item %zu is bad", index);
  return FALSE;
}

static void
test_every_item(void)
{
  for (int threads = 1; threads <= 8; threads *= 2) {
    Counts counts = {.worker_limit = threads, .fail_at = -1};
    g_autoptr(GError) error = NULL;
    g_assert_true(mg_parallel_for(ITEMS, threads, count, &counts, NULL, &error));
    for (int i = 0; i < ITEMS; i++)
      g_assert_cmpint(counts.visits[i], ==, 1);
  }
}

static void
test_few_items(void)
{
  Counts counts = {.worker_limit = 2, .fail_at = -1};
  g_assert_true(mg_parallel_for(0, 4, count, &counts, NULL, NULL));
  g_assert_cmpint(counts.total, ==, 0);
  g_assert_true(mg_parallel_for(2, 100, count, &counts, NULL, NULL)); /* no more workers than items */
  g_assert_cmpint(counts.total, ==, 2);
}

static void
test_failure(void)
{
  for (int threads = 1; threads <= 4; threads += 3) {
    Counts counts = {.worker_limit = threads, .fail_at = 100};
    g_autoptr(GError) error = NULL;
    g_assert_false(mg_parallel_for(ITEMS, threads, count, &counts, NULL, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
    g_assert_cmpstr(error->message, ==, "item 100 is bad");
    if (threads == 1)
      g_assert_cmpint(counts.total, ==, 101);
  }
}

static void
test_failure_ignored(void)
{
  Counts counts = {.worker_limit = 2, .fail_at = 0};
  g_assert_false(mg_parallel_for(ITEMS, 2, count, &counts, NULL, NULL));
}

static void
test_cancel(void)
{
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  Counts counts = {.worker_limit = 2, .fail_at = -1, .cancel_at_ten = progress};
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_parallel_for(ITEMS, 2, count, &counts, progress, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  g_assert_cmpint(counts.total, <=, 12); /* the ten, and what the workers already had */
}

static void
remember(double fraction, double seconds_left, const char *what, gpointer data)
{
  double *last = data;
  g_assert_cmpfloat(fraction, >=, *last);
  g_assert_cmpfloat(fraction, <=, 1);
  *last = fraction;
}

static void
test_progress_of_a_loop(void)
{
  double last = 0;
  g_autoptr(MgProgress) progress = mg_progress_new(remember, &last);
  Counts counts = {.worker_limit = 4, .fail_at = -1};
  g_assert_true(mg_parallel_for(ITEMS, 4, count, &counts, progress, NULL));
  g_assert_cmpfloat(last, ==, 1);
}

typedef struct {
  int calls;
  double fraction, seconds_left;
  char what[20];
} Report;

static void
keep_report(double fraction, double seconds_left, const char *what, gpointer data)
{
  Report *report = data;
  report->calls++;
  report->fraction = fraction;
  report->seconds_left = seconds_left;
  g_strlcpy(report->what, what ? what : "", sizeof report->what);
}

static void
test_progress(void)
{
  Report report = {0};
  g_autoptr(MgProgress) progress = mg_progress_new(keep_report, &report);
  mg_progress_report(progress, 0, "reading");
  g_assert_cmpint(report.calls, ==, 1);
  g_assert_cmpfloat(report.seconds_left, <, 0); /* cannot be told yet */
  g_assert_cmpstr(report.what, ==, "reading");
  for (int i = 0; i < 100000; i++)
    mg_progress_report(progress, 0.5, NULL);
  g_assert_cmpint(report.calls, <, 1000); /* not one for each */
  mg_progress_report(progress, 1, NULL);
  g_assert_cmpfloat(report.fraction, ==, 1);
  g_assert_cmpfloat(report.seconds_left, ==, 0);
}

static void
test_nobody_watches(void)
{
  g_autoptr(GError) error = NULL;
  mg_progress_report(NULL, 0.5, "x");
  mg_progress_cancel(NULL);
  mg_progress_unref(NULL);
  g_assert_null(mg_progress_ref(NULL));
  g_assert_false(mg_progress_cancelled(NULL));
  g_assert_true(mg_progress_go_on(NULL, &error));
  g_assert_no_error(error);
}

static void
test_references(void)
{
  MgProgress *progress = mg_progress_new(NULL, NULL);
  MgProgress *other = mg_progress_ref(progress);
  mg_progress_unref(progress);
  mg_progress_cancel(other);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_progress_go_on(other, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
  mg_progress_unref(other);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(mg_processors(), >=, 1);
  g_test_add_func("/parallel/every-item", test_every_item);
  g_test_add_func("/parallel/few-items", test_few_items);
  g_test_add_func("/parallel/failure", test_failure);
  g_test_add_func("/parallel/failure-ignored", test_failure_ignored);
  g_test_add_func("/parallel/cancel", test_cancel);
  g_test_add_func("/parallel/progress", test_progress_of_a_loop);
  g_test_add_func("/progress/reports", test_progress);
  g_test_add_func("/progress/nobody-watches", test_nobody_watches);
  g_test_add_func("/progress/references", test_references);
  return g_test_run();
}
