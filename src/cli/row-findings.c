#include "cli/row-findings.h"
#include "cli/command.h"
#include "cli/predictions-text.h"
#include "base/error.h"
#include "train/evaluator.h"
#include "train/explain-row.h"
#include "train/run-config.h"
#include "train/run-split.h"
#include <glib/gi18n-lib.h>

gboolean
mg_row_is_of_numbers(const char *run)
{
  g_autoptr(MgRunConfig) config = run ? mg_run_config_load(run, NULL) : NULL;
  return config && config->is_table;
}

static gboolean
find_class(const char *const *labels, const char *class, int *label, GError **error)
{
  for (*label = 0; labels[*label]; (*label)++)
    if (g_str_equal(labels[*label], class))
      return TRUE;
  g_autofree char *names = g_strjoinv(", ", (char **)labels);
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("explain: there is no class “%s”; the model has %s"), class, names);
  return FALSE;
}

/* Where the part begins, and how the run's split calls its track. */
static gboolean
find_part(const char *run, const MgRunConfig *config, const char *file, int part, char **track, double *start,
          GError **error)
{
  g_autofree char *path = mg_checkpoint_path(run, "best", error), *absolute = g_canonicalize_filename(file, NULL);
  g_autoptr(MgTableModel) model = path ? mg_table_model_load(path, error) : NULL;
  g_autoptr(MgManifest) manifest = model ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  g_autoptr(GArray) segments = manifest ? mg_table_model_cut(model, manifest) : NULL;
  for (guint i = 0; segments && i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    const char *name = mg_manifest_track(manifest, segment->track)->path;
    if ((int)segment->part != part || !(g_str_equal(name, absolute) || g_str_equal(name, file)))
      continue;
    *track = g_strdup(name);
    *start = segment->start;
    return TRUE;
  }
  if (segments)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("explain: %s, part %d: a track of the run %s and one of its parts were "
                  "expected"),
                file, part, run);
  return FALSE;
}

static void
print_json(const MgRowReasons *reasons)
{
  json_t *object = json_object(), *features = json_array();
  g_autofree char *text = mg_row_reasons_text(reasons);
  json_object_set_new(object, "class", json_string(reasons->labels->pdata[reasons->label]));
  json_object_set_new(object, "probability", json_real(reasons->probabilities[reasons->label]));
  json_object_set_new(object, "compared", json_integer(reasons->compared));
  json_object_set_new(object, "summary", json_string(text));
  for (guint i = 0; i < reasons->features->len; i++) {
    const MgRowFeature *feature = &g_array_index(reasons->features, MgRowFeature, i);
    json_array_append_new(features, json_pack("{s:s, s:f, s:f, s:f}", "feature", feature->feature, "value",
                                              feature->value, "usual", feature->usual, "effect", feature->effect));
  }
  json_object_set_new(object, "features", features);
  mg_print_json(object);
}

static void
print_text(const MgRowReasons *reasons)
{
  g_autofree char *text = mg_row_reasons_text(reasons);
  g_print("%s\n", text);
  for (guint i = 0; i < MIN(reasons->features->len, 20); i++) {
    const MgRowFeature *feature = &g_array_index(reasons->features, MgRowFeature, i);
    g_print(_("  %+.3f  %s = %.5g (usually %.5g)\n"), feature->effect, feature->feature, feature->value,
            feature->usual);
  }
}

gboolean
mg_row_findings(const char *run, const char *file, int part, const char *class, gboolean json, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load(run, error);
  g_autofree char *track = NULL;
  double start;
  int label = -1;
  if (!config || (class && !find_class((const char *const *)config->labels, class, &label, error)) ||
      !find_part(run, config, file, part, &track, &start, error))
    return FALSE;
  g_autoptr(MgRowReasons) reasons = mg_explain_row_of_run(run, track, start, label, mg_command_progress(), error);
  mg_command_progress_end();
  if (reasons)
    (json ? print_json : print_text)(reasons);
  return reasons != NULL;
}
