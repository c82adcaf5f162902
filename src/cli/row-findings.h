/* explain of a classifier on rows of numbers: what each feature of a row brings. */
#pragma once
#include <glib.h>

gboolean mg_row_is_of_numbers(const char *run); /* whether the run (may be NULL) is of such a classifier */
/* Of the part of a file, or of the row of that name where the run learned from a table; class NULL: the predicted one.
 * Prints. */
gboolean mg_row_findings(const char *run, const char *file, int part, const char *class, gboolean json, GError **error);
