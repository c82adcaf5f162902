/* Recordings that a crash has cut off. While a file is recorded, a hidden mark stands beside it; a mark without a
 * program that records is found at the next start. What stands in the file behind its last header is found again, too.
 */
#pragma once
#include <glib.h>

typedef struct {
  char *path;
  double seconds; /* of sound in it */
} MgRecovered;

gboolean mg_recovery_mark(const char *recording, GError **error);
void mg_recovery_unmark(const char *recording);
/* The interrupted recordings of a folder (MgRecovered *, the oldest first), each made whole. Those without any sound
 * are removed. Those that another program is recording are left alone. g_ptr_array_unref() it. */
GPtrArray *mg_recovery_find(const char *folder);
