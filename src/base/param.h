/* Parameter specifications: the one place where a parameter's name, type, range, default, unit and help live.
 * Command-line options, configuration keys, the window's rows and model metadata all come from them.
 *
 * A table is a static array of specs under one heading; a set of parameters holds the values of several tables. Values
 * are kept as text in their canonical form, so that files store names and never enum numbers. */
#pragma once
#include <glib.h>

typedef enum {
  MG_PARAM_INT,
  MG_PARAM_FLOAT,
  MG_PARAM_BOOL,   /* true or false */
  MG_PARAM_CHOICE, /* one of `choices` */
  MG_PARAM_TEXT,
  MG_PARAM_LIST, /* some of `choices`, "first,third", always in their order; "none" for none of them */
} MgParamType;

typedef struct {
  const char *name; /* the field's term: n_fft, learning_rate … */
  MgParamType type;
  const char *default_value; /* "auto" where `automatic` says what that means */
  double min, max;           /* numbers; both 0: no limit */
  const char *choices;       /* "hann|hamming|…" */
  const char *unit;          /* "Hz", "s", …, or NULL */
  const char *automatic;     /* what "auto" stands for, e.g. "sr / 2"; NULL: auto is not allowed. N_() */
  const char *help;          /* one line without a full stop. N_() */
} MgParamSpec;

typedef struct {
  const char *name;  /* heading in a configuration file: "stft" */
  const char *title; /* heading in the window. N_() */
  const MgParamSpec *specs;
  size_t n;
  const char *only_with; /* "augment=noise": it counts for nothing unless that parameter has, or lists, that value;
                          * NULL: always. The window shows it then only. */
} MgParamTable;

#define MG_PARAM_TABLE(name_, title_, specs_)                                                                          \
  {                                                                                                                    \
    .name = name_, .title = title_, .specs = specs_, .n = G_N_ELEMENTS(specs_)                                         \
  }

#define MG_PARAM_TABLE_WITH(name_, title_, specs_, only_with_)                                                         \
  {                                                                                                                    \
    .name = name_, .title = title_, .specs = specs_, .n = G_N_ELEMENTS(specs_), .only_with = only_with_                \
  }

typedef struct MgParams MgParams;

/* All defaults. `tables` ends with NULL; the tables are static and stay referenced. Where two tables name the same
 * parameter, the first one holds it. */
MgParams *mg_params_new(const MgParamTable *const *tables);
MgParams *mg_params_copy(const MgParams *params);
void mg_params_free(MgParams *params); /* accepts NULL */
const MgParamTable *const *mg_params_tables(const MgParams *params);
const MgParamSpec *mg_params_spec(const MgParams *params, const char *name); /* NULL where there is none */

/* Sets one value from its text; MG_ERROR_USAGE names the parameter, the value and what was expected. */
gboolean mg_params_set(MgParams *params, const char *name, const char *text, GError **error);
gboolean mg_params_assign(MgParams *params, const char *assignment, GError **error); /* "name=value" */
/* For values the program computes; they must be within the spec's range. */
void mg_params_set_int(MgParams *params, const char *name, gint64 value);
void mg_params_set_float(MgParams *params, const char *name, double value);

/* Asking for a name that no table holds is a programming error (g_error). An "auto" number reads as `automatic`. */
const char *mg_params_text(const MgParams *params, const char *name);
gboolean mg_params_is_auto(const MgParams *params, const char *name);
gint64 mg_params_int(const MgParams *params, const char *name);
gint64 mg_params_int_or(const MgParams *params, const char *name, gint64 automatic);
double mg_params_float(const MgParams *params, const char *name);
double mg_params_float_or(const MgParams *params, const char *name, double automatic);
gboolean mg_params_bool(const MgParams *params, const char *name);
gboolean mg_params_lists(const MgParams *params, const char *name, const char *choice); /* whether a list holds it */
gboolean mg_params_is_default(const MgParams *params, const char *name);
/* "NAME=VALUE" of those that are not the default, in the order of the tables; g_strfreev() it. */
char **mg_params_changed(const MgParams *params);
gboolean mg_params_has(const MgParams *params, const char *name);
/* Whether the values of a table count for anything with those of the others as they are. */
gboolean mg_params_table_counts(const MgParams *params, const MgParamTable *table);
/* Copies the values of the names that both sets hold. */
void mg_params_take(MgParams *params, const MgParams *from);
/* The same for those that differ from their default in `from`; the two may have different specs under one name, and
 * what `params` does not accept is MG_ERROR_USAGE. */
gboolean mg_params_take_changed(MgParams *params, const MgParams *from, GError **error);
/* As mg_params_take() for the tables alone that both have: a name may mean something else in another table. */
void mg_params_take_tables(MgParams *params, const MgParams *from);

/* INI text with one group a table; reading it back refuses what mg_params_set() refuses, and passes over groups that
 * are not in the tables. */
void mg_params_to_key_file(const MgParams *params, GKeyFile *file);
gboolean mg_params_from_key_file(MgParams *params, GKeyFile *file, const char *path, GError **error);
/* "name=value;…" of one table, or of all where `table` is NULL: equal sets give equal keys. g_free() it. */
char *mg_params_key(const MgParams *params, const char *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgParams, mg_params_free)
