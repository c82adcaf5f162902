#include "train/explain-summary.h"
#include <glib/gi18n-lib.h>
#include <math.h>

int
mg_seen_predicted(const MgSeen *seen)
{
  int best = 0;
  for (guint c = 1; c < seen->model->labels->len; c++)
    if (seen->probabilities[c] > seen->probabilities[best])
      best = (int)c;
  return best;
}

static const char *
class_name(const MgSeen *seen, int label)
{
  return seen->model->labels->pdata[label];
}

/* Two digits are enough, "1240" would pretend. */
static double
round_hz(double hz)
{
  double unit = hz >= 100 ? pow(10, floor(log10(hz)) - 1) : 1;
  return round(hz / unit) * unit;
}

static void
append_place(GString *text, const MgExplainFindings *findings)
{
  const MgSeen *seen = findings->seen;
  const MgEvidenceBox *box = &findings->box;
  double frame = (seen->end - seen->start) / MAX(seen->x->cols, 1), percent = round(100 * box->share);
  double from = seen->start + box->first_frame * frame, to = seen->start + box->end_frame * frame;
  if (box->end_row == 0)
    g_string_append_printf(text, _("Nothing in the picture speaks for %s."), class_name(seen, findings->label));
  else if (!mg_evidence_has_place(box))
    g_string_append_printf(text, _("The evidence for %s is spread over the whole picture."),
                           class_name(seen, findings->label));
  else if (mg_seen_has_bands(seen->model))
    g_string_append_printf(text, _("%.0f %% of the evidence for %s lies in %.0f–%.0f Hz between %.1f s and %.1f s."),
                           percent, class_name(seen, findings->label),
                           round_hz(mg_seen_row_hz(seen->model, (double)box->first_row)),
                           round_hz(mg_seen_row_hz(seen->model, (double)box->end_row)), from, to);
  else
    g_string_append_printf(text, _("%.0f %% of the evidence for %s lies between %.1f s and %.1f s."), percent,
                           class_name(seen, findings->label), from, to);
}

static void
append_rest(GString *text, const MgExplainFindings *findings)
{
  int now = mg_seen_predicted(findings->rest), before = mg_seen_predicted(findings->seen);
  const char *name = class_name(findings->rest, now);
  double probability = findings->rest->probabilities[now];
  g_string_append_c(text, ' ');
  if (now == before)
    g_string_append_printf(text, _("Without it, %s still gets %.2f."), name, probability);
  else
    g_string_append_printf(text, _("Without it, %s gets %.2f."), name, probability);
}

char *
mg_explain_summary(const MgExplainFindings *findings)
{
  int predicted = mg_seen_predicted(findings->seen);
  const char *name = class_name(findings->seen, predicted);
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, _("Taken for %s (%.2f)."), name, findings->seen->probabilities[predicted]);
  g_string_append_c(text, ' ');
  append_place(text, findings);
  if (findings->rest && findings->box.end_row > 0)
    append_rest(text, findings);
  if (findings->nearest) {
    g_string_append_c(text, ' ');
    g_string_append_printf(text, _("The nearest training segment of %s is %s."), name, findings->nearest);
  }
  return g_string_free(text, FALSE);
}
