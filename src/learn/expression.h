/* The small arithmetic of a lesson file: numbers, names, + - * / and brackets: "3 * f0 + 10". */
#pragma once
#include <glib.h>

/* The value of a name; FALSE where there is none, or none yet. */
typedef gboolean (*MgExpressionName)(const char *name, gpointer data, double *value);

/* MG_ERROR_FORMAT tells what was expected and where; the message names neither file nor line. */
gboolean mg_expression_value(const char *text, MgExpressionName name, gpointer data, double *value, GError **error);
