/* What edits of a workspace's tracks are called, in the language of whoever makes them: the name is kept with the edit.
 * g_free() them. */
#pragma once
#include "dataset/store-edits.h"

/* n tracks get a value of MG_FIELD_LABEL (`text` NULL: no class) or MG_FIELD_EXCLUDED. */
char *mg_edit_name_tracks(MgTrackField field, const char *text, guint n);
char *mg_edit_name_class(const char *from, const char *to, gboolean merge);
/* `kind` as the command line calls it. */
char *mg_edit_name_problems(guint n, const char *kind);
