/* A workspace to hand out: a folder with copies of its tracks (in tracks/, one folder a class), labels of places, runs
 * and lessons, that opens on any machine. */
#pragma once
#include "session/workspace.h"

/* `folder` is made; MG_ERROR_USAGE where there is one with something in it. Works on a thread. */
void mg_hand_out_async(MgWorkspace *workspace, const char *folder, GAsyncReadyCallback callback, gpointer data);
/* The folder; g_free() it. */
char *mg_hand_out_finish(GAsyncResult *result, GError **error);
