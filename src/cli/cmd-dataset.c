#include "cli/columns.h"
#include "cli/command.h"
#include "cli/dataset-edit.h"
#include "cli/dataset-problems.h"
#include "base/error.h"
#include "dataset/leak-check.h"
#include "dataset/manifest.h"
#include "dataset/segment.h"
#include "dataset/split.h"
#include "dataset/store-scans.h"
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const MgParamTable *const tables[] = {&mg_split_params, &mg_segment_params, &mg_problem_params, NULL};

/* A data set, split and cut. */
typedef struct {
  MgManifest *manifest;
  MgParams *params;
  GArray *segments;
  guint *counts; /* (classes, 3) segments */
  GPtrArray *warnings;
  MgLeakCheck *leaks;
} Survey;

static void
clear_survey(Survey *survey)
{
  g_clear_pointer(&survey->manifest, mg_manifest_free);
  g_clear_pointer(&survey->params, mg_params_free);
  g_clear_pointer(&survey->segments, g_array_unref);
  g_clear_pointer(&survey->warnings, g_ptr_array_unref);
  g_clear_pointer(&survey->leaks, mg_leak_check_free);
  g_free(survey->counts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Survey, clear_survey)

/* With what a workspace knows of its tracks' sound. */
static MgLeakCheck *
check_leaks(const MgManifest *manifest, const MgParams *params)
{
  g_autofree char *file = g_build_filename(manifest->path, "workspace.db", NULL);
  g_autoptr(MgStore) store = g_file_test(file, G_FILE_TEST_IS_REGULAR) ? mg_store_open(manifest->path, NULL) : NULL;
  g_autoptr(GPtrArray) scans = store ? mg_store_scans(store, manifest, NULL) : NULL;
  return mg_leak_check(manifest, scans, mg_params_float(params, "near_distance"));
}

static gboolean
make_survey(Survey *survey, const char *path, const MgImportOptions *import, char **assignments, GError **error)
{
  survey->params = mg_params_new(tables);
  survey->warnings = g_ptr_array_new_with_free_func(g_free);
  if (!mg_command_set(survey->params, assignments, error))
    return FALSE;
  survey->manifest = mg_manifest_open(path, import, mg_command_progress(), error);
  mg_command_progress_end();
  if (!survey->manifest || !mg_split_apply(survey->manifest, survey->params, survey->warnings, error))
    return FALSE;
  survey->segments = mg_segments_cut(survey->manifest, survey->params);
  if (mg_split_is_leaky(survey->params))
    mg_split_segments(survey->segments, survey->manifest, survey->params);
  survey->counts = mg_split_counts(survey->manifest, survey->segments);
  survey->leaks = check_leaks(survey->manifest, survey->params);
  return TRUE;
}

/* Sums over the tracks of one class, or of all (label -1). */
typedef struct {
  guint tracks, groups;
  double seconds, shortest, longest;
} Sums;

static Sums
sum_tracks(const MgManifest *manifest, int label)
{
  Sums sums = {0};
  g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    if (label >= 0 && track->label != label)
      continue;
    sums.shortest = sums.tracks ? MIN(sums.shortest, track->duration) : track->duration;
    sums.longest = MAX(sums.longest, track->duration);
    sums.seconds += track->duration;
    sums.tracks++;
    if (!track->group)
      sums.groups++;
    else
      g_hash_table_add(groups, track->group);
  }
  sums.groups += g_hash_table_size(groups);
  return sums;
}

static guint
count_segments(const Survey *survey, int label, int split)
{
  guint sum = 0;
  for (guint i = 0; i < survey->manifest->labels->len; i++)
    if (label < 0 || label == (int)i)
      sum += survey->counts[i * 3 + split];
  return sum;
}

/* JSON */

static json_t *
strings(const GPtrArray *lines)
{
  json_t *array = json_array();
  for (guint i = 0; i < lines->len; i++)
    json_array_append_new(array, json_string(lines->pdata[i]));
  return array;
}

