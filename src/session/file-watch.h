/* Whether a file that is open is still as it was. Signal "changed": it is different, gone, or back again. Main thread
 * only. */
#pragma once
#include <gio/gio.h>

typedef enum { MG_FILE_SAME, MG_FILE_CHANGED, MG_FILE_GONE } MgFileState;

#define MG_TYPE_FILE_WATCH (mg_file_watch_get_type())
G_DECLARE_FINAL_TYPE(MgFileWatch, mg_file_watch, MG, FILE_WATCH, GObject)

/* Compares with the file as it is now. */
MgFileWatch *mg_file_watch_new(const char *path);
MgFileState mg_file_watch_state(MgFileWatch *watch);
