/* melograph-cli hear: from magnitudes of an STFT, changed by whatever means, back to sound. */
#include "cli/command.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/npy.h"
#include "dsp/feature.h"
#include "dsp/istft.h"
#include <glib/gi18n-lib.h>

typedef struct {
  char *out, **set;
  int seed;
} Options;

static const MgParamTable *const tables[] = {&mg_audio_params, &mg_stft_params, &mg_griffin_lim_params, NULL};

static void
clear_options(Options *options)
{
  g_free(options->out);
  g_strfreev(options->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check(const Options *options, GError **error)
{
  if (!options->out)
    return mg_command_missing(&mg_cmd_hear, "--out F.wav", error);
  if (g_str_has_suffix(options->out, ".wav"))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --out %s: expected a name that ends in %s"), "hear", options->out,
              ".wav");
  return FALSE;
}

/* n_fft follows from the number of bins unless it was given. */
static gboolean
settle(MgParams *params, const MgMatrix *magnitude, char **assignments, GError **error)
{
  g_autofree char *n_fft = g_strdup_printf("%zu", 2 * (magnitude->rows - 1));
  return mg_params_set(params, "n_fft", n_fft, error) && mg_command_set(params, assignments, error);
}

static gboolean
hear(const char *path, const Options *options, GError **error)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(MgMatrix) magnitude = mg_npy_load(path, error);
  int sr;
  size_t n;
  if (!magnitude || !settle(params, magnitude, options->set, error) || !mg_audio_params_sr(params, &sr, error))
    return FALSE;
  if (sr == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("sr=native: an array has no sample rate; expected a number"));
    return FALSE;
  }
  MgRng rng = mg_rng_new((guint64)options->seed);
  g_autoptr(GError) cause = NULL;
  g_autofree float *samples = mg_griffin_lim(magnitude, params, 0, &rng, 0, &n, &cause);
  if (samples)
    return mg_wav_write(options->out, samples, n, 1, sr, TRUE, error);
  g_set_error(error, cause->domain, cause->code, "%s: %s", path, cause->message);
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {{"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("The sound"), "F.wav"},
                            {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
                             N_("Set a parameter; n_fft follows from the array"), "NAME=VALUE"},
                            {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, N_("Start of the random phases"), "N"},
                            {0}};
  if (!mg_command_parse(&mg_cmd_hear, entries, tables, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  return check(&options, error) && hear(argv[1], &options, error);
}

const MgCommand mg_cmd_hear = {
    .name = "hear",
    .arguments = "F.npy",
    .help = N_("Make sound of STFT magnitudes (bins, frames) by Griffin-Lim"),
    .run = run,
};
