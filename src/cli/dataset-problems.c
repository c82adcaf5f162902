#include "cli/dataset-problems.h"
#include "cli/command.h"
#include "cli/dataset-edit.h"
#include "cli/model-option.h"
#include "base/error.h"
#include "dataset/edit-names.h"
#include "dataset/store-scans.h"
#include "train/suggest.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>

void
mg_dataset_work_clear(MgDatasetWork *work)
{
  g_free(work->fix);
  g_free(work->suggest);
}

gboolean
mg_dataset_work_is_wanted(const MgDatasetWork *work)
{
  return work->problems || work->fix || work->suggest || work->take != 0;
}

/* Telling */

static json_t *
problem_object(const MgProblem *problem, const MgManifest *manifest)
{
  json_t *files = json_array();
  for (guint i = 0; i < problem->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, i));
    g_autofree char *path = g_filename_display_name(track->path);
    json_array_append_new(files, json_string(path));
  }
  return json_pack("{s:s, s:s, s:o}", "kind", mg_problem_class(problem->kind)->name, "text", problem->text, "files",
                   files);
}

static void
print_json(const GPtrArray *problems, const MgManifest *manifest)
{
  json_t *array = json_array();
  for (guint i = 0; i < problems->len; i++)
    json_array_append_new(array, problem_object(problems->pdata[i], manifest));
  json_dumpf(array, stdout, JSON_INDENT(2));
  putchar('\n');
  json_decref(array);
}

static void
print_text(const GPtrArray *problems, const MgManifest *manifest)
{
  guint n = manifest->tracks->len;
  g_autofree char *found = g_strdup_printf(ngettext("%u problem", "%u problems", problems->len), problems->len);
  g_print(ngettext("%u track looked at, %s\n", "%u tracks looked at, %s\n", n), n, found);
  for (guint i = 0; i < problems->len; i++) {
    const MgProblem *problem = problems->pdata[i];
    const MgTrack *first = mg_manifest_track(manifest, g_array_index(problem->tracks, guint, 0));
    const MgProblemClass *class = mg_problem_class(problem->kind);
    if (i == 0 || problem->kind != ((const MgProblem *)problems->pdata[i - 1])->kind)
      g_print("\n%s (%s): %s\n", _(class->title), class->name, _(class->help));
    if (problem->tracks->len > 1 || problem->kind == MG_PROBLEM_UNREADABLE)
      g_print("  %s\n", problem->text);
    else
      g_print("  %s (%s): %s\n", first->name, mg_manifest_label(manifest, first->label), problem->text);
  }
}

/* Fixing: one edit for all problems of the kind. */

static gboolean
fix(MgStore *store, const GPtrArray *problems, const MgManifest *manifest, const char *kind, GError **error)
{
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  guint n = 0;
  for (guint i = 0; i < problems->len; i++) {
    const MgProblem *problem = problems->pdata[i];
    const MgProblemClass *class = mg_problem_class(problem->kind);
    if (!g_str_equal(kind, "all") && !g_str_equal(kind, class->name))
      continue;
    char *made = NULL;
    g_autoptr(GArray) own = mg_problem_fix(problem, manifest, class->fixes[0], &made);
    g_array_append_vals(values, own->data, own->len);
    if (made)
      g_ptr_array_add(texts, made);
    n++;
  }
  g_autofree char *what = mg_edit_name_problems(n, kind);
  g_autoptr(GError) cause = NULL;
  if (n > 0)
    mg_store_edit(store, (const MgTrackValue *)values->data, values->len, what, &cause);
  if (cause)
    g_propagate_error(error, g_steal_pointer(&cause));
  else
    g_print("%s\n", n > 0 ? what : _("No problem of that kind"));
  return error == NULL || *error == NULL;
}

static gboolean
check_kind(const char *kind, GError **error)
{
  MgProblemKind found;
  if (g_str_equal(kind, "all") || mg_problem_find_kind(kind, &found))
    return TRUE;
  GString *names = g_string_new("all");
  for (MgProblemKind i = 0; i < MG_N_PROBLEMS; i++)
    g_string_append_printf(names, ", %s", mg_problem_class(i)->name);
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--fix “%s”: expected one of %s"), kind, names->str);
  g_string_free(names, TRUE);
  return FALSE;
}

static gboolean
look_for_problems(const MgDatasetWork *work, const char *dataset, const MgImportOptions *import, const MgParams *params,
                  gboolean json, GError **error)
{
  g_autofree char *file = g_build_filename(dataset, "workspace.db", NULL);
  gboolean workspace = g_file_test(file, G_FILE_TEST_IS_REGULAR);
  if (work->fix && (!check_kind(work->fix, error) || !mg_check_workspace(dataset, "--fix", error)))
    return FALSE;
  g_autoptr(MgManifest) manifest = mg_manifest_open_any(dataset, import, NULL, error);
  g_autoptr(MgStore) store = manifest && workspace ? mg_store_open(dataset, error) : NULL;
  if (!manifest || (workspace && !store))
    return FALSE;
  g_autoptr(GPtrArray) scans = store ? mg_store_scans(store, manifest, error) : mg_scans_new(manifest->tracks->len);
  gboolean good = scans && mg_scan_tracks(scans, store, manifest, mg_command_progress(), error);
  mg_command_progress_end();
  if (!good)
    return FALSE;
  g_autoptr(GPtrArray) problems = mg_problems_find(manifest, scans, params);
  if (work->fix)
    return fix(store, problems, manifest, work->fix, error);
  (json ? print_json : print_text)(problems, manifest);
  return TRUE;
}

/* Suggestions */

static gboolean
suggest(MgStore *store, const char *run, GError **error)
{
  g_autofree char *model = g_strdup(run), *name = g_path_get_basename(run);
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  gboolean good = mg_embedding_option_find(&model, error) &&
                  mg_suggest_labels(store, model, name, problems, mg_command_progress(), error);
  mg_command_progress_end();
  if (!good)
    return FALSE;
  guint n = mg_store_open_suggestions(store, 0);
  g_print(ngettext("%u label suggested by %s\n", "%u labels suggested by %s\n", n), n, name);
  for (guint i = 0; i < problems->len; i++)
    g_print("  %s\n", (const char *)problems->pdata[i]);
  return TRUE;
}

static const guint sample_to_check = 30;

static gboolean
take(MgStore *store, double least, GError **error)
{
  g_autoptr(GError) cause = NULL;
  if (!(least > 0 && least <= 1)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--take %g: expected a probability above 0, at most 1"), least);
    return FALSE;
  }
  gint64 edit = mg_store_take_suggestions(store, least, sample_to_check, 0, &cause);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  MgSuggestionCheck check = mg_store_suggestion_check(store);
  if (edit)
    g_print(ngettext("%u label taken over; %u of them drawn to be checked in the window\n",
                     "%u labels taken over; %u of them drawn to be checked in the window\n", check.taken),
            check.taken, check.to_check);
  else
    g_print("%s\n", _("No open suggestion is so probable"));
  return TRUE;
}

gboolean
mg_dataset_work_run(const MgDatasetWork *work, const char *dataset, const MgImportOptions *import,
                    const MgParams *params, gboolean json, GError **error)
{
  if (work->problems || work->fix)
    return look_for_problems(work, dataset, import, params, json, error);
  g_autoptr(MgStore) store =
      mg_check_workspace(dataset, work->suggest ? "--suggest" : "--take", error) ? mg_store_open(dataset, error) : NULL;
  return store && (!work->suggest || suggest(store, work->suggest, error)) &&
         (work->take == 0 || take(store, work->take, error));
}
