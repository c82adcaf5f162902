#include "cli/dataset-edit.h"
#include "cli/command.h"
#include "base/error.h"
#include "dataset/edit-names.h"
#include "dataset/store-edits.h"
#include "dataset/store-import.h"
#include "dataset/store-query.h"
#include <glib/gi18n-lib.h>
#include <stdio.h>

void
mg_dataset_edit_clear(MgDatasetEdit *edit)
{
  g_free(edit->import);
  g_free(edit->label);
  g_free(edit->rename);
  g_free(edit->merge);
}

static int
count_wanted(const MgDatasetEdit *edit)
{
  return !!edit->import + !!edit->label + !!edit->rename + !!edit->merge + edit->exclude + edit->include + edit->undo +
         edit->redo + edit->history;
}

gboolean
mg_dataset_edit_is_wanted(const MgDatasetEdit *edit)
{
  return count_wanted(edit) > 0;
}

gboolean
mg_check_workspace(const char *path, const char *option, GError **error)
{
  g_autofree char *file = g_build_filename(path, "workspace.db", NULL);
  if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: %s: changes a workspace; expected a folder with workspace.db"),
              path, option);
  return FALSE;
}

static void
tell(MgStore *store, gint64 edit, const char *otherwise)
{
  g_autofree char *text = edit ? mg_store_edit_text(store, edit) : NULL;
  g_print("%s\n", text ? text : otherwise);
}

/* The ids of the files' tracks; every file has to be one of the workspace. */
static GArray *
find_files(MgStore *store, char **files, GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (!*files) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("dataset: no FILE is named; expected tracks of the workspace"));
    return NULL;
  }
  for (; *files; files++) {
    g_autofree char *absolute = g_canonicalize_filename(*files, NULL);
    gboolean there = g_file_test(absolute, G_FILE_TEST_EXISTS);
    g_autoptr(GArray) found = mg_store_tracks_of_file(store, there ? absolute : *files, error);
    if (!found)
      return NULL;
    if (found->len == 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: no track of the workspace %s"), *files,
                  mg_store_folder(store));
      return NULL;
    }
    g_array_append_vals(ids, found->data, found->len);
  }
  return g_steal_pointer(&ids);
}

static gboolean
edit_files(MgStore *store, MgTrackField field, const char *text, char **files, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GArray) ids = find_files(store, files, error);
  if (!ids)
    return FALSE;
  g_autofree char *what = mg_edit_name_tracks(field, text, ids->len);
  gint64 edit = mg_store_edit_tracks(store, field, text, (const gint64 *)ids->data, ids->len, what, &cause);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  tell(store, edit, _("Nothing to change: it is so already"));
  return TRUE;
}

/* TRUE where tracks have this class. */
static gboolean
has_class(MgStore *store, const char *label, GError **error)
{
  g_autoptr(GPtrArray) classes = mg_store_classes(store, error);
  for (guint i = 0; classes && i < classes->len; i++)
    if (g_strcmp0(((const MgStoreClass *)classes->pdata[i])->label, label) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_names(MgStore *store, const char *from, const char *to, gboolean merge, GError **error)
{
  const char *folder = mg_store_folder(store);
  if (!has_class(store, from, error)) {
    if (error && !*error)
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no class “%s”"), folder, from);
    return FALSE;
  }
  if (has_class(store, to, error) == merge)
    return TRUE;
  if (merge)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: there is no class “%s”; --rename makes one"), folder, to);
  else
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: class “%s” is there already; --merge puts them together"),
                folder, to);
  return FALSE;
}

static gboolean
edit_class(MgStore *store, const char *text, gboolean merge, GError **error)
{
  const char *option = merge ? "merge" : "rename";
  g_auto(GStrv) names = g_strsplit(text, "=", 2);
  if (g_strv_length(names) != 2 || !*names[0] || !*names[1]) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("--%s “%s”: expected OLD=NEW"), option, text);
    return FALSE;
  }
  if (!check_names(store, names[0], names[1], merge, error))
    return FALSE;
  g_autofree char *what = mg_edit_name_class(names[0], names[1], merge);
  gint64 edit = mg_store_edit_class(store, names[0], names[1], what, error);
  if (edit)
    tell(store, edit, "");
  return edit != 0;
}

static gboolean
turn(MgStore *store, gboolean again, GError **error)
{
  gint64 edit = mg_store_next_edit(store, again);
  if (!edit) {
    g_print("%s\n", again ? _("Nothing to do again") : _("Nothing to take back"));
    return TRUE;
  }
  if (!mg_store_turn_edit(store, edit, again, error))
    return FALSE;
  g_autofree char *text = mg_store_edit_text(store, edit);
  g_print("%s: %s\n", again ? _("Done again") : _("Taken back"), text);
  return TRUE;
}

static gboolean
print_history(MgStore *store, GError **error)
{
  g_autoptr(GPtrArray) edits = mg_store_edits(store, G_MAXINT, error);
  for (guint i = 0; edits && i < edits->len; i++) {
    const MgStoreEdit *edit = edits->pdata[i];
    g_autoptr(GDateTime) made = g_date_time_new_from_unix_local(edit->made);
    g_autofree char *time = g_date_time_format(made, "%F %T");
    g_print("%s  %s%s\n", time, edit->what, edit->undone ? _(" (taken back)") : "");
  }
  return edits != NULL;
}

static gboolean
import_dataset(MgStore *store, const char *path, const MgImportOptions *options, GError **error)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) cause = NULL;
  gint64 edit = mg_store_import(store, path, options, problems, mg_command_progress(), &cause);
  mg_command_progress_end();
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  tell(store, edit, _("Nothing new in there"));
  for (guint i = 0; i < problems->len; i++)
    g_print("  %s\n", (const char *)problems->pdata[i]);
  return TRUE;
}

gboolean
mg_dataset_edit_run(const MgDatasetEdit *edit, const char *workspace, const MgImportOptions *import, char **files,
                    GError **error)
{
  if (count_wanted(edit) > 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("dataset: one change at a time"));
    return FALSE;
  }
  /* An import may make the workspace. */
  if (!edit->import && !mg_check_workspace(workspace, "--label, --rename …", error))
    return FALSE;
  g_autoptr(MgStore) store = mg_store_open(workspace, error);
  if (!store)
    return FALSE;
  if (edit->import)
    return import_dataset(store, edit->import, import, error);
  if (edit->label)
    return edit_files(store, MG_FIELD_LABEL, *edit->label ? edit->label : NULL, files, error);
  if (edit->exclude || edit->include)
    return edit_files(store, MG_FIELD_EXCLUDED, edit->exclude ? "1" : NULL, files, error);
  if (edit->rename || edit->merge)
    return edit_class(store, edit->rename ? edit->rename : edit->merge, edit->merge != NULL, error);
  return edit->history ? print_history(store, error) : turn(store, edit->redo, error);
}
