#include "train/fit-light.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const size_t least_epochs = 4;
static const double risen = 1.1;          /* the validation loss is above its lowest by this factor */
static const double fallen = 0.95;        /* a training loss above this share of its first has not fallen */
static const double still_falling = 0.01; /* of the validation loss, an epoch */
static const double hardly = 0.01;        /* of the first training loss: below it next to nothing is left to learn */
static const double wide_gap = 0.15;      /* between the accuracies */

/* Mean over the MG_FIT_WINDOW epochs that end with `last`; epochs without a value count not. */
static double
mean_until(const MgFitEpoch *epochs, size_t last, double (*value)(const MgFitEpoch *))
{
  double sum = 0, n = 0;
  for (size_t i = last + 1 > MG_FIT_WINDOW ? last + 1 - MG_FIT_WINDOW : 0; i <= last; i++)
    if (isfinite(value(&epochs[i]))) {
      sum += value(&epochs[i]);
      n++;
    }
  return n > 0 ? sum / n : NAN;
}

static double
train_loss(const MgFitEpoch *epoch)
{
  return epoch->train_loss;
}

static double
train_accuracy(const MgFitEpoch *epoch)
{
  return epoch->train_accuracy;
}

static double
val_loss(const MgFitEpoch *epoch)
{
  return epoch->val_loss;
}

static double
val_accuracy(const MgFitEpoch *epoch)
{
  return epoch->val_accuracy;
}

/* Slope of the least-squares line through the validation losses of the last half of the epochs. */
static double
trend_of(const MgFitEpoch *epochs, size_t n)
{
  double count = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (size_t i = n - MAX(n / 2, MG_FIT_WINDOW); i < n; i++) {
    if (!isfinite(epochs[i].val_loss))
      continue;
    count++;
    x += (double)i;
    y += epochs[i].val_loss;
    xx += (double)i * (double)i;
    xy += (double)i * epochs[i].val_loss;
  }
  double spread = count * xx - x * x;
  return spread > 0 ? (count * xy - x * y) / spread : NAN;
}

/* The first window is as long as the others, so the search begins at its end. */
static size_t
find_lowest(const MgFitEpoch *epochs, size_t n)
{
  size_t lowest = MG_FIT_WINDOW - 1;
  for (size_t i = lowest; i < n; i++)
    if (mean_until(epochs, i, val_loss) < mean_until(epochs, lowest, val_loss))
      lowest = i;
  return lowest;
}

static MgFitVerdict
judge(const MgFitLight *light, double first_loss)
{
  if (!isfinite(light->val_now) || !isfinite(light->train_now) || !isfinite(light->trend))
    return MG_FIT_EARLY;
  if (light->train_now > fallen * first_loss)
    return MG_FIT_NOTHING;
  if (light->lowest < light->epochs && light->val_now > risen * light->val_then && light->train_now < light->train_then)
    return MG_FIT_OVER;
  if (light->trend < -still_falling * light->val_now && light->val_now > hardly * first_loss)
    return MG_FIT_LEARNING;
  return light->train_accuracy - light->val_accuracy > wide_gap ? MG_FIT_GAP : MG_FIT_GOOD;
}

MgFitLight
mg_fit_light(const MgFitEpoch *epochs, size_t n)
{
  MgFitLight light = {.verdict = MG_FIT_EARLY, .epochs = (int)n};
  if (n < least_epochs)
    return light;
  size_t lowest = find_lowest(epochs, n);
  light.lowest = (int)lowest + 1;
  light.val_then = mean_until(epochs, lowest, val_loss);
  light.val_now = mean_until(epochs, n - 1, val_loss);
  light.train_then = mean_until(epochs, lowest, train_loss);
  light.train_now = mean_until(epochs, n - 1, train_loss);
  light.train_accuracy = mean_until(epochs, n - 1, train_accuracy);
  light.val_accuracy = mean_until(epochs, n - 1, val_accuracy);
  light.trend = trend_of(epochs, n);
  light.verdict = judge(&light, epochs[0].train_loss);
  if (light.verdict == MG_FIT_NOTHING || light.verdict == MG_FIT_LEARNING) {
    light.train_then = epochs[0].train_loss;
    light.val_then = epochs[0].val_loss;
  }
  return light;
}

const char *
mg_fit_verdict_name(MgFitVerdict verdict)
{
  static const char *const names[] = {"early", "nothing", "learning", "good", "gap", "over"};
  return names[verdict];
}

static char *
accuracies(const MgFitLight *light)
{
  return g_strdup_printf(_("Accuracy is %.2f on the training segments and %.2f on the validation segments."),
                         light->train_accuracy, light->val_accuracy);
}

static char *
what_happens(const MgFitLight *light)
{
  switch (light->verdict) {
  case MG_FIT_NOTHING:
    return g_strdup_printf(_("It does not learn: after %d epochs the training loss is %.3g, at the start it was %.3g. "
                             "Another learning rate may help."),
                           light->epochs, light->train_now, light->train_then);
  case MG_FIT_LEARNING:
    return g_strdup_printf(_("It still learns: the validation loss falls by %.2g an epoch and is %.3g now. More epochs "
                             "may help."),
                           -light->trend, light->val_now);
  case MG_FIT_GAP:
    return g_strdup_printf(_("It knows the training segments far better than others, by %.2f of the accuracy. More "
                             "tracks, augmentation or weight decay may help."),
                           light->train_accuracy - light->val_accuracy);
  case MG_FIT_OVER:
    return g_strdup_printf(_("It overfits: since epoch %d the validation loss has risen from %.3g to %.3g, while the "
                             "training loss fell from %.3g to %.3g."),
                           light->lowest, light->val_then, light->val_now, light->train_then, light->train_now);
  default:
    return g_strdup_printf(_("It has learned what it can: the validation loss stands at %.3g."), light->val_now);
  }
}

char *
mg_fit_light_text(const MgFitLight *light)
{
  if (light->verdict == MG_FIT_EARLY)
    return g_strdup_printf(_("Whether it overfits can be told after %zu epochs with validation segments."),
                           least_epochs);
  g_autofree char *happens = what_happens(light), *both = accuracies(light);
  return light->verdict == MG_FIT_NOTHING || !isfinite(light->train_accuracy) || !isfinite(light->val_accuracy)
             ? g_steal_pointer(&happens)
             : g_strdup_printf("%s %s", happens, both);
}
