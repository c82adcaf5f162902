#include "session/problem-list.h"
#include "dataset/edit-names.h"
#include "dataset/store-scans.h"
#include "session/track-edits.h"
#include "session/background.h"

typedef struct {
  MgManifest *manifest;
  GPtrArray *problems;
  guint unheard;
} Findings;

static void
free_findings(gpointer data)
{
  Findings *findings = data;
  if (!findings)
    return;
  g_clear_pointer(&findings->problems, g_ptr_array_unref);
  mg_manifest_free(findings->manifest);
  g_free(findings);
}

struct _MgProblemList {
  GObject parent;
  MgWorkspace *workspace;
  MgBackground *listening;
  Findings *findings;
  guint64 number;          /* of the newest look */
  gboolean stale, looking; /* tracks have changed since; a thread works */
};

G_DEFINE_FINAL_TYPE(MgProblemList, mg_problem_list, G_TYPE_OBJECT)

static guint changed_signal, progress_signal;

static void
announce(MgProblemList *list)
{
  g_signal_emit(list, changed_signal, 0);
}

/* Looking, on a thread */

typedef struct {
  char *folder;
  guint64 number;
} Errand;

static void
free_errand(gpointer data)
{
  g_free(((Errand *)data)->folder);
  g_free(data);
}

static Findings *
find(const char *folder, GError **error)
{
  static const MgParamTable *const tables[] = {&mg_problem_params, NULL};
  g_autoptr(MgStore) store = mg_store_open(folder, error);
  g_autoptr(MgManifest) manifest = store ? mg_manifest_open_any(folder, NULL, NULL, error) : NULL;
  g_autoptr(GPtrArray) scans = manifest ? mg_store_scans(store, manifest, error) : NULL;
  if (!scans)
    return NULL;
  g_autoptr(MgParams) params = mg_params_new(tables);
  Findings *findings = g_new0(Findings, 1);
  findings->problems = mg_problems_find(manifest, scans, params);
  findings->manifest = g_steal_pointer(&manifest);
  for (guint i = 0; i < scans->len; i++)
    findings->unheard += !scans->pdata[i];
  return findings;
}

static void
find_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  Findings *findings = find(((Errand *)data)->folder, &error);
  if (findings)
    g_task_return_pointer(task, findings, free_findings);
  else
    g_task_return_error(task, error);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer data)
{
  MgProblemList *list = MG_PROBLEM_LIST(source);
  const Errand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  Findings *findings = g_task_propagate_pointer(G_TASK(result), &error);
  if (errand->number != list->number) {
    free_findings(findings);
    return;
  }
  if (error)
    g_debug("%s", error->message); /* no track that can be learned from */
  free_findings(list->findings);
  list->findings = findings;
  list->looking = FALSE;
  announce(list);
}

void
mg_problem_list_look(MgProblemList *list)
{
  if (!list->stale)
    return;
  Errand *errand = g_new(Errand, 1);
  *errand = (Errand){g_strdup(mg_workspace_folder(list->workspace)), ++list->number};
  list->stale = FALSE;
  list->looking = TRUE;
  g_autoptr(GTask) task = g_task_new(list, NULL, on_found, NULL);
  g_task_set_task_data(task, errand, free_errand);
  g_task_run_in_thread(task, find_on_thread);
  announce(list);
}

static void
on_tracks_changed(MgProblemList *list)
{
  list->stale = TRUE;
  announce(list);
}

/* Listening, in a process */

static void
on_listening(MgProblemList *list)
{
  list->stale |= !mg_background_is_running(list->listening);
  announce(list);
}

static void
on_progress(MgProblemList *list)
{
  g_signal_emit(list, progress_signal, 0);
}

void
mg_problem_list_listen(MgProblemList *list)
{
  const char *const arguments[] = {"dataset", mg_workspace_folder(list->workspace), "--problems", "--progress", NULL};
  mg_background_start(list->listening, arguments);
}

MgBackground *
mg_problem_list_listening(MgProblemList *list)
{
  return list->listening;
}

gboolean
mg_problem_list_is_looking(MgProblemList *list)
{
  return list->looking;
}

guint
mg_problem_list_n_tracks(MgProblemList *list)
{
  return list->findings ? list->findings->manifest->tracks->len : 0;
}

guint
mg_problem_list_n_unheard(MgProblemList *list)
{
  return list->findings ? list->findings->unheard : 0;
}

const GPtrArray *
mg_problem_list_problems(MgProblemList *list)
{
  return list->findings ? list->findings->problems : NULL;
}

const MgManifest *
mg_problem_list_manifest(MgProblemList *list)
{
  return list->findings ? list->findings->manifest : NULL;
}

gboolean
mg_problem_list_fix(MgProblemList *list, const MgProblem *problem, MgProblemKind kind, MgFix fix, GError **error)
{
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  guint n = 0;
  for (guint i = 0; list->findings && i < list->findings->problems->len; i++) {
    const MgProblem *other = list->findings->problems->pdata[i];
    if (problem ? other != problem : other->kind != kind)
      continue;
    char *made = NULL;
    g_autoptr(GArray) own = mg_problem_fix(other, list->findings->manifest, fix, &made);
    g_array_append_vals(values, own->data, own->len);
    if (made)
      g_ptr_array_add(texts, made);
    n++;
  }
  g_autofree char *what = mg_edit_name_problems(n, mg_problem_class(kind)->name);
  return n && mg_workspace_edit_values(list->workspace, (const MgTrackValue *)values->data, values->len, what, error);
}

MgProblemList *
mg_problem_list_new(MgWorkspace *workspace)
{
  MgProblemList *list = g_object_new(MG_TYPE_PROBLEM_LIST, NULL);
  list->workspace = g_object_ref(workspace);
  list->listening = mg_background_new();
  g_signal_connect_swapped(list->listening, "changed", G_CALLBACK(on_listening), list);
  g_signal_connect_swapped(list->listening, "progress", G_CALLBACK(on_progress), list);
  g_signal_connect_object(workspace, "tracks-changed", G_CALLBACK(on_tracks_changed), list, G_CONNECT_SWAPPED);
  return list;
}

static void
dispose(GObject *object)
{
  MgProblemList *list = MG_PROBLEM_LIST(object);
  if (list->listening)
    g_signal_handlers_disconnect_by_data(list->listening, list);
  g_clear_object(&list->listening);
  g_clear_object(&list->workspace);
  G_OBJECT_CLASS(mg_problem_list_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  free_findings(MG_PROBLEM_LIST(object)->findings);
  G_OBJECT_CLASS(mg_problem_list_parent_class)->finalize(object);
}

static void
mg_problem_list_class_init(MgProblemListClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  progress_signal =
      g_signal_new("progress", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_problem_list_init(MgProblemList *list)
{
  list->stale = TRUE;
}
