#include "ml/figures.h"
#include "base/rng.h"
#include "ml/metrics.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ECE_BINS = 10, BOOTSTRAP_ROUNDS = 1000 };

static const float *
answer(const MgAnswers *answers, size_t row)
{
  return answers->probabilities + row * (size_t)answers->classes;
}

int
mg_most_probable(const float *probabilities, int classes)
{
  int best = 0;
  for (int c = 1; c < classes; c++)
    best = probabilities[c] > probabilities[best] ? c : best;
  return best;
}

static int
predicted(const MgAnswers *answers, size_t row)
{
  return mg_most_probable(answer(answers, row), answers->classes);
}

typedef struct {
  float score;
  gboolean positive;
} Scored;

static int
compare_scores(const void *a, const void *b)
{
  float one = ((const Scored *)a)->score, other = ((const Scored *)b)->score;
  return one < other ? -1 : one > other;
}

/* Pairs in which the positive row has the higher score, from rows in rising order. */
static double
count_ordered_pairs(const Scored *scored, size_t n)
{
  double pairs = 0, below = 0;
  for (size_t first = 0, end; first < n; first = end) {
    double positive = 0, negative = 0;
    for (end = first; end < n && scored[end].score == scored[first].score; end++)
      *(scored[end].positive ? &positive : &negative) += 1;
    pairs += positive * (below + negative / 2);
    below += negative;
  }
  return pairs;
}

double
mg_auc(const MgAnswers *answers, int label)
{
  if (answers->rows == 0)
    return NAN;
  g_autofree Scored *scored = g_new(Scored, answers->rows);
  double positive = 0;
  for (size_t row = 0; row < answers->rows; row++) {
    scored[row] = (Scored){answer(answers, row)[label], answers->truth[row] == label};
    positive += scored[row].positive;
  }
  qsort(scored, answers->rows, sizeof *scored, compare_scores);
  double pairs = positive * ((double)answers->rows - positive);
  return pairs > 0 ? count_ordered_pairs(scored, answers->rows) / pairs : NAN;
}

double
mg_auc_ovr(const MgAnswers *answers)
{
  double sum = 0;
  int counted = 0;
  for (int label = 0; label < answers->classes; label++) {
    double auc = mg_auc(answers, label);
    if (isnan(auc))
      continue;
    sum += auc;
    counted++;
  }
  return counted ? sum / counted : NAN;
}

double
mg_log_loss(const MgAnswers *answers)
{
  double loss = 0;
  for (size_t row = 0; row < answers->rows; row++) {
    const float *p = answer(answers, row);
    double sum = 0;
    for (int c = 0; c < answers->classes; c++)
      sum += CLAMP((double)p[c], DBL_EPSILON, 1 - DBL_EPSILON);
    loss -= log(CLAMP((double)p[answers->truth[row]], DBL_EPSILON, 1 - DBL_EPSILON) / sum);
  }
  return answers->rows ? loss / (double)answers->rows : NAN;
}

static int
bin_of(double confidence, int n_bins)
{
  int bin = 0;
  while (bin + 1 < n_bins && confidence > (bin + 1) * (1.0 / n_bins))
    bin++;
  return bin;
}

void
mg_calibration_curve(const MgAnswers *answers, int label, MgCalibrationBin *bins, int n_bins)
{
  memset(bins, 0, (size_t)n_bins * sizeof *bins);
  for (size_t row = 0; row < answers->rows; row++) {
    int class = label < 0 ? predicted(answers, row) : label;
    double confidence = answer(answers, row)[class];
    MgCalibrationBin *bin = &bins[bin_of(confidence, n_bins)];
    bin->rows++;
    bin->mean_predicted += confidence;
    bin->fraction_positive += answers->truth[row] == class;
  }
  for (int i = 0; i < n_bins; i++) {
    bins[i].mean_predicted /= (double)MAX(1, bins[i].rows);
    bins[i].fraction_positive /= (double)MAX(1, bins[i].rows);
  }
}

