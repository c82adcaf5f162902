/* What the parts of an open lesson share: its values, its sound, and the run that it trained.
 *
 * Signals: "changed" after values or facts did, at most once an idle moment; "sound" after another sound is there;
 * "failed" (const char *message) where it cannot be made; "chosen" (MgResultRow *; NULL: none) after a segment of the
 * run was chosen. */
#pragma once
#include "learn/lesson-state.h"
#include "session/results.h"
#include "session/sound.h"
#include "session/workspace.h"

#define MG_TYPE_LESSON_STAGE (mg_lesson_stage_get_type())
G_DECLARE_FINAL_TYPE(MgLessonStage, mg_lesson_stage, MG, LESSON_STAGE, GObject)

/* Of a lesson with a `name`, under which the workspace remembers its run. */
MgLessonStage *mg_lesson_stage_new(MgWorkspace *workspace, MgLessonFile *file, const char *name);
MgLessonState *mg_lesson_stage_state(MgLessonStage *stage); /* borrowed */
MgWorkspace *mg_lesson_stage_workspace(MgLessonStage *stage);
const char *mg_lesson_stage_name(MgLessonStage *stage);

/* A control, or something that a view found out, has another value. */
void mg_lesson_stage_set(MgLessonStage *stage, const char *name, const char *text);
void mg_lesson_stage_set_number(MgLessonStage *stage, const char *name, double value);
void mg_lesson_stage_solve(MgLessonStage *stage);

const MgLessonSamples *mg_lesson_stage_samples(MgLessonStage *stage); /* NULL: not there (yet) */
const char *mg_lesson_stage_path(MgLessonStage *stage); /* the same as a file for Explore's panes and the ear */
void mg_lesson_stage_play(MgLessonStage *stage);        /* or stops */

MgResults *mg_lesson_stage_results(MgLessonStage *stage); /* of the lesson's run */
void mg_lesson_stage_choose(MgLessonStage *stage, MgResultRow *row);
/* No more work and signals. */
void mg_lesson_stage_close(MgLessonStage *stage);
