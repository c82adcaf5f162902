#include "cli/command.h"
#include "cli/predictions-text.h"
#include "audio/chatter.h"
#include "audio/decoder.h"
#include "audio/device.h"
#include "base/error.h"
#include "train/live-log.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

static const gulong poll_microseconds = 4000;
static const size_t most_frames = 1 << 14; /* read from the device at once */

typedef struct {
  char **models, **sets, *device, *file, *log;
  double seconds, speed;
  int threads;
  gboolean json;
} Options;

typedef struct {
  const Options *options;
  MgLive *live;
  MgLiveLog *log; /* may be NULL */
  GStrv names;    /* of the models */
  GError *error;  /* of the log */
} Session;

static void
clear_options(Options *options)
{
  g_strfreev(options->models);
  g_strfreev(options->sets);
  g_free(options->device);
  g_free(options->file);
  g_free(options->log);
}

static void
clear_session(Session *session)
{
  mg_live_free(session->live);
  mg_live_log_free(session->log);
  g_strfreev(session->names);
  g_clear_error(&session->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, clear_session)

/* Decisions on stdout */

static const char *
label(const Session *session, const MgLiveDecision *decision, int i)
{
  return mg_live_labels(session->live, decision->model)->pdata[i];
}

static void
print_json(const Session *session, const MgLiveDecision *decision)
{
  json_t *probabilities = json_object();
  for (guint i = 0; i < mg_live_labels(session->live, decision->model)->len; i++)
    json_object_set_new(probabilities, label(session, decision, (int)i), json_real(decision->smoothed[i]));
  const char *y_pred = decision->sure ? label(session, decision, decision->y_pred) : NULL;
  mg_print_json(json_pack("{s:s, s:f, s:f, s:s?, s:b, s:o}", "model", session->names[decision->model], "start",
                          decision->start, "end", decision->end, "y_pred", y_pred, "sure", decision->sure,
                          "probabilities", probabilities));
}

static void
print_text(const Session *session, const MgLiveDecision *decision)
{
  g_print(_("%9.2f s  "), decision->end);
  if (mg_live_n_models(session->live) > 1)
    g_print("%s: ", session->names[decision->model]);
  g_print(decision->sure ? "%s %.2f\n" : _("not sure (%s %.2f)\n"), label(session, decision, decision->y_pred),
          decision->smoothed[decision->y_pred]);
}

static void
tell(const MgLiveDecision *decision, gpointer data)
{
  Session *session = data;
  (session->options->json ? print_json : print_text)(session, decision);
  fflush(stdout); /* whoever reads it through a pipe is told at once */
  if (session->log && !session->error)
    mg_live_log_add(session->log, decision, &session->error);
}

static gboolean
hear(Session *session, const float *samples, size_t n, GError **error)
{
  if (!mg_live_push(session->live, samples, n, tell, session, error))
    return FALSE;
  if (!session->error)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&session->error));
  return FALSE;
}

static gboolean
has_ended(const Session *session)
{
  double seconds = session->options->seconds;
  return mg_progress_cancelled(mg_command_progress()) || (seconds > 0 && mg_live_seconds(session->live) >= seconds);
}

/* The sources */

static gboolean
hear_device(Session *session, MgInput *input, GError **error)
{
  int channels = mg_input_channels(input);
  g_autofree float *frames = g_new(float, most_frames *channels);
  while (!has_ended(session)) {
    size_t n = mg_input_read(input, frames, most_frames * channels) / channels;
    mg_mix_to_mono(frames, channels, (gint64)n, frames);
    if (!hear(session, frames, n, error))
      return FALSE;
    if (n == 0 && !mg_input_alive(input)) {
      g_set_error(error, MG_ERROR, MG_ERROR_DEVICE, _("the sound device is gone after %.1f s"),
                  mg_live_seconds(session->live));
      return FALSE;
    }
    g_usleep(poll_microseconds);
  }
  return TRUE;
}

static void
wait_until(double seconds, double speed, gint64 start)
{
  gint64 wait = speed > 0 ? start + (gint64)(seconds / speed * G_TIME_SPAN_SECOND) - g_get_monotonic_time() : 0;
  if (wait > 0)
    g_usleep((gulong)wait);
}

