/* A drawn view of a lesson: title, picture, and a line that says in figures what is seen. */
#pragma once
#include "ui/learn/views.h"
#include "ui/widgets/drawing.h"

typedef struct MgLessonPicture MgLessonPicture;
struct MgLessonPicture {
  MgLessonStage *stage;
  const MgLessonSection *view;
  MgDrawing *drawing;
  GtkWidget *caption;
  /* Makes what is drawn, and its caption (which the callee owns no more); NULL: there is nothing to show yet. Itself
   * NULL where the view shows by mg_lesson_picture_show() alone. */
  char *(*make)(MgLessonPicture *picture);
  gpointer made;
  GDestroyNotify free_made;
};

/* A box that owns the picture. `height`: of the drawing at least, logical pixels. */
GtkWidget *mg_lesson_picture_new(MgLessonStage *stage, const MgLessonSection *view, int height,
                                 char *(*make)(MgLessonPicture *picture), MgDrawingFunc draw, GDestroyNotify free_made);
/* Replaces what was made; draws and describes it. For views that make it later than in make(). */
void mg_lesson_picture_show(MgLessonPicture *picture, gpointer made, const char *caption);
MgLessonPicture *mg_lesson_picture_of(GtkWidget *box);
/* The title of a view as a heading; NULL where it has none. */
GtkWidget *mg_lesson_view_title(const MgLessonSection *view);
