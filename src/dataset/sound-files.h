/* Files and folders that a person names, as the sound files that they stand for. */
#pragma once
#include <glib.h>

/* Files as they are, each folder as the sound files in it and in the folders below, by name; hidden ones are left out.
 * MG_ERROR_IO where a folder cannot be read, MG_ERROR_DATA where there is no sound file in it. NULL-terminated;
 * g_strfreev() it. */
GStrv mg_sound_files(const char *const *paths, GError **error);
