#include "session/run.h"
#include <math.h>

static double
value_of_epoch(MgRunSeries series, size_t epoch)
{
  for (size_t i = 0; i < series.n; i++)
    if (series.epoch[i] == (double)epoch)
      return series.value[i];
  return NAN;
}

/* Mean of the steps of an epoch; `from` is where the one before ended. */
static double
mean_of_epoch(MgRunSeries series, size_t epoch, size_t *from)
{
  double sum = 0;
  size_t n = 0;
  for (; *from < series.n && series.epoch[*from] <= (double)epoch; (*from)++, n++)
    sum += series.value[*from];
  return n > 0 ? sum / (double)n : NAN;
}

MgFitLight
mg_run_fit_light(MgRun *run)
{
  MgRunSeries loss = mg_run_series(run, "train", "loss"), accuracy = mg_run_series(run, "train", "accuracy");
  MgRunSeries val_loss = mg_run_series(run, "val", "loss"), val_accuracy = mg_run_series(run, "val", "accuracy");
  size_t n = accuracy.n, step = 0; /* epochs that are done */
  g_autofree MgFitEpoch *epochs = g_new(MgFitEpoch, n + 1);
  for (size_t i = 0; i < n; i++)
    epochs[i] = (MgFitEpoch){mean_of_epoch(loss, i + 1, &step), accuracy.value[i], value_of_epoch(val_loss, i + 1),
                             value_of_epoch(val_accuracy, i + 1)};
  return mg_fit_light(epochs, n);
}