/* In blocks shorter than a hop, so that no decision is passed over. */
static gboolean
hear_file(Session *session, MgDecoder *decoder, double hop, GError **error)
{
  gint64 block = MAX(1, (gint64)(hop * mg_decoder_info(decoder)->sr)), start = g_get_monotonic_time(), n;
  g_autofree float *samples = g_new(float, block);
  while (!has_ended(session) && (n = mg_decoder_read_mono(decoder, samples, block)) > 0) {
    wait_until(mg_live_seconds(session->live) + (double)n / mg_decoder_info(decoder)->sr, session->options->speed,
               start);
    if (!hear(session, samples, (size_t)n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
begin(Session *session, int sr, const MgParams *params, GError **error)
{
  const Options *options = session->options;
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new(), names = g_strv_builder_new();
  for (char **model = options->models; *model; model++) {
    g_autofree char *path = mg_model_find(*model, error), *name = path ? mg_model_name(path) : NULL;
    if (!path)
      return FALSE;
    g_strv_builder_add(paths, path);
    g_strv_builder_add(names, name);
  }
  g_auto(GStrv) all = g_strv_builder_end(paths);
  session->names = g_strv_builder_end(names);
  session->live = mg_live_new((const char *const *)all, sr, params, options->threads, error);
  if (session->live && options->log)
    session->log = mg_live_log_new(options->log, session->live, (const char *const *)session->names, error);
  return session->live && (session->log || !options->log);
}

static gboolean
classify_file(Session *session, const MgParams *params, GError **error)
{
  g_autoptr(MgDecoder) decoder = mg_decoder_open(session->options->file, error);
  return decoder && begin(session, mg_decoder_info(decoder)->sr, params, error) &&
         hear_file(session, decoder, mg_params_float(params, "live_hop"), error);
}

static void
tell_losses(guint overruns, guint64 skipped)
{
  g_autofree char *gaps = g_strdup_printf(ngettext("%u gap in the sound", "%u gaps in the sound", overruns), overruns);
  g_autofree char *decisions =
      g_strdup_printf(ngettext("%" PRIu64 " decision skipped", "%" PRIu64 " decisions skipped", skipped), skipped);
  g_printerr(_("melograph-cli: live: %s, %s: too slow\n"), gaps, decisions);
}

static gboolean
classify_device(Session *session, const MgParams *params, GError **error)
{
  g_autoptr(MgInput) input = mg_input_open(session->options->device, 0, 1, error);
  if (!input || !begin(session, mg_input_sr(input), params, error))
    return FALSE;
  /* When a device goes away PortAudio tells it in lines of its own. */
  int kept = isatty(STDERR_FILENO) ? -1 : mg_chatter_begin();
  gboolean good = hear_device(session, input, error);
  mg_chatter_end(kept);
  if (mg_input_overruns(input) > 0 || mg_live_skipped(session->live) > 0)
    tell_losses(mg_input_overruns(input), mg_live_skipped(session->live));
  return good;
}

static gboolean
check(const Options *options, GError **error)
{
  if (!options->models)
    return mg_command_missing(&mg_cmd_live, "--model FILE.safetensors", error);
  const char *problem = options->file && options->device ? _("expected either --device or --file")
                        : options->seconds < 0           ? _("--seconds: expected a number above 0")
                        : options->speed < 0             ? _("--speed: expected a number of at least 0")
                        : options->threads < 0           ? _("--threads: expected a number of at least 0")
                                                         : NULL;
  return !problem || mg_command_refuse(&mg_cmd_live, problem, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static const MgParamTable *const tables[] = {&mg_live_params, NULL};
  g_auto(Options) options = {.threads = 1};
  gboolean done;
  GOptionEntry entries[] = {
      {"model", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.models,
       N_("A trained model, or the name of one that comes with the program; may be given several times"),
       "FILE.safetensors"},
      {"device", 0, 0, G_OPTION_ARG_STRING, &options.device, N_("As melograph-cli devices names it"), "NAME"},
      {"file", 0, 0, G_OPTION_ARG_FILENAME, &options.file, N_("A sound file in place of a device"), "FILE"},
      {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &options.speed,
       N_("How many times as fast as it sounds a file is heard; as fast as can be where left out"), "X"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, N_("Length; until interrupted where left out"), "S"},
      {"log", 0, 0, G_OPTION_ARG_FILENAME, &options.log, N_("Write the decisions"), "F.csv"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Processors to compute on, 0 for all; 1"), "N"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.sets, N_("Set a parameter; may be given several times"),
       "NAME=VALUE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("One JSON object a decision"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_live, entries, tables, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  g_autoptr(MgParams) params = mg_params_new(tables);
  if (!check(&options, error) || !mg_command_set(params, options.sets, error))
    return FALSE;
  g_auto(Session) session = {.options = &options};
  return (options.file ? classify_file : classify_device)(&session, params, error);
}

const MgCommand mg_cmd_live = {
    .name = "live",
    .arguments = "",
    .help = N_("Classify sound as it comes, from a device or a file"),
    .run = run,
};
