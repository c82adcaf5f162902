#include "cli/command.h"
#include "audio/chatter.h"
#include "audio/recorder.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
  char *out, *device;
  double seconds, pre_roll, start_level;
  int sr, channels;
  gboolean json;
} Options;

typedef struct {
  MgRecorderState last;
  float peak; /* of the whole recording */
} Result;

static const double shortest_pre_roll = 0.2; /* s: until the level was seen, so that the sound's beginning is there */

static double
to_db(float level)
{
  return 20 * log10(MAX(level, 1e-5));
}

/* Listens until it is loud enough, or the user has had enough: then nothing is written. */
static gboolean
wait_for_sound(MgRecorder *recorder, const Options *options, gboolean *loud, GError **error)
{
  MgProgress *progress = mg_command_progress();
  MgRecorderState state;
  for (*loud = FALSE; !*loud && !mg_progress_cancelled(progress); g_usleep(10 * G_TIME_SPAN_MILLISECOND)) {
    if (!mg_recorder_state(recorder, &state, error))
      return FALSE;
    float peak = 0;
    for (int c = 0; c < 8; c++)
      peak = MAX(peak, state.peak[c]);
    *loud = to_db(peak) >= options->start_level;
    mg_progress_report(progress, 0, _("waiting for sound"));
  }
  return TRUE;
}

static MgRecorder *
start(const Options *options, MgInput *input, GError **error)
{
  if (options->start_level >= 0)
    return mg_recorder_start(input, options->out, error);
  gboolean loud;
  MgRecorder *recorder = mg_recorder_listen(input, MAX(options->pre_roll, shortest_pre_roll));
  if (wait_for_sound(recorder, options, &loud, error) && loud && mg_recorder_begin(recorder, options->out, error))
    return recorder;
  if (error && !*error)
    g_set_error(error, MG_ERROR, MG_ERROR_CANCELLED, _("%s: stopped before any sound reached %g dBFS"), options->out,
                options->start_level);
  mg_recorder_stop(recorder, NULL);
  return NULL;
}

/* Until the length asked for is there, the user interrupts, or the device or the disk gives up. */
static gboolean
follow(MgRecorder *recorder, const Options *options, Result *result, GError **error)
{
  MgProgress *progress = mg_command_progress();
  while (!mg_progress_cancelled(progress)) {
    if (!mg_recorder_state(recorder, &result->last, error))
      return FALSE;
    for (int c = 0; c < 8; c++)
      result->peak = MAX(result->peak, result->last.peak[c]);
    if (result->last.complete)
      break;
    g_autofree char *text = g_strdup_printf(_("%.1f s, peak %.0f dBFS"), result->last.seconds, to_db(result->peak));
    mg_progress_report(progress, options->seconds > 0 ? result->last.seconds / options->seconds : 0, text);
    g_usleep(50 * G_TIME_SPAN_MILLISECOND);
  }
  return TRUE;
}

static void
print_result(const Options *options, const Result *result, int sr, int channels)
{
  const MgRecorderState *last = &result->last;
  if (!options->json) {
    g_autofree char *sound =
        g_strdup_printf(ngettext("%d Hz, %d channel", "%d Hz, %d channels", channels), sr, channels);
    g_autofree char *gaps = g_strdup_printf(ngettext("%u gap", "%u gaps", last->overruns), last->overruns);
    g_print(_("%s: %s, %.3f s, peak %.1f dBFS, %u clipped, %s\n"), options->out, sound, last->seconds,
            to_db(result->peak), last->clipped, gaps);
    return;
  }
  g_autofree char *path = g_utf8_make_valid(options->out, -1);
  json_t *object = json_pack("{s:s, s:i, s:i, s:I, s:f, s:f, s:i, s:i}", "file", path, "sr", sr, "channels", channels,
                             "frames", (json_int_t)last->frames, "duration", last->seconds, "peak_dbfs",
                             to_db(result->peak), "clipped", (int)last->clipped, "gaps", (int)last->overruns);
  char *text = json_dumps(object, JSON_REAL_PRECISION(12));
  puts(text);
  free(text);
  json_decref(object);
}

static gboolean
record(const Options *options, GError **error)
{
  MgInput *input = mg_input_open(options->device, options->sr, options->channels, error);
  if (!input)
    return FALSE;
  int sr = mg_input_sr(input), channels = mg_input_channels(input);
  MgRecorder *recorder = start(options, input, error);
  if (!recorder)
    return FALSE;
  if (options->seconds > 0)
    mg_recorder_set_limit(recorder, (gint64)MAX(1, rint(options->seconds * sr)));
  Result result = {0};
  /* When a device goes away PortAudio tells it in lines of its own. On a terminal the progress bar needs stderr. */
  int kept = isatty(STDERR_FILENO) ? -1 : mg_chatter_begin();
  gboolean good = follow(recorder, options, &result, error);
  mg_command_progress_end();
  good = mg_recorder_stop(recorder, good ? error : NULL) && good;
  mg_chatter_end(kept);
  if (good)
    print_result(options, &result, sr, channels);
  return good;
}

static gboolean
check(const Options *options, GError **error)
{
  if (!options->out)
    return mg_command_missing(&mg_cmd_record, "--out F.wav", error);
  const char *problem = !g_str_has_suffix(options->out, ".wav") ? _("--out: expected a name that ends in .wav")
                        : options->seconds < 0                  ? _("--seconds: expected a number above 0")
                        : options->pre_roll < 0 || options->pre_roll > 60 ? _("--pre-roll: expected 0 to 60 seconds")
                        : options->start_level > 0 ? _("--start-level: expected a level below 0 dBFS")
                        : options->pre_roll > 0 && options->start_level == 0
                            ? _("--pre-roll: needs --start-level, which tells when recording starts")
                        : options->sr < 0 || options->sr > 768000        ? _("--sr: expected a rate up to 768000 Hz")
                        : options->channels < 0 || options->channels > 8 ? _("--channels: expected 1 to 8")
                                                                         : NULL;
  return !problem || mg_command_refuse(&mg_cmd_record, problem, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  Options options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("The WAV file to write"), "F.wav"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, N_("Length; until interrupted where left out"), "S"},
      {"start-level", 0, 0, G_OPTION_ARG_DOUBLE, &options.start_level,
       N_("Start once a sample reaches this level, such as -30 dBFS"), "DB"},
      {"pre-roll", 0, 0, G_OPTION_ARG_DOUBLE, &options.pre_roll, N_("Keep so much of what was before, too"), "S"},
      {"device", 0, 0, G_OPTION_ARG_STRING, &options.device, N_("As melograph-cli devices names it"), "NAME"},
      {"sr", 0, 0, G_OPTION_ARG_INT, &options.sr, N_("Sample rate in Hz; the device's own where left out"), "N"},
      {"channels", 0, 0, G_OPTION_ARG_INT, &options.channels, N_("Channels; one where the device can"), "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("The result as a JSON object"), NULL},
      {0}};
  gboolean good = mg_command_parse(&mg_cmd_record, entries, NULL, &argc, &argv, 0, 0, &done, error) &&
                  (done || (check(&options, error) && record(&options, error)));
  g_free(options.out);
  g_free(options.device);
  return good;
}

const MgCommand mg_cmd_record = {
    .name = "record",
    .arguments = "",
    .help = N_("Record from a sound device into a WAV file that is valid at every moment"),
    .run = run,
};
