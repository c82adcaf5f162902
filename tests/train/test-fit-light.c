/* Verdicts over curves of known shape, and the figures that they name. */
#include "support.h"
#include "train/fit-light.h"
#include <math.h>

enum { most = 40 };

typedef struct {
  double start, end; /* of an exponential fall */
  double rise;       /* an epoch, from epoch 10 on */
} Shape;

static void
fill(MgFitEpoch *epochs, int n, Shape train, Shape val, double gap)
{
  for (int i = 0; i < n; i++) {
    double fall = exp(-i / 4.0), late = MAX(i - 9, 0);
    epochs[i].train_loss = train.end + (train.start - train.end) * fall + train.rise * late;
    epochs[i].val_loss = val.end + (val.start - val.end) * fall + val.rise * late + 0.002 * ((i * 7) % 5 - 2);
    epochs[i].train_accuracy = 0.95 - 0.4 * fall;
    epochs[i].val_accuracy = epochs[i].train_accuracy - gap;
  }
}

static MgFitLight
light_of(int n, Shape train, Shape val, double gap)
{
  MgFitEpoch epochs[most];
  fill(epochs, n, train, val, gap);
  return mg_fit_light(epochs, n);
}

static void
says(const MgFitLight *light, MgFitVerdict verdict, const char *part)
{
  g_autofree char *text = mg_fit_light_text(light);
  g_test_message("%s", text);
  g_assert_cmpstr(mg_fit_verdict_name(light->verdict), ==, mg_fit_verdict_name(verdict));
  g_assert_nonnull(strstr(text, part));
}

static void
test_over(void)
{
  MgFitLight light = light_of(30, (Shape){1.5, 0.05, 0}, (Shape){1.5, 0.6, 0.03}, 0.2);
  says(&light, MG_FIT_OVER, "since epoch 1");
  g_assert_cmpint(light.lowest, >=, 9);
  g_assert_cmpint(light.lowest, <=, 16);
  g_assert_cmpfloat(light.val_now, >, 1.05);
  g_assert_cmpfloat(light.val_then, <, 0.8);
  g_assert_cmpfloat(light.train_now, <, light.train_then);
  g_assert_cmpfloat(fabs(light.trend - 0.03), <, 0.003);
}

/* It jumped once, and there is next to nothing left to learn. */
static void
test_one_jump(void)
{
  static const double losses[] = {0.66, 0.6, 0.17, 0.0018, 0.001, 0.0006, 0.5, 3.5, 0.04, 0.0002, 5e-5, 3.6e-5};
  MgFitEpoch epochs[G_N_ELEMENTS(losses)];
  for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
    epochs[i] = (MgFitEpoch){0.6 / (double)(i + 1), 0.99, losses[i], 1};
  MgFitLight light = mg_fit_light(epochs, G_N_ELEMENTS(losses));
  says(&light, MG_FIT_GOOD, "");
}

/* One bad epoch at the end is no overfitting. */
static void
test_one_bad_epoch(void)
{
  MgFitEpoch epochs[most];
  fill(epochs, 20, (Shape){1.5, 0.4, 0}, (Shape){1.5, 0.5, 0}, 0.02);
  epochs[19].val_loss *= 1.25;
  MgFitLight light = mg_fit_light(epochs, 20);
  says(&light, MG_FIT_GOOD, "stands at");
}

static void
test_gap(void)
{
  MgFitLight light = light_of(25, (Shape){1.5, 0.05, 0}, (Shape){1.5, 0.9, 0}, 0.3);
  says(&light, MG_FIT_GAP, "by 0.30 of the accuracy");
  says(&light, MG_FIT_GAP, "0.95 on the training segments and 0.65");
}

static void
test_learning(void)
{
  MgFitLight light = light_of(6, (Shape){1.5, 0.1, 0}, (Shape){1.5, 0.1, 0}, 0.05);
  says(&light, MG_FIT_LEARNING, "More epochs may help");
  g_assert_cmpfloat(light.trend, <, 0);
}

static void
test_nothing(void)
{
  MgFitLight light = light_of(12, (Shape){0.69, 0.69, 0}, (Shape){0.69, 0.69, 0}, 0);
  says(&light, MG_FIT_NOTHING, "after 12 epochs the training loss is 0.69");
}

/* Too few epochs, no validation segments, and losses that are no numbers. */
static void
test_early(void)
{
  MgFitEpoch epochs[most];
  MgFitLight light = light_of(3, (Shape){1.5, 0.1, 0}, (Shape){1.5, 0.1, 0}, 0);
  says(&light, MG_FIT_EARLY, "after 4 epochs");
  light = mg_fit_light(NULL, 0);
  g_assert_cmpint(light.verdict, ==, MG_FIT_EARLY);
  fill(epochs, 20, (Shape){1.5, 0.1, 0}, (Shape){1.5, 0.1, 0}, 0);
  for (int i = 0; i < 20; i++)
    epochs[i].val_loss = epochs[i].val_accuracy = NAN;
  light = mg_fit_light(epochs, 20);
  g_assert_cmpint(light.verdict, ==, MG_FIT_EARLY);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/fit-light/over", test_over);
  g_test_add_func("/fit-light/one-bad-epoch", test_one_bad_epoch);
  g_test_add_func("/fit-light/one-jump", test_one_jump);
  g_test_add_func("/fit-light/gap", test_gap);
  g_test_add_func("/fit-light/learning", test_learning);
  g_test_add_func("/fit-light/nothing", test_nothing);
  g_test_add_func("/fit-light/early", test_early);
  return g_test_run();
}
