#include "ml/search-table.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* One line a sampler, one line a scheduler; the parameters below list their names. */
static const MgSampler *const samplers[] = {&mg_sampler_grid, &mg_sampler_random, &mg_sampler_tpe};
static const MgScheduler *const schedulers[] = {&mg_scheduler_none, &mg_scheduler_median, &mg_scheduler_asha};

enum { MOST_TRIALS = 100000, USUAL_TRIALS = 20 };

static const MgParamSpec specs[] = {
    {"trials", MG_PARAM_INT, "auto", 1, MOST_TRIALS, NULL, NULL, N_("20, or as many as the budget allows"),
     N_("Configurations that are tried at most")},
    {"budget", MG_PARAM_FLOAT, "auto", 1e-6, 1e15, NULL, "epochs", N_("no end"),
     N_("Epochs that all trials together may take; rounds of boosting, or whole learnings where nothing is counted")},
    {"sampler", MG_PARAM_CHOICE, "tpe", 0, 0, "grid|random|tpe", NULL, NULL,
     N_("What tells the next configuration: all in turn, chance, or what did well so far")},
    {"scheduler", MG_PARAM_CHOICE, "none", 0, 0, "none|median|asha", NULL, NULL,
     N_("What ends poor trials early: nothing, the median of the others, successive halving")},
    {"repeats", MG_PARAM_INT, "1", 1, 100, NULL, NULL, NULL,
     N_("Times that a configuration is measured, by other seeds")},
    {"eta", MG_PARAM_FLOAT, "2", 1.5, 100, NULL, NULL, NULL, N_("How much longer a trial takes on the next rung")},
    {"rungs", MG_PARAM_INT, "4", 1, MG_SEARCH_MOST_RUNGS, NULL, NULL, NULL,
     N_("Times that a scheduler looks at a trial, the end included")},
    {"startup_trials", MG_PARAM_INT, "10", 1, 100000, NULL, NULL, NULL, N_("Trials by chance before TPE begins")},
    {"search_seed", MG_PARAM_INT, "0", 0, 4294967295.0, NULL, NULL, NULL, N_("Start of the sampler's random numbers")},
    {"jobs", MG_PARAM_INT, "1", 1, 1024, NULL, NULL, NULL, N_("Trials that are under way at the same time")},
};
const MgParamTable mg_search_params = MG_PARAM_TABLE("search", N_("Search"), specs);

static const char *const state_names[] = {"running", "paused", "finished", "stopped", "failed"};

const char *
mg_trial_state_name(MgTrialState state)
{
  return state_names[state];
}

gboolean
mg_trial_state_find(const char *name, MgTrialState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS(state_names); i++)
    if (g_str_equal(state_names[i], name)) {
      *state = (MgTrialState)i;
      return TRUE;
    }
  return FALSE;
}

const MgSampler *
mg_sampler_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(samplers); i++)
    if (g_str_equal(samplers[i]->name, name))
      return samplers[i];
  g_error("the sampler %s is in the choices but not in the table", name);
}

const MgScheduler *
mg_scheduler_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(schedulers); i++)
    if (g_str_equal(schedulers[i]->name, name))
      return schedulers[i];
  g_error("the scheduler %s is in the choices but not in the table", name);
}

static void
free_trial(gpointer data)
{
  MgTrial *trial = data;
  g_free(trial->values);
  g_free(trial);
}

MgSearch *
mg_search_new(const MgSpace *space, const MgParams *params, GError **error)
{
  g_autoptr(MgSearch) search = g_new0(MgSearch, 1);
  search->space = space;
  search->sampler = mg_sampler_find(mg_params_text(params, "sampler"));
  search->scheduler = mg_scheduler_find(mg_params_text(params, "scheduler"));
  search->trials = g_ptr_array_new_with_free_func(free_trial);
  search->budget = mg_params_float_or(params, "budget", INFINITY);
  search->planned = (guint)mg_params_int_or(params, "trials", isfinite(search->budget) ? MOST_TRIALS : USUAL_TRIALS);
  search->rungs = search->scheduler->has_rungs ? (int)mg_params_int(params, "rungs") : 1;
  search->eta = mg_params_float(params, "eta");
  search->startup = (guint)mg_params_int(params, "startup_trials");
  search->seed = (guint64)mg_params_int(params, "search_seed");
  gboolean good = !search->sampler->check || search->sampler->check(space, error);
  return good ? g_steal_pointer(&search) : NULL;
}

