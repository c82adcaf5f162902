#include "cli/command.h"
#include "base/error.h"
#include "dataset/clip.h"
#include "plot/export.h"
#include "plot/figure.h"

typedef struct {
  const MgClip *clip;
  const char *title;
} Picture;

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_figure_waveform(cr, width, height, &mg_style_light, picture->title, picture->clip->samples, picture->clip->n,
                     picture->clip->sr);
}

static gboolean
draw_file(const char *path, double start, double end, const char *out, GError **error)
{
  MgClip clip = {0};
  if (!mg_clip_load(&clip, path, start, end, 0, error))
    return FALSE;
  g_autofree char *title = g_path_get_basename(path);
  gboolean good = mg_export(out, 960, 320, 1, draw, &(Picture){&clip, title}, error);
  mg_clip_clear(&clip);
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  double start = 0, end = 0;
  g_autofree char *out = NULL;
  gboolean done;
  GOptionEntry entries[] = {
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &start, "From here, in seconds; 0", "S"},
      {"end", 0, 0, G_OPTION_ARG_DOUBLE, &end, "To here, in seconds; the file's end", "S"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "The picture: .png, .svg or .pdf", "F"},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_waveform, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  if (out && start >= 0 && (end == 0 || end > start))
    return draw_file(argv[1], start, end, out, error);
  if (!out)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "waveform: --out is missing; expected a .png, .svg or .pdf");
  else
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                "waveform: --start %g --end %g: expected 0 or more, and an end behind it", start, end);
  return FALSE;
}

const MgCommand mg_cmd_waveform = {
    .name = "waveform",
    .arguments = "FILE",
    .help = "Draw a sound file's waveform",
    .run = run,
};
