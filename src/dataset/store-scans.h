/* Scans of a data set's tracks; those of a workspace are kept in its database, so that only files that are new or have
 * changed are read again. */
#pragma once
#include "dataset/manifest.h"
#include "dataset/store.h"
#include "dataset/track-scan.h"

/* MgTrackScan * (NULL: not scanned yet), one a track of the manifest, that the store knows of files as they are now. */
GPtrArray *mg_store_scans(MgStore *store, const MgManifest *manifest, GError **error);
/* Scans what `scans` does not hold yet, in parallel, and keeps each at once; store NULL or read-only: keeps nothing. */
gboolean mg_scan_tracks(GPtrArray *scans, MgStore *store, const MgManifest *manifest, MgProgress *progress,
                        GError **error);
GPtrArray *mg_scans_new(guint n); /* n times NULL */
