/* A gallery (dsp/variants.h) of a stretch of a file, computed on a thread. */
#pragma once
#include "dsp/variants.h"
#include <gio/gio.h>

typedef struct {
  GPtrArray *variants; /* MgVariant */
  double start, end;   /* s: what there is of the stretch */
  double low_hz, top_hz, range_db;
  gboolean htk;
} MgVariants;

/* `params` as mg_variants_params(). Cancelling ends it after the picture under way. */
void mg_variants_async(const char *path, double start, double end, const MgParams *params, const char *over,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgVariants *mg_variants_finish(GAsyncResult *result, GError **error);
void mg_variants_free(MgVariants *variants); /* accepts NULL */
