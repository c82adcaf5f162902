#include "cli/command.h"
#include "audio/device.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>

static void
print_text(const MgDevice *device)
{
  g_print(_("%s: %d in, %d out, %.0f Hz%s%s\n"), device->name, device->inputs, device->outputs, device->sr,
          device->is_default_input ? _(", default for recording") : "",
          device->is_default_output ? _(", default for playing") : "");
}

static void
print_json(const MgDevice *device)
{
  g_autofree char *name = g_utf8_make_valid(device->name, -1);
  json_t *object = json_pack("{s:s, s:i, s:i, s:f, s:b, s:b}", "name", name, "inputs", device->inputs, "outputs",
                             device->outputs, "sr", device->sr, "default_input", device->is_default_input,
                             "default_output", device->is_default_output);
  char *text = json_dumps(object, JSON_REAL_PRECISION(12));
  puts(text);
  free(text);
  json_decref(object);
}

static gboolean
run(int argc, char **argv, GError **error)
{
  gboolean json = FALSE, done;
  GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("One JSON object a line"), NULL}, {0}};
  if (!mg_command_parse(&mg_cmd_devices, entries, NULL, &argc, &argv, 0, 0, &done, error) || done)
    return done;
  g_autoptr(GPtrArray) devices = mg_devices_list(error);
  if (!devices)
    return FALSE;
  for (guint i = 0; i < devices->len; i++)
    (json ? print_json : print_text)(g_ptr_array_index(devices, i));
  if (devices->len == 0 && !json)
    g_print(_("no sound device\n"));
  return TRUE;
}

const MgCommand mg_cmd_devices = {
    .name = "devices",
    .arguments = "",
    .help = N_("List the sound devices that record and play"),
    .run = run,
};
