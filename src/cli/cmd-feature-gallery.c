#include "cli/command.h"
#include "base/error.h"
#include "dataset/clip.h"
#include "dsp/feature.h"
#include "dsp/variants.h"
#include "plot/export.h"
#include "plot/gallery.h"
#include <glib/gi18n-lib.h>

static const double usual_top_db = 80;

typedef struct {
  char *over, *out, **set;
  double start, end;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->over);
  g_free(options->out);
  g_strfreev(options->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

typedef struct {
  MgGallery gallery;
  MgImageStyle image;
} Picture;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_gallery_draw(cr, width, height, &mg_style_light, &picture->gallery, &picture->image);
}

static gboolean
save(const Options *options, const char *file, const MgParams *params, const MgClip *clip, GPtrArray *variants,
     GError **error)
{
  g_autofree MgGalleryPicture *pictures = g_new(MgGalleryPicture, variants->len);
  g_autofree char *title = g_filename_display_basename(file);
  for (guint i = 0; i < variants->len; i++) {
    const MgVariant *variant = variants->pdata[i];
    pictures[i] =
        (MgGalleryPicture){variant->levels, variant->first_time, variant->frame_step, variant->value, variant->empty};
  }
  Picture picture = {
      .gallery = {.title = title,
                  .over = options->over,
                  .x0 = options->start,
                  .x1 = options->start + (double)clip->n / clip->sr,
                  .low_hz = mg_params_float(params, "fmin"),
                  .top_hz = mg_params_float_or(params, "fmax", clip->sr / 2.0),
                  .htk = mg_params_bool(params, "htk"),
                  .pictures = pictures,
                  .n = variants->len},
      .image = {.low = -mg_params_float_or(params, "top_db", usual_top_db),
                .colormap = mg_colormap_find("magma"),
                .scale = MG_SCALE_MEL_HZ},
  };
  return mg_export(options->out, 1200, 720, 1.5, draw, &picture, error);
}

static gboolean
make(const Options *options, const char *file, const MgParams *params, GError **error)
{
  int sr;
  g_auto(MgClip) clip = {0};
  g_autoptr(GError) cause = NULL;
  if (!mg_audio_params_sr(params, &sr, error) || !mg_clip_load(&clip, file, options->start, options->end, sr, error))
    return FALSE;
  g_autoptr(MgProgress) progress = mg_command_progress();
  g_autoptr(GPtrArray) variants =
      mg_variants_new(clip.samples, clip.n, clip.sr, params, options->over, progress, &cause);
  mg_command_progress_end();
  if (variants)
    return save(options, file, params, &clip, variants, error);
  g_set_error(error, cause->domain, cause->code, "%s: %s", file, cause->message);
  return FALSE;
}

static gboolean
check(const Options *options, GError **error)
{
  if (options->out && !mg_export_check(options->out, error))
    return FALSE;
  if (!options->out || !options->over)
    return mg_command_missing(&mg_cmd_feature_gallery,
                              options->over ? "--out F.png|.svg|.pdf" : "--over " MG_VARIANT_CHOICES, error);
  if (!g_strv_contains((const char *const[]){"n_mels", "n_fft", NULL}, options->over)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("feature-gallery: --over %s: expected n_mels or n_fft"),
                options->over);
    return FALSE;
  }
  return mg_command_check_stretch(&mg_cmd_feature_gallery, options->start, options->end, error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"over", 0, 0, G_OPTION_ARG_STRING, &options.over, N_("The parameter that differs from picture to picture"),
       MG_VARIANT_CHOICES},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter of all pictures"), "NAME=VALUE"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, N_("The drawing"), "F.png|.svg|.pdf"},
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &options.start, N_("Where to begin; at the start where left out"), "S"},
      {"end", 0, 0, G_OPTION_ARG_DOUBLE, &options.end, N_("Where to end; at the file's end where left out"), "S"},
      {0}};
  g_autoptr(MgParams) params = mg_variants_params();
  if (!mg_command_parse(&mg_cmd_feature_gallery, entries, mg_params_tables(params), &argc, &argv, 1, 1, &done, error) ||
      done)
    return done;
  return check(&options, error) && mg_command_set(params, options.set, error) && make(&options, argv[1], params, error);
}

const MgCommand mg_cmd_feature_gallery = {
    .name = "feature-gallery",
    .arguments = "FILE",
    .help = N_("Draw mel spectrograms of a sound for several n_mels or n_fft side by side"),
    .run = run,
};
