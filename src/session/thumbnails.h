/* Small mel pictures of tracks for lists: made on a thread, those asked for last first, and kept in the user's cache.
 *
 * Signal "ready" (gint64 id): what was asked for is there. */
#pragma once
#include <glib-object.h>

#define MG_TYPE_THUMBNAILS (mg_thumbnails_get_type())
G_DECLARE_FINAL_TYPE(MgThumbnails, mg_thumbnails, MG, THUMBNAILS, GObject)

enum { MG_THUMBNAIL_WIDTH = 96, MG_THUMBNAIL_HEIGHT = 48, MG_THUMBNAIL_SECONDS = 30 };

MgThumbnails *mg_thumbnails_new(void);
/* Levels 0 to 255, MG_THUMBNAIL_HEIGHT rows from the highest band on, of the first MG_THUMBNAIL_SECONDS of [start, end)
 * s (end 0: to the end). Empty: the file cannot be read. NULL: not there yet; "ready" follows, unless so many others
 * were asked for since that it is given up. Borrowed until the next call. */
GBytes *mg_thumbnails_get(MgThumbnails *thumbnails, gint64 id, const char *path, double start, double end);
