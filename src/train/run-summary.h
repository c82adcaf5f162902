/* What a run came to, in figures that can be compared with those of others. */
#pragma once
#include "train/fit-light.h"
#include "train/run-dir.h"

typedef enum {
  MG_FIGURE_COUNT, /* a whole number */
  MG_FIGURE_TIME,  /* seconds */
  MG_FIGURE_SHARE, /* 0 to 1 */
  MG_FIGURE_LOSS,
} MgFigureKind;

/* Of best: the epoch that checkpoints/best is of. */
typedef enum {
  MG_SUMMARY_PARAMETERS,    /* trainable */
  MG_SUMMARY_SECONDS,       /* of training */
  MG_SUMMARY_VAL_ACCURACY,  /* of best */
  MG_SUMMARY_VAL_F1,        /* of best */
  MG_SUMMARY_TEST_ACCURACY, /* of predictions.csv, where that is of checkpoints/best */
  MG_SUMMARY_TEST_F1,
  MG_SUMMARY_GAP,        /* training less validation accuracy, of now */
  MG_SUMMARY_TRAIN_LOSS, /* mean of the last epoch's steps */
  MG_SUMMARY_TRAIN_ACCURACY,
  MG_SUMMARY_VAL_LOSS,
  MG_SUMMARY_LAST_F1,
  MG_SUMMARY_EPOCHS, /* done */
  MG_SUMMARY_BEST_EPOCH,
  MG_SUMMARY_FIGURES
} MgSummaryFigure;

typedef struct {
  const char *name;  /* as the command line's table and JSON say it */
  const char *title; /* N_() */
  MgFigureKind kind;
} MgSummaryColumn;

extern const MgSummaryColumn mg_summary_columns[MG_SUMMARY_FIGURES];

typedef struct {
  char *folder, *name, *model, *dataset, *note; /* "" where unknown */
  gboolean leaky;                               /* its figures pretend */
  MgRunState state;
  double figures[MG_SUMMARY_FIGURES]; /* NaN where unknown */
  MgFitLight light;                   /* of a network */
  GHashTable *params;                 /* char * -> char *, of config.ini */
} MgRunSummary;

/* Reads the folder as it is now. MG_ERROR_* where it is no run's. */
MgRunSummary *mg_run_summary_load(const char *folder, GError **error);
void mg_run_summary_free(MgRunSummary *summary); /* accepts NULL */

/* Names (char *, sorted; "model" and "dataset" among them) of what is not the same in all of these runs (MgRunSummary
 * *): of the parameters those that at least two runs have. */
GPtrArray *mg_run_summaries_differing(const GPtrArray *summaries);
/* The value of such a name, or NULL. */
const char *mg_run_summary_setting(const MgRunSummary *summary, const char *name);
/* The runs as a table: run, what differs, the figures that any run has, verdict, note. Exact figures as CSV, readable
 * ones as Markdown. g_free() it. */
char *mg_run_summaries_csv(const GPtrArray *summaries);
char *mg_run_summaries_markdown(const GPtrArray *summaries);
/* A figure as a person reads it: "109 666", "1:23", "0.912"; "–" where it is unknown. g_free() it. */
char *mg_summary_figure_text(MgFigureKind kind, double value);

/* One MgFitEpoch an epoch of metrics.csv (MgMetric, in its order). */
GArray *mg_fit_epochs(const MgMetric *metrics, size_t n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunSummary, mg_run_summary_free)
