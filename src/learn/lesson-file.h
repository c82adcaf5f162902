/* A lesson: one text file of sections, which docs/lessons.md describes. What a section may hold is a table
 * (lesson-kinds.c); what does not fit is one line that names the file, the line and what was expected. */
#pragma once
#include <glib.h>

typedef struct {
  char *key, *language; /* language: NULL, or "ru" of "title[ru]" */
  char *value;
  guint line;
} MgLessonEntry;

typedef struct {
  char *kind, *name; /* "control", "n_fft"; the name is empty where there is none */
  guint line;
  GPtrArray *entries; /* MgLessonEntry *; of a text one entry, whose key is "text" */
} MgLessonSection;

typedef struct MgLessonFile MgLessonFile;

/* `path` is for messages, and files that the lesson names lie beside it. Every control that a value names is there, and
 * every expression can be read. MG_ERROR_FORMAT. */
MgLessonFile *mg_lesson_parse(const char *text, const char *path, GError **error);
MgLessonFile *mg_lesson_load(const char *path, GError **error);
MgLessonFile *mg_lesson_ref(MgLessonFile *file);
void mg_lesson_unref(MgLessonFile *file); /* accepts NULL */

const char *mg_lesson_path(const MgLessonFile *file);
const char *mg_lesson_title(const MgLessonFile *file);         /* in the user's language */
const char *mg_lesson_summary(const MgLessonFile *file);       /* likewise; "" where there is none */
const char *mg_lesson_text(const MgLessonFile *file);          /* likewise */
const GPtrArray *mg_lesson_sections(const MgLessonFile *file); /* MgLessonSection * */
/* The only, or first, section of a kind (with a name; NULL: any); NULL where there is none. */
const MgLessonSection *mg_lesson_section(const MgLessonFile *file, const char *kind, const char *name);

/* The first value under a key, NULL where there is none; and that in the user's language, else the untranslated one. */
const char *mg_lesson_get(const MgLessonSection *section, const char *key);
const char *mg_lesson_local(const MgLessonSection *section, const char *key);
/* An error of that line: "file:12: MESSAGE". */
void mg_lesson_error(GError **error, const MgLessonFile *file, guint line, const char *format, ...) G_GNUC_PRINTF(4, 5);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLessonFile, mg_lesson_unref)
