#include "cli/command.h"
#include "base/error.h"
#include "dataset/clip.h"
#include "dsp/decibel.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "plot/export.h"
#include "plot/figure.h"
#include <glib/gi18n-lib.h>

static const MgParamTable *const tables[] = {&mg_audio_params,   &mg_stft_params,    &mg_mel_params,
                                             &mg_decibel_params, &mg_surface_params, NULL};

static const double usual_top_db = 80;

typedef struct {
  const char *title;
  const MgMatrix *levels;
  MgSurfaceWorld world;
  const MgParams *params;
  const MgStyle *style;
} Picture;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_figure_surface(cr, width, height, picture->style, picture->title, picture->levels, &picture->world,
                    picture->params, vector);
}

static gboolean
is_mel(const MgParams *params)
{
  return g_str_equal(mg_params_text(params, "frequency_axis"), "mel");
}

/* The mel spectrogram or the STFT of a whole file. */
static MgMatrix *
load_levels(const char *path, const MgParams *params, MgSurfaceWorld *world, GError **error)
{
  int sr;
  gboolean mel = is_mel(params);
  MgClip clip = {0};
  if (!mg_audio_params_sr(params, &sr, error) || !mg_clip_load(&clip, path, 0, 0, sr, error))
    return NULL;
  const MgFeature *feature = mg_feature_find(mel ? "melspectrogram" : "stft", error);
  MgMatrix *levels = feature ? mg_feature_compute(feature, clip.samples, clip.n, clip.sr, params, error) : NULL;
  *world = (MgSurfaceWorld){
      .seconds = clip.n / (double)clip.sr,
      .low_hz = mel ? mg_params_float(params, "fmin") : 0,
      .high_hz = mel ? mg_params_float_or(params, "fmax", clip.sr / 2.0) : clip.sr / 2.0,
      .mel = mel,
      .htk = mg_params_bool(params, "htk"),
  };
  mg_clip_clear(&clip);
  return levels;
}

static void
level_range(const MgMatrix *levels, const MgParams *params, MgSurfaceWorld *world)
{
  float low, high;
  mg_matrix_range(levels, &low, &high);
  world->high_db = high;
  world->low_db = high - mg_params_float_or(params, "top_db", usual_top_db);
}

static gboolean
save_picture(const char *path, const char *out, const MgParams *params, gboolean dark, GError **error)
{
  g_autofree char *name = g_filename_display_basename(path);
  Picture picture = {.title = name, .params = params, .style = dark ? &mg_style_dark : &mg_style_light};
  g_autoptr(MgMatrix) levels = load_levels(path, params, &picture.world, error);
  gboolean amplitude = !is_mel(params) || mg_params_float(params, "power") == 1;
  if (!levels || !mg_matrix_to_db(levels, amplitude, params, error))
    return FALSE;
  level_range(levels, params, &picture.world);
  picture.levels = levels;
  return mg_export(out, 1200, 800, 1.5, draw, &picture, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean dark = FALSE, done;
  g_autofree char *out = NULL;
  g_auto(GStrv) assignments = NULL;
  GOptionEntry entries[] = {
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &assignments, N_("Set a parameter"), "NAME=VALUE"},
      {"dark", 0, 0, G_OPTION_ARG_NONE, &dark, N_("On a dark background"), NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("The drawing"), "F.png|.svg|.pdf"},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_spectrogram_3d, entries, tables, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  if (!out)
    return mg_command_missing(&mg_cmd_spectrogram_3d, "--out F.png|.svg|.pdf", error);
  g_autoptr(MgParams) params = mg_params_new(tables);
  return mg_export_check(out, error) && mg_command_set(params, assignments, error) &&
         save_picture(argv[1], out, params, dark, error);
}

const MgCommand mg_cmd_spectrogram_3d = {
    .name = "spectrogram-3d",
    .arguments = "FILE",
    .help = N_("Draw the spectrogram as a surface over time and frequency"),
    .run = run,
};
