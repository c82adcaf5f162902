/* What the study's files share. */
#pragma once
#include "session/study.h"

typedef struct {
  double f1, deviation, accuracy, seconds; /* NaN where not known */
  const char *parameters, *machine;
} MgStudyFigures;

MgStudyRow *mg_study_row_new(const char *data, const char *model, const char *parameters, const char *folder);
void mg_study_row_set_state(MgStudyRow *row, MgStudyState state, const char *message);
void mg_study_row_finish(MgStudyRow *row, const MgStudyFigures *figures);
