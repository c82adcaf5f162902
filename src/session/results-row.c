#include "session/results-private.h"
#include <string.h>

struct _MgResultRow {
  GObject parent_instance;
  MgResultTable *table;
  guint index;
  gboolean is_track; /* then `index` is that of its first segment */
};

G_DEFINE_FINAL_TYPE(MgResultRow, mg_result_row, G_TYPE_OBJECT)

const MgPrediction *
mg_result_row_prediction(MgResultRow *row)
{
  return row->table->predictions->predictions->pdata[row->index];
}

const MgPrediction *
mg_result_row_other(MgResultRow *row)
{
  return row->table->other ? row->table->other->predictions->pdata[row->index] : NULL;
}

gboolean
mg_result_row_is_track(MgResultRow *row)
{
  return row->is_track;
}

const MgVote *
mg_result_row_other_vote(MgResultRow *row)
{
  return row->table->other ? &g_array_index(row->table->other_votes, MgVote, row->table->vote_of[row->index]) : NULL;
}

int
mg_result_row_n_classes(MgResultRow *row)
{
  return (int)row->table->predictions->labels->len;
}

const char *
mg_result_row_class(MgResultRow *row, int label)
{
  const GPtrArray *labels = row->table->predictions->labels;
  return label >= 0 && (guint)label < labels->len ? labels->pdata[label] : "";
}

gboolean
mg_prediction_is_wrong(const MgPrediction *prediction)
{
  return prediction->y_test >= 0 && prediction->y_test != prediction->y_pred;
}

gboolean
mg_prediction_is_unsure(const MgPrediction *prediction)
{
  return prediction->probabilities[prediction->y_pred] < MG_RESULTS_SURE;
}

gboolean
mg_result_row_has_sound(MgResultRow *row)
{
  const MgPrediction *prediction = mg_result_row_prediction(row);
  return prediction->end > prediction->start;
}

gboolean
mg_result_row_is_wrong(MgResultRow *row)
{
  return mg_prediction_is_wrong(mg_result_row_prediction(row));
}

gboolean
mg_result_row_is_unsure(MgResultRow *row)
{
  return mg_prediction_is_unsure(mg_result_row_prediction(row));
}

gboolean
mg_prediction_is_same(const MgPrediction *a, const MgPrediction *b)
{
  return a->start == b->start && g_str_equal(a->track, b->track);
}

gboolean
mg_result_row_is_of(MgResultRow *row, const MgPrediction *segment)
{
  return mg_prediction_is_same(mg_result_row_prediction(row), segment);
}

const MgVote *
mg_result_row_vote(MgResultRow *row)
{
  return &g_array_index(row->table->votes, MgVote, row->table->vote_of[row->index]);
}

static int
compare_names(const char *a, const char *b)
{
  g_autofree char *key_a = g_utf8_collate_key_for_filename(a ? a : "", -1);
  g_autofree char *key_b = g_utf8_collate_key_for_filename(b ? b : "", -1);
  return strcmp(key_a, key_b);
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static double
of_class(const MgPrediction *prediction, int label)
{
  return prediction && label >= 0 ? prediction->probabilities[label] : -1;
}

double
mg_result_row_probability(MgResultRow *row, guint column)
{
  const MgPrediction *a = mg_result_row_prediction(row), *b = mg_result_row_other(row);
  int classes = mg_result_row_n_classes(row);
  switch (column) {
  case MG_RESULT_P_PRED:
    return of_class(a, a->y_pred);
  case MG_RESULT_P_TEST:
    return of_class(a, a->y_test);
  case MG_RESULT_P_PRED_B:
    return b ? of_class(b, b->y_pred) : -1;
  case MG_RESULT_P_TEST_B:
    return b ? of_class(b, b->y_test) : -1;
  default:
    column -= MG_RESULT_PROBABILITY;
    return (int)column < classes ? of_class(a, (int)column) : of_class(b, (int)column - classes);
  }
}

static int
compare_column(MgResultRow *row_a, MgResultRow *row_b, guint column)
{
  const MgPrediction *a = mg_result_row_prediction(row_a), *b = mg_result_row_prediction(row_b);
  const MgPrediction *other_a = mg_result_row_other(row_a), *other_b = mg_result_row_other(row_b);
  switch (column) {
  case MG_RESULT_SONGNAME:
    return compare_names(a->songname, b->songname);
  case MG_RESULT_GENRE:
    return compare_names(a->genre, b->genre);
  case MG_RESULT_Y_TEST:
    return COMPARE(a->y_test, b->y_test);
  case MG_RESULT_PART:
    return COMPARE(a->part, b->part);
  case MG_RESULT_Y_PRED:
    return COMPARE(a->y_pred, b->y_pred);
  case MG_RESULT_Y_PRED_B:
    return other_a && other_b ? COMPARE(other_a->y_pred, other_b->y_pred) : 0;
  default:
    return COMPARE(mg_result_row_probability(row_a, column), mg_result_row_probability(row_b, column));
  }
}

int
mg_result_row_compare_tracks(MgResultRow *a, MgResultRow *b)
{
  guint one = a->table->vote_of[a->index], other = b->table->vote_of[b->index];
  return one != other ? COMPARE(one, other) : b->is_track - a->is_track;
}

int
mg_result_row_compare(MgResultRow *a, MgResultRow *b, guint column)
{
  g_return_val_if_fail(a->table == b->table, 0);
  int order = compare_column(a, b, column);
  return order ? order : COMPARE(a->index, b->index);
}

static void
mg_result_row_finalize(GObject *object)
{
  mg_result_table_unref(MG_RESULT_ROW(object)->table);
  G_OBJECT_CLASS(mg_result_row_parent_class)->finalize(object);
}

static void
mg_result_row_class_init(MgResultRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_result_row_finalize;
}

static void
mg_result_row_init(MgResultRow *row)
{
}

MgResultRow *
mg_result_row_new(MgResultTable *table, guint index)
{
  MgResultRow *row = g_object_new(MG_TYPE_RESULT_ROW, NULL);
  row->table = mg_result_table_ref(table);
  row->index = index;
  return row;
}

MgResultRow *
mg_result_row_new_track(MgResultTable *table, guint track)
{
  guint first = 0;
  for (guint i = 0; i < track; i++)
    first += (guint)g_array_index(table->votes, MgVote, i).segments;
  MgResultRow *row = mg_result_row_new(table, first);
  row->is_track = TRUE;
  return row;
}
