/* One training step (forward, loss, backward, Adam) and the inference of one segment, on random numbers. */
#include "cli/bench.h"
#include "base/error.h"
#include "nn/description.h"
#include "nn/fit.h"
#include <glib/gi18n-lib.h>

typedef struct {
  const char *name;
  MgShape input;
  int batch, classes;
} Case;

/* small-cnn and resnet18 as tests/bench/peer.py compares them; the others on inputs of their kind. */
static const Case cases[] = {
    {"small-cnn", {1, 128, 646}, 16, 10},
    {"resnet18", {1, 128, 431}, 16, 50},
    {"resnet34", {1, 128, 431}, 16, 50},
    {"resnet50", {1, 128, 431}, 8, 50},
    {"inception-resnet-v2", {1, 128, 431}, 4, 50},
    {"vggish", {1, 64, 96}, 16, 50},
    {"classique-rap-cnn", {1, 128, 646}, 16, 2},
    {"gtzan-cnn", {1, 128, 130}, 32, 10},
    {"fma-cnn", {1, 128, 31}, 64, 8},
    {"fcnn", {1, 128, 31}, 64, 8},
    {"fcnn-2", {1, 128, 31}, 64, 8},
    {"fcnn-3", {1, 128, 31}, 64, 8},
};

static MgNetwork *
load(const Case *bench, GError **error)
{
  g_autofree char *path = NULL, *text = mg_description_read(bench->name, &path, error);
  return text ? mg_network_new(text, path, bench->input, bench->classes, 1, error) : NULL;
}

static double
time_steps(MgFit *fit, const float *x, const int *labels, int batch, int repeats)
{
  g_autofree double *seconds = g_new(double, repeats);
  for (int i = -2; i < repeats; i++) { /* the first two make buffers and warm up */
    double start = mg_bench_seconds();
    mg_fit_step(fit, x, labels, batch);
    if (i >= 0)
      seconds[i] = mg_bench_seconds() - start;
  }
  return mg_bench_median_ms(seconds, repeats);
}

static double
time_inference(MgNetwork *network, const float *x, int repeats)
{
  g_autofree double *seconds = g_new(double, repeats);
  g_autofree float *probabilities = g_new(float, mg_network_classes(network));
  for (int i = -2; i < repeats; i++) {
    double start = mg_bench_seconds();
    mg_network_predict(network, x, 1, probabilities);
    if (i >= 0)
      seconds[i] = mg_bench_seconds() - start;
  }
  return mg_bench_median_ms(seconds, repeats);
}

static gboolean
run_case(const Case *bench, const MgBenchOptions *options, GError **error)
{
  const MgParamTable *tables[] = {&mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set_int(params, "threads", options->threads);
  if (options->precision && !mg_params_set(params, "precision", options->precision, error))
    return FALSE;
  g_autoptr(MgNetwork) network = load(bench, error);
  g_autoptr(MgFit) fit = network ? mg_fit_new(network, params, options->repeats, error) : NULL;
  if (!fit)
    return FALSE;
  size_t size = mg_shape_size(bench->input);
  g_autofree float *x = g_new(float, size * bench->batch);
  g_autofree int *labels = g_new(int, bench->batch);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < size * bench->batch; i++)
    x[i] = mg_rng_normal(&rng);
  for (int i = 0; i < bench->batch; i++)
    labels[i] = mg_rng_below(&rng, bench->classes);
  double step = time_steps(fit, x, labels, bench->batch, options->repeats);
  double inference = time_inference(network, x, 2 * options->repeats);
  g_autofree char *input = g_strdup_printf("%dx%dx%d", bench->input.channels, bench->input.height, bench->input.width);
  mg_bench_report(json_pack("{s:s, s:i, s:s, s:i, s:i, s:s, s:f, s:f, s:f}", "net", bench->name, "threads",
                            options->threads, "input", input, "batch", bench->batch, "classes", bench->classes,
                            "precision", mg_params_text(params, "precision"), "step_ms", step, "infer_ms", inference,
                            "peak_rss_mb", mg_bench_peak_mb()));
  return TRUE;
}

