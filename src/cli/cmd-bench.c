/* melograph-cli bench: figures for the parts that have to be fast. */
#include "cli/bench.h"
#include "cli/command.h"
#include "base/error.h"
#include "base/parallel.h"
#include <glib/gi18n-lib.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

extern const MgBench mg_bench_dsp, mg_bench_ml, mg_bench_nn, mg_bench_projections, mg_bench_render;

static const MgBench *const benches[] = {
    &mg_bench_dsp, &mg_bench_ml, &mg_bench_nn, &mg_bench_projections, &mg_bench_render, NULL,
};

static gboolean as_json;

double
mg_bench_seconds(void)
{
  return g_get_monotonic_time() / 1e6;
}

double
mg_bench_peak_mb(void)
{
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024.0;
}

void
mg_bench_use_processors(int count)
{
  static cpu_set_t all;
  static gboolean known = FALSE;
  if (!known)
    known = sched_getaffinity(0, sizeof all, &all) == 0;
  cpu_set_t some;
  CPU_ZERO(&some);
  for (int cpu = 0; cpu < CPU_SETSIZE && count > 0; cpu++)
    if (CPU_ISSET(cpu, &all)) {
      CPU_SET(cpu, &some);
      count--;
    }
  sched_setaffinity(0, sizeof some, &some);
}

gboolean
mg_bench_wants(const MgBenchOptions *options, const char *name)
{
  gboolean wanted = options->n_parts == 0;
  for (int i = 0; i < options->n_parts; i++)
    wanted |= g_str_equal(options->parts[i], name);
  return wanted;
}

static int
ascending(const void *a, const void *b)
{
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

double
mg_bench_median_ms(double *seconds, int n)
{
  qsort(seconds, n, sizeof *seconds, ascending);
  return (seconds[(n - 1) / 2] + seconds[n / 2]) / 2 * 1e3;
}

static void
print_pairs(const json_t *result)
{
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)result, key, value)
  {
    if (json_is_string(value))
      printf("%s %s  ", key, json_string_value(value));
    else
      printf("%s %.6g  ", key, json_number_value(value));
  }
  putchar('\n');
}

void
mg_bench_report(json_t *result)
{
  if (as_json) {
    char *text = json_dumps(result, JSON_REAL_PRECISION(6));
    puts(text);
    free(text);
  } else {
    print_pairs(result);
  }
  fflush(stdout);
  json_decref(result);
}

static const MgBench *
find_bench(const char *name, GError **error)
{
  g_autoptr(GString) known = g_string_new(NULL);
  for (size_t i = 0; benches[i]; i++) {
    if (g_str_equal(benches[i]->name, name))
      return benches[i];
    g_string_append_printf(known, "%s%s", known->len ? ", " : "", benches[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("bench: there is no “%s”; expected one of %s"), name, known->str);
  return NULL;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  MgBenchOptions options = {.threads = 0, .repeats = 10};
  g_autofree char *precision = NULL, *table = NULL;
  GOptionEntry entries[] = {
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Threads (all processors)"), "N"},
      {"repeats", 0, 0, G_OPTION_ARG_INT, &options.repeats, N_("Measured repetitions (10)"), "N"},
      {"precision", 0, 0, G_OPTION_ARG_STRING, &precision, N_("Of networks: fp32 or bf16"), "NAME"},
      {"table", 0, 0, G_OPTION_ARG_FILENAME, &table,
       N_("Of classifiers, a table with label, of projections an array; random rows where left out"), "F"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("One JSON object a line"), NULL},
      {0},
  };
  gboolean done;
  if (!mg_command_parse(&mg_cmd_bench, entries, NULL, &argc, &argv, 1, 64, &done, error) || done)
    return done;
  options.threads = options.threads < 1 ? mg_processors() : MIN(options.threads, 256);
  options.repeats = CLAMP(options.repeats, 1, 10000);
  options.json = as_json;
  options.precision = precision;
  options.table = table;
  options.parts = (const char *const *)argv + 2;
  options.n_parts = argc - 2;
  const MgBench *bench = find_bench(argv[1], error);
  return bench && bench->run(&options, error);
}

const MgCommand mg_cmd_bench = {
    .name = "bench",
    .arguments = "NAME [PART…]",
    .help = N_("Measure the speed of a part: dsp, ml, nn, projections (some features, classifiers, networks or "
               "projections, or all) or render"),
    .run = run,
};