void
mg_search_free(MgSearch *search)
{
  if (!search)
    return;
  g_ptr_array_unref(search->trials);
  g_free(search);
}

const MgTrial *
mg_search_trial(const MgSearch *search, guint i)
{
  return search->trials->pdata[i];
}

double
mg_search_share(const MgSearch *search, int rung)
{
  return pow(search->eta, rung + 1 - search->rungs);
}

/* The budget. */

void
mg_search_set_outlook(MgSearch *search, const MgSearchOutlook *outlook)
{
  search->outlook = *outlook;
}

double
mg_search_spent(const MgSearch *search)
{
  double spent = 0;
  for (guint i = 0; i < search->trials->len; i++) {
    const MgTrial *trial = mg_search_trial(search, i);
    spent += trial->paid + (trial->state == MG_TRIAL_RUNNING ? trial->steps[trial->rungs] : 0);
  }
  return spent;
}

static gboolean
fits(const MgSearch *search, double more)
{
  return mg_search_spent(search) + more <= search->budget * (1 + 1e-9);
}

gboolean
mg_search_affords(const MgSearch *search, const MgTrial *trial)
{
  return fits(search, trial->steps[trial->rungs]);
}

void
mg_search_pay(const MgSearch *search, MgTrial *trial, double paid)
{
  double most = 0;
  int taken = trial->rungs + (trial->state == MG_TRIAL_FAILED && trial->rungs < search->rungs);
  for (int rung = 0; rung < taken; rung++)
    most += trial->steps[rung];
  trial->paid = trial->state == MG_TRIAL_FAILED ? most : MIN(most, paid); /* else a search of failures has no end */
}

static double
price_step(const MgSearch *search, const double *values, int rung)
{
  double share = mg_search_share(search, rung), before = rung > 0 ? mg_search_share(search, rung - 1) : 0;
  const MgSearchOutlook *outlook = &search->outlook;
  return outlook->price ? outlook->price(outlook->data, values, share, before) : share - before;
}

/* Trials. */

MgTrial *
mg_search_restore(MgSearch *search, const double *values)
{
  MgTrial *trial = g_new0(MgTrial, 1);
  trial->values = g_memdup2(values, search->space->params->len * sizeof *values);
  for (int rung = 0; rung < search->rungs; rung++)
    trial->steps[rung] = price_step(search, values, rung);
  trial->stands = search->outlook.stands && search->outlook.stands(search->outlook.data, values);
  g_ptr_array_add(search->trials, trial);
  return trial;
}

/* Whoever begins has to be paid to the end: what is left has to do for that, too. */
static gboolean
keep_if_paid(MgSearch *search)
{
  double owed = search->scheduler->owed ? search->scheduler->owed(search) : 0;
  gboolean good = fits(search, owed); /* the new one is running already */
  if (!good)
    g_ptr_array_set_size(search->trials, (gint)search->trials->len - 1);
  return good;
}

static gboolean
begin_trial(MgSearch *search)
{
  if (search->trials->len >= search->planned)
    return FALSE;
  MgRng rng = mg_rng_stream(search->seed, search->trials->len);
  g_autofree double *values = g_new(double, search->space->params->len);
  if (search->sampler->propose(search, &rng, values)) {
    mg_search_restore(search, values);
    return !isfinite(search->budget) || keep_if_paid(search);
  }
  search->planned = search->trials->len;
  return FALSE;
}

static guint
count_state(const MgSearch *search, MgTrialState state)
{
  guint n = 0;
  for (guint i = 0; i < search->trials->len; i++)
    n += mg_search_trial(search, i)->state == state;
  return n;
}

