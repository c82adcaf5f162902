/* The user's preferences. */
#pragma once
#include <gio/gio.h>

/* Borrowed; NULL where no schema is installed (a build tree without one), or only that of another version, which is
 * told on stderr: then nothing is remembered. */
GSettings *mg_settings(void);

/* The schema among those installed (may be NULL), or else in the build tree, that has every key that the program uses;
 * NULL where there is none. *old: one without them was found. */
GSettingsSchema *mg_settings_find_schema(GSettingsSchemaSource *installed, gboolean *old);
