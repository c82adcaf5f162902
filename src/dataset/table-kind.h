/* What a kind of table is made of. */
#pragma once
#include "base/param.h"
#include "dsp/feature.h"
#include "dsp/statistics.h"

/* The statistics of a table: those of dsp/statistics.h, then the variance of the population, which GTZAN's has. */
enum { MG_TABLE_VARIANCE = MG_N_STATISTICS, MG_N_TABLE_STATISTICS };
#define MG_TABLE_STATISTIC(which) (1u << (which))
#define MG_TABLE_SEVEN (MG_TABLE_STATISTIC(MG_N_STATISTICS) - 1)
const char *mg_table_statistic_name(int which);

/* One feature of a table. Its columns: PREFIX_STATISTIC where it has one row or `flat` is set, else
 * PREFIXn_STATISTIC with n from 1; PREFIX alone for a feature that is one number. */
typedef struct {
  const char *feature;
  const char *prefix;   /* NULL: the feature's name */
  const char *settings; /* "n_mfcc=20", NULL: none */
  gboolean flat;        /* statistics over all rows together */
  guint statistics;     /* MG_TABLE_STATISTIC()s */
} MgTableEntry;

typedef struct {
  const char *name;
  const char *title; /* N_() */
  /* Appends MgTableEntry to `entries`; their texts live as long as `params`. MG_ERROR_USAGE where params name what does
   * not exist. */
  gboolean (*fill)(GArray *entries, const MgParams *params, GError **error);
} MgTableKind;

const MgTableKind *mg_table_kind_find(const char *name, GError **error);

extern const MgTableKind mg_table_gtzan, mg_table_fma, mg_table_summary;
