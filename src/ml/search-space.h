/* The space that a search looks through: JSON, {"NAME": PARAMETER, …}. PARAMETER is
 *   a number, text, true or false: always this value,
 *   {"values": [8, 16, …]}: one of these,
 *   {"low": 1e-4, "high": 0.1, "log": true, "integer": true, "step": 2}: a number between both ends, even over its
 *   logarithm with "log", whole with "integer", low + k * step with "step"; the last three may be left out.
 * "when": {"kernel": ["rbf", "poly"]} beside these: it counts only where a parameter above it has one of the values.
 * What stands before the last point of NAME only tells apart what is set alike: "svc.C" sets C. */
#pragma once
#include <glib.h>

typedef struct {
  char *name;            /* "svc.C" */
  const char *parameter; /* "C": within the name */
  char **values;         /* texts to choose from; NULL for a range */
  guint n_values;
  double low, high, step; /* of a range; step 0: none */
  gboolean log, integer;
  int depends;    /* number of the parameter that it depends on; -1: always counts */
  gboolean *when; /* [n_values of that one]: with which it counts */
} MgSpaceParam;

typedef struct {
  char *name;        /* for messages */
  GPtrArray *params; /* MgSpaceParam * */
} MgSpace;

/* MG_ERROR_FORMAT names `name`, the parameter, its value and what was expected. */
MgSpace *mg_space_parse(const char *text, const char *name, GError **error);
void mg_space_free(MgSpace *space); /* accepts NULL */
const MgSpaceParam *mg_space_param(const MgSpace *space, guint i);
int mg_space_find(const MgSpace *space, const char *name); /* number of the parameter of that name, or -1 */

/* A configuration is values[params]: the number of a choice, or a number of the range; NAN where it does not count. */
gboolean mg_space_counts(const MgSpace *space, guint i, const double *values);
/* What a configuration sets the parameter to; "" where it does not count. g_free() it. */
char *mg_space_text(const MgSpace *space, guint i, double value);
/* A whole configuration, "C=3 gamma=0.02"; g_free() it. */
char *mg_space_describe(const MgSpace *space, const double *values);
/* The opposite of mg_space_text(); FALSE where it is no value of the parameter. */
gboolean mg_space_value(const MgSpace *space, guint i, const char *text, double *value);

/* Places on the scale that a parameter is looked through on, where all of them are alike. A choice's scale is its
 * number; a range's goes over the logarithm with `log`. */
double mg_space_scale(const MgSpaceParam *param, double value);
/* The ends of a range's scale, half a step beyond the outermost values where there are steps. */
void mg_space_ends(const MgSpaceParam *param, double *low, double *high);
/* The nearest value that the range has, of six digits, so that it comes back from a file as it was. */
double mg_space_nearest(const MgSpaceParam *param, double place);
/* How many values: choices, steps; 0 for a range without steps. */
guint64 mg_space_count(const MgSpaceParam *param);
double mg_space_step_value(const MgSpaceParam *param, guint64 k); /* the k-th of these */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSpace, mg_space_free)
