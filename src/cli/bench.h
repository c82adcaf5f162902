/* Benches: a bench is one file (bench-NAME.c) and one line in the table of cmd-bench.c. Its figures are JSON objects.
 */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct {
  int threads;
  int repeats;           /* measured ones, at least; a figure is their median */
  const char *precision; /* of networks; NULL: the parameter's default */
  const char *table;     /* of classifiers, an array of projections; NULL: random rows */
  gboolean json;
  const char *const *parts; /* what to measure, by name; none: everything */
  int n_parts;
} MgBenchOptions;

typedef struct {
  const char *name, *help;
  gboolean (*run)(const MgBenchOptions *options, GError **error);
} MgBench;

/* Whether a part is to be measured. */
gboolean mg_bench_wants(const MgBenchOptions *options, const char *part);
/* Prints one result, as a JSON line or for a person, and takes it over. */
void mg_bench_report(json_t *result);
/* The median of n seconds, as milliseconds; the order of `seconds` changes. */
double mg_bench_median_ms(double *seconds, int n);
double mg_bench_seconds(void); /* a clock */
/* This process may use that many of the processors that it was given: some libraries take all that there are. */
void mg_bench_use_processors(int count);
double mg_bench_peak_mb(void); /* largest resident memory of the process so far */
