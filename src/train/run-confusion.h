/* confusion.csv of a run: how the network of the last epoch takes the validation segments. Columns: epoch, truth, then
 * one a class with the number of segments that were taken for it; replaced whole every epoch. */
#pragma once
#include <glib.h>

/* matrix[truth * labels->len + prediction]; `labels` are char *. */
gboolean mg_run_confusion_save(const char *folder, int epoch, const GPtrArray *labels, const guint *matrix,
                               GError **error);
/* The matrix (g_free() it), its classes (g_strfreev() them) and its epoch. MG_ERROR_* where there is none, or it is
 * none. */
guint *mg_run_confusion_load(const char *folder, char ***labels, int *epoch, GError **error);
