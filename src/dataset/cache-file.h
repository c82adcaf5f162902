/* Files of caches below $XDG_CACHE_HOME/melograph: what was computed from one track, the pictures of its segments or
 * its row of a feature table. A file that is damaged in any way counts as absent. */
#pragma once
#include <glib.h>

typedef struct {
  gpointer mapping; /* NULL: values are in memory of their own */
  size_t mapping_length;
  float *values; /* (n, bins, frames) */
} MgCacheFile;

/* The folder of one kind, such as "features"; g_free() it. */
char *mg_cache_folder(const char *kind);
/* A file's identity: SHA-256 of its contents; of large files, of stretches spread over them and of the time of the last
 * change. NULL and MG_ERROR_IO where it cannot be read. */
char *mg_cache_content_key(const char *path, GError **error);

/* FALSE where the cache does not hold it, whole and undamaged. */
gboolean mg_cache_file_open(MgCacheFile *file, const char *path, size_t n, size_t bins, size_t frames);
gboolean mg_cache_file_save(const char *path, const float *values, size_t n, size_t bins, size_t frames,
                            GError **error);
void mg_cache_file_clear(MgCacheFile *file);
/* Removes the files used longest ago until at most `limit` bytes remain. */
void mg_cache_prune(const char *folder, guint64 limit);