static json_t *
sums_object(const Survey *survey, int label)
{
  Sums sums = sum_tracks(survey->manifest, label);
  return json_pack("{s:i, s:i, s:f, s:f, s:f, s:i, s:i, s:i}", "tracks", (int)sums.tracks, "groups", (int)sums.groups,
                   "seconds", sums.seconds, "shortest", sums.shortest, "longest", sums.longest, "train",
                   (int)count_segments(survey, label, 0), "val", (int)count_segments(survey, label, 1), "test",
                   (int)count_segments(survey, label, 2));
}

static json_t *
classes_array(const Survey *survey)
{
  json_t *classes = json_array();
  for (guint label = 0; label < survey->manifest->labels->len; label++) {
    json_t *object = json_pack("{s:s}", "label", mg_manifest_label(survey->manifest, label));
    json_t *sums = sums_object(survey, label);
    json_object_update(object, sums);
    json_decref(sums);
    json_array_append_new(classes, object);
  }
  return classes;
}

static json_t *
tracks_array(const MgManifest *manifest)
{
  json_t *tracks = json_array();
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    g_autofree char *path = g_filename_display_name(track->path);
    json_t *object = json_pack("{s:s, s:s, s:f, s:s}", "path", path, "label", mg_manifest_label(manifest, track->label),
                               "seconds", track->duration, "split", mg_split_name(track->split));
    if (track->group)
      json_object_set_new(object, "group", json_string(track->group));
    if (track->fold >= 0)
      json_object_set_new(object, "fold", json_integer(track->fold));
    json_array_append_new(tracks, object);
  }
  return tracks;
}

static void
print_json(const Survey *survey)
{
  g_autofree char *path = g_filename_display_name(survey->manifest->path);
  json_t *root = json_pack("{s:s, s:s, s:b, s:f}", "dataset", path, "split", mg_params_text(survey->params, "split"),
                           "leaky", mg_split_is_leaky(survey->params), "segment_seconds",
                           mg_params_float(survey->params, "segment_seconds"));
  json_object_set_new(root, "classes", classes_array(survey));
  json_object_set_new(root, "total", sums_object(survey, -1));
  json_object_set_new(root, "tracks", tracks_array(survey->manifest));
  const MgLeakCheck *leaks = survey->leaks;
  json_object_set_new(root, "leaks",
                      json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "files", (int)leaks->files, "groups",
                                (int)leaks->groups, "copies", (int)leaks->copies, "files_apart",
                                (int)leaks->apart_files, "groups_apart", (int)leaks->apart_groups, "copies_apart",
                                (int)leaks->apart_copies, "unheard", (int)leaks->unheard));
  json_object_set_new(root, "problems", strings(survey->manifest->problems));
  json_object_set_new(root, "warnings", strings(survey->warnings));
  json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
  putchar('\n');
  json_decref(root);
}

/* Text */

static void
print_row(const Survey *survey, int label, const char *name, int width)
{
  Sums sums = sum_tracks(survey->manifest, label);
  int seconds = (int)(sums.seconds + 0.5);
  mg_print_cell(name, width);
  g_print("%8u  %8u  %7u  %7u  %7u  %4d:%02d:%02d\n", count_segments(survey, label, 0),
          count_segments(survey, label, 1), count_segments(survey, label, 2), sums.tracks, sums.groups, seconds / 3600,
          seconds / 60 % 60, seconds % 60);
}

static void
print_lines(const char *heading, const GPtrArray *lines)
{
  if (lines->len)
    g_print("\n%s: %u\n", heading, lines->len);
  for (guint i = 0; i < lines->len; i++)
    g_print("  %s\n", (const char *)lines->pdata[i]);
}

static void
print_header(int width)
{
  const struct {
    const char *title;
    int width;
  } columns[] = {{_("Train"), 8},  {_("Validate"), 10}, {_("Test"), 9},
                 {_("tracks"), 9}, {_("groups"), 9},    {_("duration"), 12}};
  mg_print_cell(_("class"), width);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    mg_print_right(columns[i].title, columns[i].width);
  g_print("\n");
}

