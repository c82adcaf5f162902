/* What is wrong with a data set, and what can be done about it. */
#pragma once
#include "dataset/manifest.h"
#include "dataset/store-edits.h"

extern const MgParamTable mg_problem_params; /* silence_db clipped_share min_seconds near_distance */

typedef enum {
  MG_PROBLEM_UNREADABLE,
  MG_PROBLEM_CONFLICT, /* the same sound, or nearly, in several classes */
  MG_PROBLEM_DUPLICATE,
  MG_PROBLEM_NEAR_DUPLICATE,
  MG_PROBLEM_STRADDLING, /* a group in several splits or folds of the data set itself */
  MG_PROBLEM_SILENT,
  MG_PROBLEM_CLIPPED,
  MG_PROBLEM_SHORT,
  MG_PROBLEM_RATE,
  MG_N_PROBLEMS,
} MgProblemKind;

typedef enum {
  MG_FIX_EXCLUDE,  /* all of its tracks */
  MG_FIX_COPIES,   /* excludes all but the first */
  MG_FIX_TOGETHER, /* in one group: on one side of every split */
  MG_FIX_ONE_SIDE, /* in the fold and split that most of them are in */
  MG_FIX_RELABEL,  /* all get the class of the first one */
  MG_N_FIXES,
} MgFix;

typedef struct {
  const char *name;  /* for the command line */
  const char *title; /* N_(), plural */
  const char *help;  /* N_(): why it matters */
  MgFix fixes[3];    /* the first is the one to propose */
  guint n_fixes;
} MgProblemClass;
const MgProblemClass *mg_problem_class(MgProblemKind kind);
const char *mg_fix_name(MgFix fix);  /* for the command line */
const char *mg_fix_title(MgFix fix); /* N_(): a button's text */
gboolean mg_problem_find_kind(const char *name, MgProblemKind *kind);

typedef struct {
  MgProblemKind kind;
  GArray *tracks; /* guint: numbers in the manifest, the one to keep first */
  char *text;     /* what was found, with its figure; in the user's language where the program speaks it */
} MgProblem;

/* MgProblem *, by kind. `scans`: one a track (MgTrackScan *, NULL: not scanned; then nothing is said of its sound). */
GPtrArray *mg_problems_find(const MgManifest *manifest, const GPtrArray *scans, const MgParams *params);
/* What a fix changes: MgTrackValue, whose texts belong to the manifest or are static, but `*made` (NULL or to be
 * g_free()d after use). */
GArray *mg_problem_fix(const MgProblem *problem, const MgManifest *manifest, MgFix fix, char **made);
void mg_problem_free(MgProblem *problem); /* accepts NULL */

/* Sounds that are the same, or nearly, as sets of tracks: GArray * of guint, at least two each. */
GPtrArray *mg_find_copies(const GPtrArray *scans, double near_distance);
