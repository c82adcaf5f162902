/* A workspace: its tracks that have a class and are not excluded, as they were edited there. What their headers say is
 * known already. */
#include "dataset/importer.h"
#include "base/error.h"
#include "dataset/store.h"
#include <glib/gi18n-lib.h>

static gboolean
recognises(const char *path, const MgImportOptions *options)
{
  g_autofree char *file = g_build_filename(path, "workspace.db", NULL);
  return !options->label_from && g_file_test(file, G_FILE_TEST_IS_REGULAR);
}

static void
add_track(MgImport *import, const MgStoreTrack *track)
{
  if (!g_file_test(track->path, G_FILE_TEST_EXISTS)) {
    mg_import_problem(import, _("%s: left out: there is no such file"), track->path);
    return;
  }
  MgImportRow *row = mg_import_add(import, track->path, track->label);
  row->id = track->id;
  row->start = track->start;
  row->end = track->end;
  row->duration = track->duration;
  row->sr = track->sr;
  if (track->fold && !import->fold_from)
    row->fold = mg_import_fold(import, track->path, track->fold);
  if (track->split)
    row->split = mg_import_split(import, track->path, track->split);
  if (track->group && !row->group)
    row->group = g_strdup(track->group);
}

static gboolean
run(MgImport *import, GError **error)
{
  g_autoptr(MgStore) store = mg_store_open(import->path, error);
  g_autoptr(GPtrArray) tracks = store ? mg_store_tracks(store, error) : NULL;
  if (!tracks)
    return FALSE;
  guint unlabelled = 0, excluded = 0;
  for (guint i = 0; i < tracks->len; i++) {
    const MgStoreTrack *track = tracks->pdata[i];
    unlabelled += !track->label;
    excluded += track->label && track->excluded;
    if (track->label && !track->excluded)
      add_track(import, track);
  }
  if (unlabelled)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%u track of the workspace is without a class and was left out",
                                  "%u tracks of the workspace are without a class and were left out", unlabelled),
                      unlabelled);
  if (excluded)
    mg_import_problem(import,
                      g_dngettext(GETTEXT_PACKAGE, "%u track of the workspace is excluded",
                                  "%u tracks of the workspace are excluded", excluded),
                      excluded);
  return TRUE;
}

const MgImporter mg_importer_workspace = {N_("workspace of Melograph"), recognises, run};
