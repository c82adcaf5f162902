/* The moments that were marked while listening: when, what the model said, and what it was. Each lies in a file of the
 * workspace's recordings from the moment on at which it is marked; giving it a class puts it into the library.
 *
 * Signal "changed": the number of moments is different. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

#define MG_TYPE_MOMENT_LIST (mg_moment_list_get_type())
G_DECLARE_FINAL_TYPE(MgMomentList, mg_moment_list, MG, MOMENT_LIST, GtkBox)

GtkWidget *mg_moment_list_new(MgWorkspace *workspace);
/* The classes that can be given, besides those of the library. `labels`: char *, copied. */
void mg_moment_list_set_labels(MgMomentList *list, const GPtrArray *labels);
/* A stretch of `duration` s that is in the file at `path`, heard at `seconds`. `said`: the model's answer. */
void mg_moment_list_add(MgMomentList *list, const char *path, double seconds, double duration, const char *said);
guint mg_moment_list_n(MgMomentList *list);
