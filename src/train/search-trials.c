#include "train/search-trials.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { TRIAL, REPEATS, STATE, FIRST_PARAMETER };
enum { RUNG, SCORE, STD, EPOCHS, SECONDS, AFTER }; /* behind the parameters */
static const char *const before[] = {"trial", "repeats", "state"};
static const char *const after[AFTER] = {"rung", "score", "std", "epochs", "seconds"};

static char *
header_of(const MgSpace *space)
{
  g_autoptr(GString) line = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(before); i++)
    mg_csv_append(line, before[i]);
  for (guint i = 0; i < space->params->len; i++)
    mg_csv_append(line, mg_space_param(space, i)->name);
  for (guint i = 0; i < AFTER; i++)
    mg_csv_append(line, after[i]);
  return g_string_free(g_steal_pointer(&line), FALSE);
}

static void
append_figure(GString *line, double value, int digits)
{
  if (isfinite(value))
    mg_csv_append_number(line, value, digits);
  else
    mg_csv_append(line, "");
}

gboolean
mg_trials_append(const char *folder, const MgSearch *search, guint number, int repeats, const MgTrialCost *cost,
                 GError **error)
{
  const MgTrial *trial = mg_search_trial(search, number);
  g_autofree char *path = g_build_filename(folder, "trials.csv", NULL);
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append_number(line, number + 1.0, 10);
  mg_csv_append_number(line, repeats, 10);
  mg_csv_append(line, mg_trial_state_name(trial->state));
  for (guint i = 0; i < search->space->params->len; i++) {
    g_autofree char *text = mg_space_text(search->space, i, trial->values[i]);
    mg_csv_append(line, text);
  }
  mg_csv_append_number(line, trial->rungs, 10);
  append_figure(line, mg_trial_score(trial), 17);
  append_figure(line, cost->deviation, 17);
  append_figure(line, cost->epochs, 10);
  append_figure(line, cost->seconds, 4);
  g_string_append_c(line, '\n');
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *header = header_of(search->space);
    g_string_prepend_c(line, '\n');
    g_string_prepend(line, header);
  }
  return mg_file_append(path, line->str, line->len, error);
}

static gboolean
read_values(const MgSearch *search, char **fields, double *values)
{
  for (guint i = 0; i < search->space->params->len; i++)
    if (!mg_space_value(search->space, i, fields[FIRST_PARAMETER + i], &values[i]))
      return FALSE;
  return TRUE;
}

static double
read_figure(const char *text)
{
  return *text ? g_ascii_strtod(text, NULL) : NAN;
}

/* Lines of a trial follow one another: its values are those of its first line. */
static gboolean
read_line(MgSearch *search, char **fields, GArray *costs)
{
  guint64 number, rung;
  MgTrialState state;
  g_autofree double *values = g_new(double, search->space->params->len);
  char **figures = fields + FIRST_PARAMETER + search->space->params->len;
  if (!g_ascii_string_to_unsigned(fields[TRIAL], 10, 1, search->trials->len + 1, &number, NULL) ||
      !g_ascii_string_to_unsigned(figures[RUNG], 10, 0, (guint64)search->rungs, &rung, NULL) ||
      !mg_trial_state_find(fields[STATE], &state) || !read_values(search, fields, values))
    return FALSE;
  MgTrialCost cost = {read_figure(figures[STD]), read_figure(figures[EPOCHS]), read_figure(figures[SECONDS])};
  if (number > search->trials->len) {
    mg_search_restore(search, values);
    g_array_append_val(costs, cost);
  }
  MgTrial *trial = search->trials->pdata[number - 1];
  g_array_index(costs, MgTrialCost, number - 1) = cost;
  double score = read_figure(figures[SCORE]);
  if (rung > (guint64)trial->rungs + 1 || (rung > 0 && isnan(score)))
    return FALSE;
  if (rung > 0)
    trial->scores[rung - 1] = score;
  trial->rungs = (int)rung;
  trial->state = state;
  mg_search_pay(search, trial, isfinite(cost.epochs) ? cost.epochs : 0);
  return TRUE;
}

static gboolean
read_text(const char *text, const char *path, MgSearch *search, GArray *costs, GError **error)
{
  g_autoptr(MgCsv) csv = mg_csv_parse(text, path, error);
  if (!csv)
    return FALSE;
  g_autofree char *header = header_of(search->space);
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; i < csv->columns->len; i++)
    mg_csv_append(found, csv->columns->pdata[i]);
  if (!g_str_equal(header, found->str)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: columns “%s”; expected “%s”"), path, mg_one_line(found->str),
                header);
    return FALSE;
  }
  for (guint row = 0; row < csv->rows->len; row++)
    if (!read_line(search, csv->rows->pdata[row], costs)) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: line %u: not a trial of this space"), path, row + 2);
      return FALSE;
    }
  return TRUE;
}

/* *whole: bytes of complete lines. */
static gboolean
read_file(const char *path, MgSearch *search, GArray *costs, char **text, size_t *length, size_t *whole, GError **error)
{
  *text = mg_file_read(path, 1 << 28, length, error);
  if (!*text)
    return FALSE;
  char *end = strrchr(*text, '\n');
  *whole = end ? (size_t)(end + 1 - *text) : 0;
  (*text)[*whole] = 0;
  return *whole == 0 || read_text(*text, path, search, costs, error);
}

gboolean
mg_trials_read(const char *folder, MgSearch *search, GArray *costs, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "trials.csv", NULL), *text = NULL;
  size_t length, whole;
  return !g_file_test(path, G_FILE_TEST_EXISTS) || read_file(path, search, costs, &text, &length, &whole, error);
}

gboolean
mg_trials_load(const char *folder, MgSearch *search, GArray *costs, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "trials.csv", NULL), *text = NULL;
  size_t length, whole;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  return read_file(path, search, costs, &text, &length, &whole, error) &&
         (whole == length || mg_file_write(path, text, whole, error));
}
