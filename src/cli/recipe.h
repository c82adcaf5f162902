/* Which classifiers table-train is asked for: a list of texts such as "svc:C=3:kernel=rbf". */
#pragma once
#include <glib.h>

/* "logistic,svc:C=3,fcnn:hidden=300,30": a comma inside a parameter's value is none between classifiers. g_strfreev()
 * the list. */
GStrv mg_recipe_split(const char *text);
/* A line each, from a file, or from the one of that name below models/recipes/; what follows a # is a comment.
 * MG_ERROR_FORMAT where there is none. */
GStrv mg_recipe_load(const char *name, GError **error);