static void
print_text(const Survey *survey)
{
  const MgManifest *manifest = survey->manifest;
  int width = MAX(mg_text_columns(_("class")), mg_text_columns(_("all")));
  for (guint i = 0; i < manifest->labels->len; i++)
    width = MAX(width, mg_text_columns(mg_manifest_label(manifest, i)));
  g_print(_("Segments of %s s, split %s%s\n"), mg_params_text(survey->params, "segment_seconds"),
          mg_params_text(survey->params, "split"),
          mg_split_is_leaky(survey->params) ? _(" (by segment: figures of it pretend)") : "");
  g_print("\n");
  print_header(width);
  for (guint i = 0; i < manifest->labels->len; i++)
    print_row(survey, i, mg_manifest_label(manifest, i), width);
  print_row(survey, -1, _("all"), width);
  Sums sums = sum_tracks(manifest, -1);
  g_print("\n");
  g_print(_("Tracks last %.2f s to %.2f s\n"), sums.shortest, sums.longest);
  g_autofree char *proof = mg_leak_check_text(survey->leaks);
  if (!mg_split_is_leaky(survey->params))
    g_print("%s\n", proof);
  print_lines(_("Warnings"), survey->warnings);
  print_lines(_("Problems"), manifest->problems);
}

static void
print_list(const Survey *survey)
{
  const MgManifest *manifest = survey->manifest;
  printf("class\tsplit\tgroup\tfold\tseconds\tfile\n");
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    g_autofree char *path = g_filename_display_name(track->path);
    g_autofree char *fold = track->fold < 0 ? g_strdup("") : g_strdup_printf("%d", track->fold);
    printf("%s\t%s\t%s\t%s\t%.3f\t%s\n", mg_manifest_label(manifest, track->label), mg_split_name(track->split),
           track->group ? track->group : "", fold, track->duration, path);
  }
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static MgImportOptions import;
  g_auto(MgDatasetEdit) edit = {0};
  g_auto(MgDatasetWork) work = {0};
  static gboolean json, list;
  static char **assignments;
  GOptionEntry entries[] = {
      {"label-from", 0, 0, G_OPTION_ARG_STRING, &import.label_from, N_("Class of a flat folder's files"), "REGEX"},
      {"group-from", 0, 0, G_OPTION_ARG_STRING, &import.group_from, N_("Group, from the file name"), "REGEX"},
      {"fold-from", 0, 0, G_OPTION_ARG_STRING, &import.fold_from, N_("Fold, from the file name"), "REGEX"},
      {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &assignments, N_("Set a parameter"), "NAME=VALUE"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &list, N_("List the tracks: class, side, group, fold, seconds, file"), NULL},
      MG_DATASET_EDIT_ENTRIES(edit),
      MG_DATASET_WORK_ENTRIES(work),
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL},
      {NULL},
  };
  gboolean done;
  if (!mg_command_parse(&mg_cmd_dataset, entries, tables, &argc, &argv, 1, -1, &done, error) || done)
    return done;
  if (mg_dataset_edit_is_wanted(&edit))
    return mg_dataset_edit_run(&edit, argv[1], &import, argv + 2, error);
  if (argc > 2) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("dataset: “%s”: files are named with --label, --exclude, --include"),
                argv[2]);
    return FALSE;
  }
  if (mg_dataset_work_is_wanted(&work)) {
    g_autoptr(MgParams) params = mg_params_new(tables);
    return mg_command_set(params, assignments, error) &&
           mg_dataset_work_run(&work, argv[1], &import, params, json, error);
  }
  g_auto(Survey) survey = {0};
  if (!make_survey(&survey, argv[1], &import, assignments, error))
    return FALSE;
  (json ? print_json : list ? print_list : print_text)(&survey);
  return TRUE;
}

const MgCommand mg_cmd_dataset = {
    .name = "dataset",
    .arguments = "DATASET [FILE…]",
    .help = N_("Tells a data set's classes, counts per split, durations, groups and problems; changes a workspace's"),
    .run = run,
};
