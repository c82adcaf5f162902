#include "cli/predictions-text.h"
#include "cli/columns.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const int widest = 48; /* characters of a name */

static int
label_width(const GPtrArray *labels, int least)
{
  for (guint i = 0; i < labels->len; i++)
    least = MAX(least, mg_text_columns(labels->pdata[i]));
  return MIN(least, widest);
}

static void
print_number_cell(int value)
{
  if (value < 0)
    g_print("%6s  ", "");
  else
    g_print("%6d  ", value);
}

void
mg_print_segments(const MgPredictions *predictions)
{
  const GPtrArray *rows = predictions->predictions, *labels = predictions->labels;
  int name_width = 8, genre_width = label_width(labels, 5);
  for (guint i = 0; i < rows->len; i++)
    name_width = MAX(name_width, MIN(widest, mg_text_columns(((MgPrediction *)rows->pdata[i])->songname)));
  mg_print_cell("songname", name_width);
  mg_print_cell("genre", genre_width);
  g_print("y_test    part  y_pred");
  for (guint c = 0; c < labels->len; c++)
    g_print("  %s_prob", (const char *)labels->pdata[c]);
  g_print("\n");
  for (guint i = 0; i < rows->len; i++) {
    const MgPrediction *row = rows->pdata[i];
    mg_print_cell(row->songname, name_width);
    mg_print_cell(row->genre ? row->genre : "", genre_width);
    print_number_cell(row->y_test);
    print_number_cell(row->part);
    g_print("%6d", row->y_pred);
    for (guint c = 0; c < labels->len; c++)
      g_print("  %*.2f", mg_text_columns(labels->pdata[c]) + 5, row->probabilities[c]);
    g_print("\n");
  }
}

void
mg_print_votes(const MgPredictions *predictions)
{
  g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  int width = MAX(5, mg_text_columns(_("track")));
  int genre_width = label_width(predictions->labels, MAX(4, mg_text_columns(_("vote"))));
  for (guint i = 0; i < votes->len; i++) {
    g_autofree char *name = g_path_get_basename(g_array_index(votes, MgVote, i).track);
    width = MAX(width, MIN(widest, mg_text_columns(name)));
  }
  mg_print_cell(_("track"), width);
  mg_print_cell(_("vote"), genre_width);
  g_print("%s\n", _("of segments"));
  for (guint i = 0; i < votes->len; i++) {
    const MgVote *vote = &g_array_index(votes, MgVote, i);
    g_autofree char *name = g_path_get_basename(vote->track);
    mg_print_cell(name, width);
    mg_print_cell(predictions->labels->pdata[vote->y_pred], genre_width);
    g_print(_("%d of %d"), vote->votes, vote->segments);
    if (vote->y_test >= 0 && vote->y_test != vote->y_pred)
      g_print(_("  wrong: %s"), (const char *)predictions->labels->pdata[vote->y_test]);
    g_print("\n");
  }
}

void
mg_print_confusion(const MgPredictions *predictions)
{
  const GPtrArray *labels = predictions->labels;
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  const char *corner = _("truth\\prediction");
  int width = label_width(labels, MAX(16, mg_text_columns(corner)));
  mg_print_cell(corner, width);
  for (guint c = 0; c < labels->len; c++)
    g_print("%6u", c);
  g_print("\n");
  for (guint r = 0; r < labels->len; r++) {
    g_autofree char *name = g_strdup_printf("%u %s", r, (const char *)labels->pdata[r]);
    mg_print_cell(name, width);
    for (guint c = 0; c < labels->len; c++)
      g_print("%6u", matrix[r * labels->len + c]);
    g_print("\n");
  }
}

gboolean
mg_check_table_options(const char *command, const char *out, int threads, GError **error)
{
  if (out && !g_str_has_suffix(out, ".csv"))
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --out %s: expected a name that ends in %s"), command, out,
                ".csv");
  else if (threads < 0)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: --threads %d: expected 1 or more, or 0 for all processors"),
                command, threads);
  else
    return TRUE;
  return FALSE;
}

void
mg_print_leaky(const MgPredictions *predictions)
{
  if (predictions->leaky)
    g_printerr("%s\n", _("leaky split: segments of one track were on both sides, so these figures pretend"));
}

json_t *
mg_number_json(double value)
{
  return isfinite(value) ? json_real(value) : json_null();
}

void
mg_figures_to_json(json_t *object, const MgFigures *figures)
{
  json_object_set_new(object, "f1_micro", mg_number_json(figures->f1_micro));
  json_object_set_new(object, "precision_macro", mg_number_json(figures->precision_macro));
  json_object_set_new(object, "recall_macro", mg_number_json(figures->recall_macro));
  json_object_set_new(object, "auc_ovr", mg_number_json(figures->auc_ovr));
  json_object_set_new(object, "log_loss", mg_number_json(figures->log_loss));
  json_object_set_new(object, "ece", mg_number_json(figures->ece));
  json_object_set_new(
      object, "accuracy_interval",
      json_pack("[o, o]", mg_number_json(figures->accuracy_low), mg_number_json(figures->accuracy_high)));
}

static json_t *
text_json(const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
  return valid ? json_string(valid) : json_null();
}

static json_t *
class_json(int number)
{
  return number < 0 ? json_null() : json_integer(number);
}

json_t *
mg_votes_json(const MgPredictions *predictions)
{
  g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  json_t *array = json_array();
  for (guint i = 0; i < votes->len; i++) {
    const MgVote *vote = &g_array_index(votes, MgVote, i);
    json_array_append_new(array, json_pack("{s:o, s:o, s:i, s:o, s:i, s:i}", "track", text_json(vote->track), "y_test",
                                           class_json(vote->y_test), "y_pred", vote->y_pred, "vote",
                                           text_json(predictions->labels->pdata[vote->y_pred]), "votes", vote->votes,
                                           "segments", vote->segments));
  }
  return array;
}

static json_t *
probabilities_json(const MgPrediction *row, guint classes)
{
  json_t *array = json_array();
  for (guint c = 0; c < classes; c++)
    json_array_append_new(array, mg_number_json(row->probabilities[c]));
  return array;
}

json_t *
mg_segments_json(const MgPredictions *predictions)
{
  json_t *array = json_array();
  for (guint i = 0; i < predictions->predictions->len; i++) {
    const MgPrediction *row = predictions->predictions->pdata[i];
    json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o, s:i, s:f, s:f, s:i, s:o}", "songname",
                                           text_json(row->songname), "track", text_json(row->track), "genre",
                                           text_json(row->genre), "y_test", class_json(row->y_test), "part", row->part,
                                           "start", row->start, "end", row->end, "y_pred", row->y_pred, "probabilities",
                                           probabilities_json(row, predictions->labels->len)));
  }
  return array;
}

void
mg_print_json(json_t *json)
{
  char *text = json_dumps(json, JSON_REAL_PRECISION(9));
  puts(text);
  free(text);
  json_decref(json);
}
