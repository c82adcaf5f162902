/* What is wrong with the workspace's tracks. Listening to them is a child process that keeps what it found in the
 * workspace's database; what it tells is worked out from there on a thread, and again when tracks change.
 *
 * Signals "changed": any of what is told; "progress": of listening. */
#pragma once
#include "dataset/problems.h"
#include "session/background.h"
#include "session/workspace.h"

#define MG_TYPE_PROBLEM_LIST (mg_problem_list_get_type())
G_DECLARE_FINAL_TYPE(MgProblemList, mg_problem_list, MG, PROBLEM_LIST, GObject)

MgProblemList *mg_problem_list_new(MgWorkspace *workspace);
/* Works out what is known already; does nothing while nothing has changed. */
void mg_problem_list_look(MgProblemList *list);
void mg_problem_list_listen(MgProblemList *list);             /* to all tracks that nobody has listened to */
MgBackground *mg_problem_list_listening(MgProblemList *list); /* what listens: how far, and why it failed; borrowed */
gboolean mg_problem_list_is_looking(MgProblemList *list);
guint mg_problem_list_n_tracks(MgProblemList *list);
guint mg_problem_list_n_unheard(MgProblemList *list);
/* MgProblem *, by kind; valid until the next "changed". */
const GPtrArray *mg_problem_list_problems(MgProblemList *list);
const MgManifest *mg_problem_list_manifest(MgProblemList *list); /* NULL: nothing is known yet */
/* Fixes one problem, or (NULL) all of a kind by the fix that is proposed, as one edit. */
gboolean mg_problem_list_fix(MgProblemList *list, const MgProblem *problem, MgProblemKind kind, MgFix fix,
                             GError **error);
