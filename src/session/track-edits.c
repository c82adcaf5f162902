#include "session/track-edits.h"
#include "dataset/store-suggestions.h"

typedef struct {
  MgWorkspace *workspace; /* not held: the history is its own */
  gint64 edit;
} Step;

static void
turn(gpointer data, gboolean again)
{
  const Step *step = data;
  g_autoptr(GError) error = NULL;
  if (!mg_store_turn_edit(mg_workspace_store(step->workspace), step->edit, again, &error))
    g_warning("%s", error->message);
  mg_workspace_tell_edit(step->workspace, step->edit);
}

static gboolean
keep(MgWorkspace *workspace, gint64 edit)
{
  if (!edit)
    return FALSE;
  Step *step = g_new(Step, 1);
  *step = (Step){workspace, edit};
  mg_history_add(mg_workspace_history(workspace), workspace, turn, step, g_free);
  mg_workspace_tell_edit(workspace, edit);
  return TRUE;
}

gboolean
mg_workspace_edit_values(MgWorkspace *workspace, const MgTrackValue *values, size_t n, const char *what, GError **error)
{
  return keep(workspace, mg_store_edit(mg_workspace_store(workspace), values, n, what, error));
}

gboolean
mg_workspace_edit_tracks(MgWorkspace *workspace, MgTrackField field, const char *text, const gint64 *ids, size_t n,
                         const char *what, GError **error)
{
  return keep(workspace, mg_store_edit_tracks(mg_workspace_store(workspace), field, text, ids, n, what, error));
}

gboolean
mg_workspace_edit_class(MgWorkspace *workspace, const char *from, const char *to, const char *what, GError **error)
{
  return keep(workspace, mg_store_edit_class(mg_workspace_store(workspace), from, to, what, error));
}

gboolean
mg_workspace_take_edit(MgWorkspace *workspace, gint64 edit)
{
  return keep(workspace, edit);
}

gboolean
mg_workspace_take_suggestions(MgWorkspace *workspace, double least, guint sample, guint64 seed, GError **error)
{
  return keep(workspace, mg_store_take_suggestions(mg_workspace_store(workspace), least, sample, seed, error));
}
