/* What a person wrote about a run: note.txt in its folder. */
#pragma once
#include <glib.h>

char *mg_run_note_read(const char *folder); /* "" where there is none; g_free() it */
/* "" removes it. */
gboolean mg_run_note_write(const char *folder, const char *text, GError **error);
