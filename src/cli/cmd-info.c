#include "cli/command.h"
#include "audio/decoder.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static void
print_text(const MgAudioInfo *info)
{
  g_autofree char *path = mg_one_line(g_strdup(info->path));
  g_autofree char *sound =
      g_strdup_printf(ngettext("%d Hz, %d channel", "%d Hz, %d channels", info->channels), info->sr, info->channels);
  g_autofree char *frames =
      g_strdup_printf(ngettext("%" PRId64 " frame", "%" PRId64 " frames", info->frames), info->frames);
  g_print(_("%s: %s, %s, %s, %s, %.3f s\n"), path, info->container, info->codec, sound, frames, info->duration);
}

static void
print_json(const MgAudioInfo *info)
{
  g_autofree char *path = g_utf8_make_valid(info->path, -1);
  json_t *object = json_pack("{s:s, s:s, s:s, s:i, s:i, s:I, s:f}", "file", path, "container", info->container, "codec",
                             info->codec, "sr", info->sr, "channels", info->channels, "frames",
                             (json_int_t)info->frames, "duration", info->duration);
  char *text = json_dumps(object, JSON_REAL_PRECISION(12));
  puts(text);
  free(text);
  json_decref(object);
}

static gboolean
describe(const char *path, gboolean json, GError **error)
{
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, error);
  if (!decoder)
    return FALSE;
  (json ? print_json : print_text)(mg_decoder_info(decoder));
  return TRUE;
}

/* Every file gets its line. The last failure is the command's, those before it are told here. */
static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean json = FALSE, done;
  GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("One JSON object a line"), NULL}, {0}};
  if (!mg_command_parse(&mg_cmd_info, entries, NULL, &argc, &argv, 1, -1, &done, error) || done)
    return done;
  g_autoptr(GError) failure = NULL;
  for (int i = 1; i < argc; i++) {
    GError *cause = NULL;
    if (describe(argv[i], json, &cause))
      continue;
    if (failure)
      mg_command_print_error(failure);
    g_clear_error(&failure);
    failure = cause;
  }
  if (!failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

const MgCommand mg_cmd_info = {
    .name = "info",
    .arguments = "FILE…",
    .help = N_("Tell container, codec, sr, channels, frames and duration"),
    .run = run,
};
