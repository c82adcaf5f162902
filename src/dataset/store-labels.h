/* Labels of tracks in the workspace's database. Each change is kept at once. */
#pragma once
#include "dataset/labels.h"
#include "dataset/store.h"

/* `track` is a path. A label without an id gets one; one with an id replaces what is there, or comes back under it. */
gboolean mg_store_put_label(MgStore *store, const char *track, MgLabel *label, GError **error);
gboolean mg_store_remove_label(MgStore *store, gint64 id, GError **error);
/* MgLabel * of a track, by time; g_ptr_array_unref() it. */
GPtrArray *mg_store_labels(MgStore *store, const char *track, GError **error);
