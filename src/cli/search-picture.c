#include "cli/search-picture.h"
#include "base/error.h"
#include "plot/bars.h"
#include "plot/export.h"
#include "plot/parallel.h"
#include "plot/trials.h"
#include "ml/search.h"
#include <cairo.h>
#include <math.h>

static const double upper_part = 0.48, left_part = 0.58;
static const char score_title[] = "Macro F1";

static void
draw_trials(cairo_t *cr, double width, double height, const MgSearchRecord *record)
{
  guint n = record->search->trials->len;
  g_autofree double *scores = g_new(double, n + 1);
  g_autofree gboolean *whole = g_new(gboolean, n + 1);
  for (guint i = 0; i < n; i++) {
    const MgTrial *trial = mg_search_trial(record->search, i);
    scores[i] = mg_trial_score(trial);
    whole[i] = trial->state == MG_TRIAL_FINISHED;
  }
  MgTrialsPlot plot = {scores, whole, n, n, "Trial", score_title};
  mg_trials_draw(cr, width, height, &mg_style_light, &plot, mg_search_best(record->search));
}

static void
draw_importance(cairo_t *cr, double width, double height, const MgSearchRecord *record)
{
  guint n = record->space->params->len;
  g_autofree MgBar *bars = g_new(MgBar, n);
  size_t shown = 0;
  for (guint i = 0; i < n; i++)
    if (mg_space_count(mg_space_param(record->space, i)) != 1)
      bars[shown++] = (MgBar){mg_space_param(record->space, i)->name, record->importance[i], NAN};
  MgBars all = {bars, shown, "Share of the score's variance", 0};
  mg_bars_draw(cr, width, height, &mg_style_light, &all, -1);
}

typedef struct {
  const MgSearchRecord *record;
  GArray *params;  /* guint: those that have more than one value; their axes, and behind them the score's */
  GArray *ranking; /* guint: trials with a score, the best last */
} Lines;

static Lines
sort_lines(const MgSearchRecord *record)
{
  Lines lines = {record, g_array_new(FALSE, FALSE, sizeof(guint)), mg_search_record_ranking(record)};
  for (guint i = 0; i < record->space->params->len; i++)
    if (mg_space_count(mg_space_param(record->space, i)) != 1)
      g_array_append_val(lines.params, i);
  return lines;
}

static void
place_line(const Lines *lines, guint trial, double *places)
{
  for (guint a = 0; a < lines->params->len; a++)
    places[a] = mg_search_record_place(lines->record, g_array_index(lines->params, guint, a), trial);
  places[lines->params->len] = mg_search_record_score_place(lines->record, trial);
}

static void
draw_lines(cairo_t *cr, double width, double height, const Lines *lines)
{
  size_t n = lines->params->len + 1, trials = lines->ranking->len;
  g_autofree MgSearchScale *scales = g_new(MgSearchScale, n);
  g_autofree MgParallelAxis *axes = g_new(MgParallelAxis, n);
  g_autofree double *places = g_new(double, n *trials);
  g_autofree MgParallelLine *drawn = g_new(MgParallelLine, trials);
  for (size_t a = 0; a < n; a++) {
    guint param = a + 1 < n ? g_array_index(lines->params, guint, a) : 0;
    scales[a] = a + 1 < n ? mg_search_record_scale(lines->record, param) : mg_search_record_score_scale(lines->record);
    axes[a] = (MgParallelAxis){a + 1 < n ? mg_space_param(lines->record->space, param)->name : score_title,
                               (const char *const *)scales[a].labels, scales[a].places, scales[a].n};
  }
  for (guint i = 0; i < trials; i++) {
    place_line(lines, g_array_index(lines->ranking, guint, i), places + i * n);
    drawn[i] = (MgParallelLine){places + i * n, (i + 1.0) / trials};
  }
  MgParallel parallel = {axes, n, drawn, trials};
  mg_parallel_draw(cr, width, height, &mg_style_light, &parallel, (gssize)trials - 1);
  for (size_t a = 0; a < n; a++)
    mg_search_scale_clear(&scales[a]);
}

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Lines *lines = data;
  double upper = floor(height * upper_part), left = floor(width * left_part);
  draw_trials(cr, left, upper, lines->record);
  cairo_save(cr);
  cairo_translate(cr, left, 0);
  draw_importance(cr, width - left, upper, lines->record);
  cairo_restore(cr);
  cairo_save(cr);
  cairo_translate(cr, 0, upper);
  draw_lines(cr, width, height - upper, lines);
  cairo_restore(cr);
}

gboolean
mg_search_picture(const char *folder, const char *out, GError **error)
{
  g_autoptr(MgSearchRecord) record = mg_search_record_load(folder, error);
  if (!record)
    return FALSE;
  Lines lines = sort_lines(record);
  gboolean good = lines.ranking->len > 0 && mg_export(out, 960, 720, 1, draw, &lines, error);
  if (lines.ranking->len == 0)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, "%s: no trial has a score yet", folder);
  g_array_unref(lines.params);
  g_array_unref(lines.ranking);
  return good;
}
