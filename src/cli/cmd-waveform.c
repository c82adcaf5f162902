#include "cli/command.h"
#include "base/error.h"
#include "dataset/clip.h"
#include "plot/export.h"
#include "plot/figure.h"
#include <glib/gi18n-lib.h>

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
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &start, N_("From here, in seconds; 0"), "S"},
      {"end", 0, 0, G_OPTION_ARG_DOUBLE, &end, N_("To here, in seconds; the file's end"), "S"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("The picture: .png, .svg or .pdf"), "F"},
      {0},
  };
  if (!mg_command_parse(&mg_cmd_waveform, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  if (!out)
    return mg_command_missing(&mg_cmd_waveform, "--out F.png|.svg|.pdf", error);
  return mg_command_check_stretch(&mg_cmd_waveform, start, end, error) && draw_file(argv[1], start, end, out, error);
}

const MgCommand mg_cmd_waveform = {
    .name = "waveform",
    .arguments = "FILE",
    .help = N_("Draw a sound file's waveform"),
    .run = run,
};
