/* The runs of a workspace: a GListModel of MgRun, newest first, that follows the folder, plus runs opened from
 * elsewhere. */
#pragma once
#include "session/run.h"

#define MG_TYPE_RUN_LIST (mg_run_list_get_type())
G_DECLARE_FINAL_TYPE(MgRunList, mg_run_list, MG, RUN_LIST, GObject)

/* `folder` holds one folder per run; it need not exist yet. NULL: only added runs. */
MgRunList *mg_run_list_new(const char *folder);
/* The run in `folder`, which joins the list where it is new. Owned by the list. */
MgRun *mg_run_list_add(MgRunList *list, const char *folder);
MgRun *mg_run_list_find(MgRunList *list, const char *folder); /* NULL where it is not in the list */
void mg_run_list_refresh(MgRunList *list);
/* Makes an empty run folder, "MODEL-2", which no other window gets. MG_ERROR_USAGE where the list has no folder.
 * g_free() it. */
char *mg_run_list_new_folder(MgRunList *list, const char *model, GError **error);
/* TRUE where a folder looks like a run's. */
gboolean mg_run_list_is_run(const char *folder);
