/* Search for the parameters with which something learns best: which trial is next and how far it goes. Nothing is
 * learned here: whoever calls takes a trial, measures it and reports its score, in any number at a time.
 *
 * A trial goes up a ladder of rungs. Rung k of n takes eta^(k + 1 - n) of what the whole trial takes (epochs, rounds of
 * boosting, rows): 1/8, 1/4, 1/2, 1 for eta = 2. A scheduler that cannot stop a trial has one rung. */
#pragma once
#include "base/param.h"
#include "base/rng.h"
#include "ml/search-space.h"

enum { MG_SEARCH_MOST_RUNGS = 16 };

extern const MgParamTable
    mg_search_params; /* trials budget sampler scheduler repeats eta rungs startup_trials seed jobs */

typedef enum {
  MG_TRIAL_RUNNING,
  MG_TRIAL_PAUSED, /* below the last rung: may go on */
  MG_TRIAL_FINISHED,
  MG_TRIAL_STOPPED, /* by the scheduler, for good */
  MG_TRIAL_FAILED,
} MgTrialState;
const char *mg_trial_state_name(MgTrialState state);
gboolean mg_trial_state_find(const char *name, MgTrialState *state);

typedef struct {
  MgTrialState state;
  double *values;                      /* a configuration of the space */
  int rungs;                           /* reached */
  double scores[MG_SEARCH_MOST_RUNGS]; /* at each of them: the higher the better */
  double steps[MG_SEARCH_MOST_RUNGS];  /* what each takes at most, in units of the budget */
  double paid;                         /* what those taken did take */
  gboolean stands; /* what it is at a rung is a model of its own, as after some rounds of boosting */
} MgTrial;

typedef struct MgSearch MgSearch;

/* Looks through a space. One is a file (search-NAME.c) and a line in the table of search.c. */
typedef struct {
  const char *name; /* "tpe" */
  gboolean learns;  /* from the trials so far: then how these end is worth knowing soon */
  /* MG_ERROR_USAGE, naming the parameter, where it cannot look through the space; may be NULL. */
  gboolean (*check)(const MgSpace *space, GError **error);
  /* The values of the next trial, from those before it; FALSE where there are no more. The same trials before give the
   * same values. */
  gboolean (*propose)(const MgSearch *search, MgRng *rng, double *values);
} MgSampler;

/* Decides how far trials go. One is a file (search-NAME.c) and a line in the table of search.c. */
typedef struct {
  const char *name; /* "asha" */
  gboolean has_rungs;
  gboolean waits; /* with promotions until all trials have begun, where the sampler does not learn from them */
  /* Whether a trial that has just reached a rung, not the last, is stopped for good; NULL: never. */
  gboolean (*stops)(const MgSearch *search, const MgTrial *trial);
  /* The paused trial that goes on to its next rung, for which there is budget; -1: rather a new one. NULL: never. */
  int (*promote)(const MgSearch *search);
  /* What the trials begun so far still have to be paid before it is known who is best; NULL: nothing. */
  double (*owed)(const MgSearch *search);
} MgScheduler;

const MgSampler *mg_sampler_find(const char *name);     /* one of the choices of mg_search_params */
const MgScheduler *mg_scheduler_find(const char *name); /* likewise */

/* What is known of a trial with these values before it begins. */
typedef struct {
  /* What it takes from one share of itself to another; NULL: what it adds, so that a budget is of whole trials. */
  double (*price)(gpointer data, const double *values, double share, double before);
  gboolean (*stands)(gpointer data, const double *values); /* as MgTrial; NULL: none */
  gpointer data;
} MgSearchOutlook;

struct MgSearch {
  const MgSpace *space;
  const MgSampler *sampler;
  const MgScheduler *scheduler;
  GPtrArray *trials; /* MgTrial *, in the order in which they began */
  guint planned;
  double budget; /* INFINITY: no end */
  MgSearchOutlook outlook;
  int rungs;
  double eta;
  guint startup; /* trials of pure chance before TPE */
  guint64 seed;
};

/* Refers to `space`; params hold mg_search_params. MG_ERROR_USAGE where the sampler cannot look through it. */
MgSearch *mg_search_new(const MgSpace *space, const MgParams *params, GError **error);
void mg_search_free(MgSearch *search);                                        /* accepts NULL */
void mg_search_set_outlook(MgSearch *search, const MgSearchOutlook *outlook); /* before the first trial */
/* What all steps have taken, those under way at most. */
double mg_search_spent(const MgSearch *search);
gboolean mg_search_affords(const MgSearch *search, const MgTrial *trial); /* its next step */
const MgTrial *mg_search_trial(const MgSearch *search, guint i);
/* The part of a whole trial that rung `rung` (from 0) takes; 1 for the last one. */
double mg_search_share(const MgSearch *search, int rung);

typedef enum {
  MG_SEARCH_GO,   /* *trial is to be measured at its next rung, trial->rungs */
  MG_SEARCH_WAIT, /* for a report */
  MG_SEARCH_END,
} MgSearchStep;
MgSearchStep mg_search_next(MgSearch *search, guint *trial);
/* The score of a running trial at its next rung; NAN: it failed. `paid` is all that the trial took so far: what it
 * took above the steps' prices, as learning again what was lost, is not the budget's. */
void mg_search_report(MgSearch *search, guint trial, double score, double paid);
/* Takes up what an earlier process began, in its order: a trial with these values, and what is known of it. */
MgTrial *mg_search_restore(MgSearch *search, const double *values);
/* Of one that was taken up, as mg_search_report() does. */
void mg_search_pay(const MgSearch *search, MgTrial *trial, double paid);

/* The trial that came furthest, of these the one with the highest score; -1 where none has one. Who stands has come to
 * its end on every rung (Li et al. call it intermediate losses): its best one counts. */
int mg_search_best(const MgSearch *search);
int mg_trial_peak(const MgTrial *trial); /* the rung, from 1, that counts then; 0: none */
double mg_trial_peak_score(const MgTrial *trial);
double mg_trial_score(const MgTrial *trial); /* at the highest rung reached; NAN before the first */
/* Below 0 where a is worse than b: it came less far, or has a lower score there. Failed ones are worst. */
int mg_trial_compare(const MgTrial *a, const MgTrial *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSearch, mg_search_free)
