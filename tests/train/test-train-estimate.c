/* An estimate has the steps, the size and the memory that the training then has; its time is above zero and goes with
 * the number of segments. */
#include "toy.h"
#include "base/error.h"
#include "train/train-estimate.h"
#include <math.h>

static GPtrArray *
two_labels(void)
{
  GPtrArray *labels = g_ptr_array_new();
  g_ptr_array_add(labels, "noise");
  g_ptr_array_add(labels, "sine");
  return labels;
}

static void
test_toy(void)
{
  Toy toy = toy_new();
  g_autoptr(GPtrArray) labels = two_labels();
  g_autoptr(GError) error = NULL;
  MgTrainEstimate estimate;
  mg_train_estimate(toy.model, toy.params, labels, 90, 30, &estimate, &error);
  g_assert_no_error(error);
  g_assert_cmpint(estimate.parameters, ==, 6 * 9 + 6 + 12 + 6 * 2 + 2);
  g_assert_cmpint(estimate.steps_per_epoch, ==, 23); /* of 4 each, the last of 2 */
  g_assert_cmpfloat(estimate.example_seconds, >, 0);
  g_assert_cmpfloat(fabs(estimate.seconds - estimate.example_seconds * 4 * (90 + 10)), <, 1e-9);
  g_assert_cmpuint(estimate.memory.total, >, estimate.memory.network);
  mg_train_estimate(toy.model, toy.params, labels, 0, 0, &estimate, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(estimate.seconds, <, 0); /* nothing to learn from */
  g_assert_false(mg_train_estimate("no-such-network", toy.params, labels, 9, 3, &estimate, &error));
  g_assert_nonnull(strstr(error->message, "no-such-network"));
  toy_free(&toy);
}

/* What cannot fit is not tried. */
static void
test_too_large(void)
{
  Toy toy = toy_new();
  g_autoptr(GPtrArray) labels = two_labels();
  g_autoptr(GError) error = NULL;
  MgTrainEstimate estimate;
  toy_set(&toy, "segment_seconds=60");
  toy_set(&toy, "hop_length=16");
  toy_set(&toy, "batch_size=4096");
  mg_train_estimate(toy.model, toy.params, labels, 100000, 0, &estimate, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(estimate.memory.total, >, (guint64)16 << 30);
  g_assert_cmpfloat(estimate.seconds, <, 0);
  toy_free(&toy);
}

int
main(int argc, char **argv)
{
  toy_init(&argc, &argv);
  g_test_add_func("/train-estimate/toy", test_toy);
  g_test_add_func("/train-estimate/too-large", test_too_large);
  return toy_end(g_test_run());
}
