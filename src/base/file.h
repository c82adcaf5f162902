/* The one place through which the program writes files: whole files appear at once or not at all (temporary file,
 * fsync, rename, fsync of the folder), appended lines are whole or cut away again. Errors name the file and the cause.
 */
#pragma once
#include <glib.h>

typedef struct MgFileWriter MgFileWriter;

MgFileWriter *mg_file_writer_new(const char *path, GError **error);
gboolean mg_file_writer_write(MgFileWriter *writer, const void *data, size_t length, GError **error);
gboolean mg_file_writer_printf(MgFileWriter *writer, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Makes the file appear under its name. The writer still has to be freed. */
gboolean mg_file_writer_finish(MgFileWriter *writer, GError **error);
/* The same without waiting for the disk, for caches that check what they read: a power cut may damage the file. */
gboolean mg_file_writer_finish_unsynced(MgFileWriter *writer, GError **error);
void mg_file_writer_free(MgFileWriter *writer); /* an unfinished file leaves nothing behind; accepts NULL */

/* Writes a whole file at once. */
gboolean mg_file_write(const char *path, const void *data, size_t length, GError **error);
/* Appends to a file, which is made where absent. On failure the file keeps its former length. */
gboolean mg_file_append(const char *path, const void *data, size_t length, GError **error);
/* Reads a whole file of at most `limit` bytes; the result ends with a 0 beyond `length`. g_free() it. */
char *mg_file_read(const char *path, size_t limit, size_t *length, GError **error);
/* Writes all bytes to an open descriptor, or fails; `path` is for the message. For files that grow (recordings). */
gboolean mg_file_write_all(int descriptor, const char *path, const void *data, size_t length, GError **error);
/* When a file was last written, in microseconds since 1970; -1 where there is none. */
gint64 mg_file_modified(const char *path);
/* Makes a folder and its parents. */
gboolean mg_folder_make(const char *path, GError **error);
/* Removes a folder and all that is in it; links are removed, not followed. An absent one is fine. */
gboolean mg_folder_remove(const char *path, GError **error);

/* For tests: every write fails with ENOSPC once `bytes` more have been written; negative means never. The environment
 * variable MELOGRAPH_TEST_DISK_FULL_AFTER does the same for a whole program, for files whose paths begin with
 * MELOGRAPH_TEST_DISK_FULL_IN where that is set. */
void mg_file_fail_after(gint64 bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgFileWriter, mg_file_writer_free)