/* One layer by itself, forward and backward with the gradient of its input, from a given gradient of all steps. */
static double
time_layer(MgNetwork *network, const float *x, const float *dy, float *dx, int batch, int repeats)
{
  g_autofree double *seconds = g_new(double, repeats);
  for (int i = -2; i < repeats; i++) {
    double start = mg_bench_seconds();
    mg_network_forward(network, x, batch, TRUE, NULL);
    mg_network_backward(network, dy, dx);
    if (i >= 0)
      seconds[i] = mg_bench_seconds() - start;
  }
  return mg_bench_median_ms(seconds, repeats);
}

static gboolean
run_recurrent(const char *type, const MgBenchOptions *options, GError **error)
{
  enum { features = 40, hidden = 128, steps = 200, batch = 32 };
  g_autofree char *text =
      g_strdup_printf("{\"name\": \"%s\", \"layers\": [{\"type\": \"%s\", \"hidden_size\": %d}]}", type, type, hidden);
  MgShape input = {1, features, steps};
  g_autoptr(MgNetwork) network = mg_network_new(text, type, input, hidden * steps, 1, error);
  if (!network)
    return FALSE;
  mg_network_set_threads(network, options->threads);
  size_t in = batch * features * steps, out = batch * hidden * steps;
  g_autofree float *x = g_new(float, in), *dx = g_new(float, in), *dy = g_new(float, out);
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < in; i++)
    x[i] = mg_rng_normal(&rng);
  for (size_t i = 0; i < out; i++)
    dy[i] = mg_rng_normal(&rng) * 0.1f;
  double step = time_layer(network, x, dy, dx, batch, options->repeats);
  mg_bench_report(json_pack("{s:s, s:i, s:i, s:s, s:f, s:f}", "net", type, "threads", options->threads, "batch", batch,
                            "precision", "fp32", "step_ms", step, "peak_rss_mb", mg_bench_peak_mb()));
  return TRUE;
}

static const char *const recurrent[] = {"lstm", "gru"};

/* The i-th network of all; NULL after the last. */
static const char *
name_of(size_t i)
{
  if (i < G_N_ELEMENTS(cases))
    return cases[i].name;
  i -= G_N_ELEMENTS(cases);
  return i < G_N_ELEMENTS(recurrent) ? recurrent[i] : NULL;
}

static gboolean
run_named(const char *name, const MgBenchOptions *options, GError **error)
{
  size_t i = 0;
  while (name_of(i) && !g_str_equal(name_of(i), name))
    i++;
  if (i < G_N_ELEMENTS(cases))
    return run_case(&cases[i], options, error);
  if (name_of(i))
    return run_recurrent(name, options, error);
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("bench nn: no network is called “%s”"), name);
  return FALSE;
}

/* In a process of its own, so that the largest resident memory is this network's. */
static gboolean
run_alone(const char *name, const MgBenchOptions *options, GError **error)
{
  g_autofree char *program = g_file_read_link("/proc/self/exe", error);
  if (!program)
    return FALSE;
  g_autofree char *threads = g_strdup_printf("--threads=%d", options->threads);
  g_autofree char *repeats = g_strdup_printf("--repeats=%d", options->repeats);
  g_autofree char *precision = g_strdup_printf("--precision=%s", options->precision ? options->precision : "fp32");
  const char *arguments[] = {program, "bench", "nn", name, threads, repeats, precision, options->json ? "--json" : NULL,
                             NULL};
  int status = 0;
  return g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status,
                      error) &&
         g_spawn_check_wait_status(status, error);
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  if (options->n_parts == 1)
    return run_named(options->parts[0], options, error);
  for (int i = 0; i < options->n_parts; i++)
    if (!run_alone(options->parts[i], options, error))
      return FALSE;
  for (size_t i = 0; options->n_parts == 0 && name_of(i); i++)
    if (!run_alone(name_of(i), options, error))
      return FALSE;
  return TRUE;
}

const MgBench mg_bench_nn = {"nn", "training steps and inference of networks", run};
