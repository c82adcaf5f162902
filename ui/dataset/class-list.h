/* The workspace's classes with their tracks and durations; the one that is chosen filters the tracks. Above them all
 * tracks, those without a class, those that are excluded.
 *
 * Signal "chosen": another row is. Action classes.rename asks for another name of the chosen class. */
#pragma once
#include "dataset/store-query.h"
#include "session/workspace.h"
#include <gtk/gtk.h>

#define MG_TYPE_CLASS_LIST (mg_class_list_get_type())
G_DECLARE_FINAL_TYPE(MgClassList, mg_class_list, MG, CLASS_LIST, GtkWidget)

GtkWidget *mg_class_list_new(MgWorkspace *workspace);
MgTracksKind mg_class_list_kind(MgClassList *list);
const char *mg_class_list_label(MgClassList *list); /* NULL: of any class */
/* The class that a key stands for; NULL: none. */
const char *mg_class_list_of_key(MgClassList *list, guint key);
