#include "nn/schedule.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "schedule",
     .type = MG_PARAM_CHOICE,
     .default_value = "one-cycle",
     .choices = "one-cycle|cosine|step|on-plateau|constant",
     .help = N_("How the learning rate changes during training")},
    {.name = "pct_start",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.3",
     .min = 0.01,
     .max = 0.99,
     .help = N_("one-cycle: share of the training in which the rate rises")},
    {.name = "div_factor",
     .type = MG_PARAM_FLOAT,
     .default_value = "25",
     .min = 1,
     .max = 1e6,
     .help = N_("one-cycle: learning rate divided by the first rate")},
    {.name = "final_div_factor",
     .type = MG_PARAM_FLOAT,
     .default_value = "10000",
     .min = 1,
     .max = 1e12,
     .help = N_("one-cycle: first rate divided by the last rate")},
    {.name = "step_size",
     .type = MG_PARAM_INT,
     .default_value = "10",
     .min = 1,
     .max = 1e6,
     .unit = "epochs",
     .help = N_("step: epochs between two steps")},
    {.name = "gamma",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0,
     .max = 1,
     .help = N_("step, on-plateau: factor of a step")},
    {.name = "warmup",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.05",
     .min = 0,
     .max = 0.9,
     .help = N_("cosine: share of the training in which the rate rises in a line from near 0")},
    {.name = "plateau_patience",
     .type = MG_PARAM_INT,
     .default_value = "5",
     .min = 0,
     .max = 1e6,
     .unit = "epochs",
     .help = N_("on-plateau: epochs without a lower validation loss that pass before a step")},
};
const MgParamTable mg_schedule_params = MG_PARAM_TABLE("schedule", N_("Learning-rate schedule"), specs);

typedef struct {
  const MgParams *params;
  double peak;
  gint64 step, steps, steps_per_epoch;
  const MgPlateau *plateau;
} Moment;

/* From `from` at 0 to `to` at 1 along half a cosine. */
static double
anneal(double from, double to, double at)
{
  return to + (from - to) / 2 * (1 + cos(G_PI * CLAMP(at, 0, 1)));
}

/* torch.optim.lr_scheduler.OneCycleLR, anneal_strategy "cos"; momentum stays as it is. */
static double
one_cycle(const Moment *moment)
{
  double first = moment->peak / mg_params_float(moment->params, "div_factor");
  double last = first / mg_params_float(moment->params, "final_div_factor");
  double top = mg_params_float(moment->params, "pct_start") * moment->steps - 1, end = moment->steps - 1;
  if (moment->step <= top)
    return top > 0 ? anneal(first, moment->peak, moment->step / top) : moment->peak;
  return end > top ? anneal(moment->peak, last, (moment->step - top) / (end - top)) : last;
}

/* torch.optim.lr_scheduler.StepLR, stepped once an epoch. */
static double
stepwise(const Moment *moment)
{
  gint64 epoch = moment->step / MAX(moment->steps_per_epoch, 1);
  return moment->peak *
         pow(mg_params_float(moment->params, "gamma"), epoch / mg_params_int(moment->params, "step_size"));
}

/* torch.optim.lr_scheduler.CosineAnnealingLR down to 0, stepped every step, behind a linear rise. */
static double
cosine(const Moment *moment)
{
  double rise = floor(mg_params_float(moment->params, "warmup") * moment->steps), rest = moment->steps - rise;
  if (moment->step < rise)
    return moment->peak * (moment->step + 1) / (rise + 1);
  return anneal(moment->peak, 0, (moment->step - rise) / MAX(rest, 1));
}

static double
on_plateau(const Moment *moment)
{
  return moment->peak * moment->plateau->factor;
}

static double
constant(const Moment *moment)
{
  return moment->peak;
}

static const struct {
  const char *name;
  double (*rate)(const Moment *moment);
} schedules[] = {
    {"one-cycle", one_cycle},   {"cosine", cosine},     {"step", stepwise},
    {"on-plateau", on_plateau}, {"constant", constant},
};

double
mg_schedule_rate(const MgParams *params, double peak, gint64 step, gint64 steps, gint64 steps_per_epoch,
                 const MgPlateau *plateau)
{
  Moment moment = {params, peak, step, steps, steps_per_epoch, plateau};
  const char *name = mg_params_text(params, "schedule");
  for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++)
    if (g_str_equal(schedules[i].name, name))
      return schedules[i].rate(&moment);
  g_error("the schedule %s is in the choices but not in the table", name);
}

void
mg_schedule_epoch(const MgParams *params, double loss, MgPlateau *plateau)
{
  if (!g_str_equal(mg_params_text(params, "schedule"), "on-plateau"))
    return;
  if (loss < plateau->best * (1 - 1e-4)) {
    plateau->best = loss;
    plateau->bad_epochs = 0;
  } else if (++plateau->bad_epochs > mg_params_int(params, "plateau_patience")) {
    plateau->factor *= mg_params_float(params, "gamma");
    plateau->bad_epochs = 0;
  }
}
