#include "session/study-private.h"
#include <math.h>

struct _MgStudyRow {
  GObject parent_instance;
  MgStudyState state;
  char *texts[MG_STUDY_N_COLUMNS];
  double numbers[MG_STUDY_N_COLUMNS];
  double deviation;
  char *folder, *message;
};

G_DEFINE_FINAL_TYPE(MgStudyRow, mg_study_row, G_TYPE_OBJECT)

static guint changed_signal;

MgStudyState
mg_study_row_state(MgStudyRow *row)
{
  return row->state;
}

const char *
mg_study_row_message(MgStudyRow *row)
{
  return row->message ? row->message : "";
}

const char *
mg_study_row_text(MgStudyRow *row, MgStudyColumn column)
{
  return row->texts[column] ? row->texts[column] : "";
}

double
mg_study_row_number(MgStudyRow *row, MgStudyColumn column)
{
  return row->numbers[column];
}

double
mg_study_row_deviation(MgStudyRow *row)
{
  return row->deviation;
}

const char *
mg_study_row_folder(MgStudyRow *row)
{
  return row->folder;
}

void
mg_study_row_set_state(MgStudyRow *row, MgStudyState state, const char *message)
{
  if (row->state == state)
    return;
  row->state = state;
  g_free(row->message);
  row->message = g_strdup(message);
  g_signal_emit(row, changed_signal, 0);
}

static void
set_text(MgStudyRow *row, MgStudyColumn column, const char *text)
{
  g_free(row->texts[column]);
  row->texts[column] = g_strdup(text);
}

void
mg_study_row_finish(MgStudyRow *row, const MgStudyFigures *figures)
{
  row->numbers[MG_STUDY_F1] = figures->f1;
  row->numbers[MG_STUDY_ACCURACY] = figures->accuracy;
  row->numbers[MG_STUDY_SECONDS] = figures->seconds;
  row->deviation = figures->deviation;
  set_text(row, MG_STUDY_PARAMETERS, figures->parameters);
  set_text(row, MG_STUDY_MACHINE, figures->machine);
  mg_study_row_set_state(row, MG_STUDY_DONE, NULL);
}

static void
mg_study_row_finalize(GObject *object)
{
  MgStudyRow *row = MG_STUDY_ROW(object);
  for (int i = 0; i < MG_STUDY_N_COLUMNS; i++)
    g_free(row->texts[i]);
  g_free(row->folder);
  g_free(row->message);
  G_OBJECT_CLASS(mg_study_row_parent_class)->finalize(object);
}

static void
mg_study_row_class_init(MgStudyRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_study_row_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_study_row_init(MgStudyRow *row)
{
  row->deviation = NAN;
  for (int i = 0; i < MG_STUDY_N_COLUMNS; i++)
    row->numbers[i] = NAN;
}

MgStudyRow *
mg_study_row_new(const char *data, const char *model, const char *parameters, const char *folder)
{
  MgStudyRow *row = g_object_new(MG_TYPE_STUDY_ROW, NULL);
  set_text(row, MG_STUDY_DATA, data);
  set_text(row, MG_STUDY_MODEL, model);
  set_text(row, MG_STUDY_PARAMETERS, parameters);
  row->folder = g_strdup(folder);
  return row;
}