/* A search that is too short for anyone to climb to the last rung sends its best one there in the end. */
static int
promote_last(const MgSearch *search)
{
  int best = mg_search_best(search);
  const MgTrial *trial = best >= 0 ? mg_search_trial(search, (guint)best) : NULL;
  gboolean none = trial && count_state(search, MG_TRIAL_FINISHED) == 0;
  return none && trial->state == MG_TRIAL_PAUSED && mg_search_affords(search, trial) ? best : -1;
}

MgSearchStep
mg_search_next(MgSearch *search, guint *trial)
{
  /* Whom chance proposed does not depend on how others ended: when all have begun, it is better known who is good. */
  gboolean waits_for_all = search->scheduler->waits && !search->sampler->learns;
  gboolean begun = waits_for_all && begin_trial(search);
  int promoted = !begun && search->scheduler->promote ? search->scheduler->promote(search) : -1;
  begun = begun || (promoted < 0 && begin_trial(search));
  gboolean waits = promoted < 0 && !begun && count_state(search, MG_TRIAL_RUNNING) > 0;
  if (promoted < 0 && !begun && !waits)
    promoted = promote_last(search);
  if (promoted < 0 && !begun)
    return waits ? MG_SEARCH_WAIT : MG_SEARCH_END;
  *trial = begun ? search->trials->len - 1 : (guint)promoted;
  ((MgTrial *)search->trials->pdata[*trial])->state = MG_TRIAL_RUNNING;
  return MG_SEARCH_GO;
}

void
mg_search_report(MgSearch *search, guint number, double score, double paid)
{
  MgTrial *trial = search->trials->pdata[number];
  trial->state = MG_TRIAL_FAILED;
  if (isfinite(score)) {
    trial->scores[trial->rungs++] = score;
    gboolean last = trial->rungs == search->rungs;
    gboolean stops = !last && search->scheduler->stops && search->scheduler->stops(search, trial);
    trial->state = last ? MG_TRIAL_FINISHED : stops ? MG_TRIAL_STOPPED : MG_TRIAL_PAUSED;
  }
  mg_search_pay(search, trial, paid);
}

double
mg_trial_score(const MgTrial *trial)
{
  return trial->rungs > 0 ? trial->scores[trial->rungs - 1] : NAN;
}

int
mg_trial_compare(const MgTrial *a, const MgTrial *b)
{
  int rungs_a = a->state == MG_TRIAL_FAILED ? 0 : a->rungs, rungs_b = b->state == MG_TRIAL_FAILED ? 0 : b->rungs;
  if (rungs_a != rungs_b || rungs_a == 0)
    return rungs_a - rungs_b;
  double x = mg_trial_score(a), y = mg_trial_score(b);
  return (x > y) - (x < y);
}

int
mg_trial_peak(const MgTrial *trial)
{
  int peak = trial->stands ? MIN(trial->rungs, 1) : trial->rungs;
  for (int rung = peak + 1; rung <= trial->rungs; rung++)
    if (trial->scores[rung - 1] > trial->scores[peak - 1])
      peak = rung;
  return peak;
}

double
mg_trial_peak_score(const MgTrial *trial)
{
  int peak = mg_trial_peak(trial);
  return peak > 0 ? trial->scores[peak - 1] : NAN;
}

/* How far the model came that a trial has to give. */
static int
height_of(const MgSearch *search, const MgTrial *trial)
{
  gboolean any = trial->rungs > 0 && trial->state != MG_TRIAL_FAILED;
  return !any ? 0 : trial->stands ? search->rungs : trial->rungs;
}

int
mg_search_best(const MgSearch *search)
{
  int best = -1, highest = 0;
  for (guint i = 0; i < search->trials->len; i++) {
    const MgTrial *trial = mg_search_trial(search, i);
    int height = height_of(search, trial);
    if (height > highest || (best >= 0 && height == highest &&
                             mg_trial_peak_score(trial) > mg_trial_peak_score(mg_search_trial(search, (guint)best)))) {
      best = (int)i;
      highest = height;
    }
  }
  return best;
}