double
mg_expected_calibration_error(const MgAnswers *answers, int n_bins)
{
  g_autofree MgCalibrationBin *bins = g_new(MgCalibrationBin, n_bins);
  mg_calibration_curve(answers, -1, bins, n_bins);
  double sum = 0;
  for (int i = 0; i < n_bins; i++)
    sum += (double)bins[i].rows * fabs(bins[i].fraction_positive - bins[i].mean_predicted);
  return answers->rows ? sum / (double)answers->rows : NAN;
}

/* Rows and right ones of each unit. */
typedef struct {
  double rows, right;
} Unit;

static GArray *
collect_units(const MgAnswers *answers)
{
  GArray *units = g_array_new(FALSE, TRUE, sizeof(Unit));
  for (size_t row = 0; row < answers->rows; row++) {
    guint number = answers->units ? answers->units[row] : (guint)row;
    if (number >= units->len)
      g_array_set_size(units, number + 1);
    Unit *unit = &g_array_index(units, Unit, number);
    unit->rows++;
    unit->right += predicted(answers, row) == answers->truth[row];
  }
  return units;
}

static int
compare_doubles(const void *a, const void *b)
{
  double one = *(const double *)a, other = *(const double *)b;
  return one < other ? -1 : one > other;
}

/* numpy.percentile of sorted values: between two of them in proportion. */
static double
percentile(const double *sorted, int n, double share)
{
  double place = share * (n - 1);
  int below = (int)place;
  double above = sorted[MIN(below + 1, n - 1)];
  return sorted[below] + (place - below) * (above - sorted[below]);
}

void
mg_bootstrap_accuracy(const MgAnswers *answers, int rounds, double *low, double *high)
{
  g_autoptr(GArray) units = collect_units(answers);
  g_autofree double *accuracies = g_new(double, rounds);
  MgRng rng = mg_rng_new(answers->seed);
  *low = *high = NAN;
  if (units->len == 0)
    return;
  for (int i = 0; i < rounds; i++) {
    Unit sum = {0};
    for (guint draw = 0; draw < units->len || sum.rows == 0; draw++) {
      const Unit *unit = &g_array_index(units, Unit, mg_rng_below(&rng, units->len));
      sum.rows += unit->rows;
      sum.right += unit->right;
    }
    accuracies[i] = sum.right / sum.rows;
  }
  qsort(accuracies, (size_t)rounds, sizeof *accuracies, compare_doubles);
  *low = percentile(accuracies, rounds, 0.025);
  *high = percentile(accuracies, rounds, 0.975);
}

double
mg_mcnemar(const int *truth, const int *predicted_a, const int *predicted_b, size_t rows, size_t *only_a,
           size_t *only_b)
{
  *only_a = *only_b = 0;
  for (size_t row = 0; row < rows; row++) {
    gboolean a = predicted_a[row] == truth[row], b = predicted_b[row] == truth[row];
    *only_a += a && !b;
    *only_b += b && !a;
  }
  double n = (double)(*only_a + *only_b), sum = 0;
  for (double i = 0; i <= (double)MIN(*only_a, *only_b); i++)
    sum += exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) - n * G_LN2);
  return MIN(1, 2 * sum);
}

MgFigures
mg_figures(const MgAnswers *answers)
{
  int classes = answers->classes;
  g_autofree guint *matrix = g_new0(guint, classes * classes);
  for (size_t row = 0; row < answers->rows; row++) {
    int most_probable = predicted(answers, row);
    mg_confusion_add(matrix, classes, &answers->truth[row], &most_probable, 1);
  }
  MgFigures figures = {.accuracy = mg_confusion_accuracy(matrix, classes),
                       .precision_macro = mg_confusion_macro(matrix, classes, mg_confusion_precision),
                       .recall_macro = mg_confusion_macro(matrix, classes, mg_confusion_recall),
                       .f1_macro = mg_confusion_macro_f1(matrix, classes),
                       .f1_micro = mg_confusion_accuracy(matrix, classes), /* the same where a row has one class */
                       .auc_ovr = mg_auc_ovr(answers),
                       .log_loss = mg_log_loss(answers),
                       .ece = mg_expected_calibration_error(answers, ECE_BINS)};
  mg_bootstrap_accuracy(answers, BOOTSTRAP_ROUNDS, &figures.accuracy_low, &figures.accuracy_high);
  return figures;
}
