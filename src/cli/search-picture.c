#include "cli/search-picture.h"
#include "base/error.h"
#include "plot/bars.h"
#include "plot/export.h"
#include "plot/parallel.h"
#include "plot/trials.h"
#include "ml/search.h"
#include <cairo.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static const double upper_part = 0.48, left_part = 0.58;
static const char score_title[] = N_("Macro F1");

static void
draw_trials(cairo_t *cr, double width, double height, const MgSearchRecord *record)
{
  guint n = record->search->trials->len;
  MgTrialsPlot plot = {record->scores, record->whole, n, n, _("Trial"), _(score_title)};
  mg_trials_draw(cr, width, height, &mg_style_light, &plot, mg_search_best(record->search));
}

static void
draw_importance(cairo_t *cr, double width, double height, const MgSearchRecord *record)
{
  g_autofree MgBar *bars = g_new(MgBar, record->params->len + 1);
  for (guint i = 0; i < record->by_matter->len; i++) {
    guint param = g_array_index(record->by_matter, guint, i);
    bars[i] = (MgBar){mg_space_param(record->space, param)->name, record->importance[param], NAN};
  }
  MgBars all = {bars, record->params->len, _("Share of the score's variance"), 0};
  mg_bars_draw(cr, width, height, &mg_style_light, &all, -1);
}

static void
draw_lines(cairo_t *cr, double width, double height, const MgSearchRecord *record)
{
  size_t n = record->scales->len, trials = record->ranking->len;
  g_autofree MgParallelAxis *axes = g_new(MgParallelAxis, n);
  g_autofree MgParallelLine *lines = g_new(MgParallelLine, trials);
  for (size_t a = 0; a < n; a++) {
    const MgSearchScale *scale = &g_array_index(record->scales, MgSearchScale, a);
    const char *title =
        a + 1 < n ? mg_space_param(record->space, g_array_index(record->params, guint, a))->name : _(score_title);
    axes[a] = (MgParallelAxis){title, (const char *const *)scale->labels, scale->places, scale->n};
  }
  for (size_t i = 0; i < trials; i++)
    lines[i] = (MgParallelLine){record->places + i * n, ((double)i + 1) / (double)trials};
  MgParallel parallel = {axes, n, lines, trials};
  mg_parallel_draw(cr, width, height, &mg_style_light, &parallel, (gssize)trials - 1);
}

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const MgSearchRecord *record = data;
  double upper = floor(height * upper_part), left = floor(width * left_part);
  draw_trials(cr, left, upper, record);
  cairo_save(cr);
  cairo_translate(cr, left, 0);
  draw_importance(cr, width - left, upper, record);
  cairo_restore(cr);
  cairo_save(cr);
  cairo_translate(cr, 0, upper);
  draw_lines(cr, width, height - upper, record);
  cairo_restore(cr);
}

gboolean
mg_search_picture(const char *folder, const char *out, GError **error)
{
  g_autoptr(MgSearchRecord) record = mg_search_record_load(folder, error);
  if (!record)
    return FALSE;
  if (record->ranking->len > 0)
    return mg_export(out, 960, 720, 1, draw, record, error);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no trial has a score yet"), folder);
  return FALSE;
}
