/* The lessons there are: those that come with the program, then those in the workspace's folder lessons/. A GListModel
 * of MgLessonItem that is filled anew when files come, go or change ("items-changed"). */
#pragma once
#include "learn/lesson-file.h"
#include "session/workspace.h"
#include <gio/gio.h>

#define MG_TYPE_LESSON_ITEM (mg_lesson_item_get_type())
G_DECLARE_FINAL_TYPE(MgLessonItem, mg_lesson_item, MG, LESSON_ITEM, GObject)

const char *mg_lesson_item_name(MgLessonItem *item); /* the file's, without ending */
const char *mg_lesson_item_path(MgLessonItem *item);
MgLessonFile *mg_lesson_item_file(MgLessonItem *item);  /* NULL: it cannot be read */
const char *mg_lesson_item_problem(MgLessonItem *item); /* why, one line; NULL: it can */
gboolean mg_lesson_item_is_own(MgLessonItem *item);     /* the workspace's, not the program's */
gboolean mg_lesson_item_is_done(MgLessonItem *item);

#define MG_TYPE_LESSON_LIST (mg_lesson_list_get_type())
G_DECLARE_FINAL_TYPE(MgLessonList, mg_lesson_list, MG, LESSON_LIST, GObject)

MgLessonList *mg_lesson_list_new(MgWorkspace *workspace);
MgLessonItem *mg_lesson_list_find(MgLessonList *list, const char *name); /* borrowed; NULL: there is none */
/* Remembers that its task was solved. */
void mg_lesson_list_set_done(MgLessonList *list, MgLessonItem *item);
/* A copy of a lesson (NULL: a new one to begin with) in the workspace's folder, under a name that is free there. The
 * path; g_free() it. */
char *mg_lesson_list_copy(MgLessonList *list, MgLessonItem *item, GError **error);
