/* What a lesson file may hold: kinds of sections and of views, each one line in a table. */
#pragma once
#include <glib.h>

typedef struct {
  const char *name;
  gboolean named;   /* "[control NAME]" */
  gboolean many;    /* may occur more than once */
  gboolean text;    /* its lines are text */
  const char *keys; /* "title from to"; those that must be there end with !, translatable ones begin with _, those
                     * that may be repeated end with * */
} MgLessonSectionKind;

typedef struct {
  const char *name;
  const char *keys;     /* as above, on top of the title; "*" alone: any */
  const char *provides; /* facts that the view finds out, for checks: "chosen_wrong"; NULL: none */
} MgLessonViewKind;

extern const MgLessonSectionKind mg_lesson_section_kinds[]; /* ends with a name of NULL */
extern const MgLessonViewKind mg_lesson_view_kinds[];       /* likewise */

const MgLessonSectionKind *mg_lesson_section_kind(const char *name); /* NULL where there is none */
const MgLessonViewKind *mg_lesson_view_kind(const char *name);
/* Whether such a list of keys holds one, and with which mark: 0, '!' or '*'. FALSE: it does not. */
gboolean mg_lesson_keys_hold(const char *keys, const char *key, gboolean *translatable, char *mark);
/* The names without their marks, for a message. g_free() it. */
char *mg_lesson_keys_text(const char *keys);
