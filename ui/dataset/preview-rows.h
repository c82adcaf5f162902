/* What an import's preview shows: counts, the first tracks, what is not understood. */
#pragma once
#include "dataset/store-import.h"
#include <gtk/gtk.h>

/* "class folders · 400 tracks · 10 classes · …"; g_free() both. */
char *mg_preview_summary(const MgImportPreview *preview);
char *mg_preview_classes(const MgImportPreview *preview);
GtkWidget *mg_preview_rows_new(const MgImportPreview *preview); /* a grid */
/* What was left out or is not understood, a line each; NULL: nothing. */
GtkWidget *mg_preview_problems_new(const GPtrArray *problems);
