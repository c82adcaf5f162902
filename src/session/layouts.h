/* Sets of panes under names, all in one text for the workspace's memory. A text that cannot be read holds none. */
#pragma once
#include <glib.h>

char **mg_layouts_names(const char *text); /* in their order; g_strfreev() it; `text` may be NULL */
/* What mg_pane_list_save() gave; NULL: none of that name. g_free() it. */
char *mg_layouts_get(const char *text, const char *name);
/* The text with that set put in, in place of one of the same name; `panes` NULL: taken out. g_free() it. */
char *mg_layouts_put(const char *text, const char *name, const char *panes);
