/* A lesson as it is being worked on: the values of its controls, what views have found out, and what follows from both.
 * Used by one thread. */
#pragma once
#include "learn/lesson-file.h"
#include "learn/lesson-sound.h"

typedef struct MgLessonState MgLessonState;

/* With all controls at their start. Keeps a reference to the file. */
MgLessonState *mg_lesson_state_new(MgLessonFile *file);
void mg_lesson_state_free(MgLessonState *state); /* accepts NULL */
MgLessonFile *mg_lesson_state_file(const MgLessonState *state);

/* The value of a control, or of what a view found out; NULL where there is none yet. */
const char *mg_lesson_state_get(const MgLessonState *state, const char *name);
void mg_lesson_state_set(MgLessonState *state, const char *name, const char *text);
void mg_lesson_state_set_number(MgLessonState *state, const char *name, double value);
/* What a view's key stands for: the value of the control that it names, else the text itself. NULL: no such key. */
const char *mg_lesson_state_value(const MgLessonState *state, const MgLessonSection *view, const char *key);
double mg_lesson_state_number(const MgLessonState *state, const MgLessonSection *view, const char *key,
                              double otherwise);

/* The sound by the values of now, ready to be rendered on any thread; NULL where the lesson has none, and with an error
 * where a value does not fit. */
MgLessonSound *mg_lesson_state_sound(const MgLessonState *state, GError **error);
/* What the sound was rendered to, for the facts of it (lesson-facts.h); not copied, has to stay. NULL: not known. */
void mg_lesson_state_take_sound(MgLessonState *state, const MgLessonSamples *samples);
const MgLessonSamples *mg_lesson_state_samples(const MgLessonState *state);

/* Whether every check of the task holds; `unknown` (may be NULL) tells that something is not known yet. FALSE without a
 * task. */
gboolean mg_lesson_state_solved(MgLessonState *state, gboolean *unknown);
/* Sets the controls to the task's solution. FALSE where it has none. */
gboolean mg_lesson_state_solve(MgLessonState *state);

/* For the parser: values, names and expressions of the whole file. */
gboolean mg_lesson_check_meaning(MgLessonFile *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLessonState, mg_lesson_state_free)
