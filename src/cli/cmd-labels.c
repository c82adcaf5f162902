/* melograph-cli labels: labels of places in a sound, from one program's file into another's. */
#include "cli/command.h"
#include "base/error.h"
#include "dataset/labels.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>

typedef struct {
  char *out, *format;
  gboolean json;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->out);
  g_free(options->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static void
print_json(const MgLabel *label)
{
  json_t *root = json_pack("{s:f, s:f, s:s}", "start", label->start, "end", label->end, "label", label->text);
  if (label->high > label->low) {
    json_object_set_new(root, "low", json_real(label->low));
    json_object_set_new(root, "high", json_real(label->high));
  }
  json_dumpf(root, stdout, 0);
  putchar('\n');
  json_decref(root);
}

static void
print(const GPtrArray *labels, gboolean json)
{
  for (guint i = 0; i < labels->len; i++) {
    const MgLabel *label = labels->pdata[i];
    if (json)
      print_json(label);
    else if (label->high > label->low)
      g_print("%10.3f %10.3f  %8.0f %8.0f Hz  %s\n", label->start, label->end, label->low, label->high, label->text);
    else
      g_print("%10.3f %10.3f  %s\n", label->start, label->end, label->text);
  }
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out,
       N_("Where to write: .csv, .txt for Audacity, .selections.txt for Raven; printed where left out"), "FILE"},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_("audacity, raven or csv, whatever the name ends in"),
       "NAME"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("One JSON object a line"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_labels, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  const MgLabelFormat *format = options.format ? mg_label_format_find(options.format, error)
                                : options.out  ? mg_labels_format_of(options.out)
                                               : NULL;
  if (options.format && !format)
    return FALSE;
  g_autoptr(GPtrArray) labels = mg_labels_load(argv[1], error);
  if (!labels)
    return FALSE;
  if (options.out)
    return mg_labels_save(labels, format, options.out, error);
  print(labels, options.json);
  return TRUE;
}

const MgCommand mg_cmd_labels = {
    .name = "labels",
    .arguments = "FILE",
    .help = N_("Print labels of Audacity, Raven or a CSV table, or write them as another's"),
    .run = run,
};
