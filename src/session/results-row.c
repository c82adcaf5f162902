#include "session/results-private.h"
#include <string.h>

struct _MgResultRow {
  GObject parent_instance;
  MgResultTable *table;
  guint index;
};

G_DEFINE_FINAL_TYPE(MgResultRow, mg_result_row, G_TYPE_OBJECT)

const MgPrediction *
mg_result_row_prediction(MgResultRow *row)
{
  return row->table->predictions->predictions->pdata[row->index];
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
probability(const MgPrediction *row, guint column)
{
  if (column == MG_RESULT_P_PRED)
    return row->probabilities[row->y_pred];
  if (column == MG_RESULT_P_TEST)
    return row->y_test >= 0 ? row->probabilities[row->y_test] : -1;
  return row->probabilities[column - MG_RESULT_PROBABILITY];
}

double
mg_result_row_probability(MgResultRow *row, guint column)
{
  return probability(mg_result_row_prediction(row), column);
}

static int
compare_column(const MgPrediction *a, const MgPrediction *b, guint column)
{
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
  default:
    return COMPARE(probability(a, column), probability(b, column));
  }
}

int
mg_result_row_compare(MgResultRow *a, MgResultRow *b, guint column)
{
  g_return_val_if_fail(a->table == b->table, 0);
  int order = compare_column(mg_result_row_prediction(a), mg_result_row_prediction(b), column);
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
