#include "cli/explain-findings.h"
#include "cli/predictions-text.h"
#include <glib/gi18n-lib.h>

void
mg_findings_clear(MgFindings *findings)
{
  mg_seen_free(findings->seen);
  mg_seen_free(findings->rest_seen);
  mg_seen_free(findings->without);
  mg_seen_free(findings->evidence_seen);
  mg_model_free(findings->model);
  mg_model_free(findings->other);
  mg_params_free(findings->params);
  mg_matrix_free(findings->map);
  g_free(findings->evidence);
  g_free(findings->rest);
  mg_evidence_curves_clear(&findings->curves);
  mg_embeddings_free(findings->embeddings);
  for (size_t i = 0; i < G_N_ELEMENTS(findings->near); i++)
    g_clear_pointer(&findings->near[i], g_array_unref);
}

static const char *
class_name(const MgFindings *findings, int label)
{
  return findings->model->labels->pdata[label];
}

const char *
mg_findings_class(const MgFindings *findings)
{
  return class_name(findings, findings->label);
}

static char *
summary_of(const MgFindings *findings)
{
  const GArray *near = findings->near[0];
  MgExplainFindings all = {.seen = findings->seen,
                           .label = findings->label,
                           .box = findings->box,
                           .rest = findings->without,
                           .nearest = near && near->len ? g_array_index(near, MgNearSegment, 0).row->songname : NULL};
  return mg_explain_summary(&all);
}

static json_t *
probabilities_json(const MgSeen *seen)
{
  json_t *object = seen ? json_object() : json_null();
  for (guint c = 0; seen && c < seen->model->labels->len; c++)
    json_object_set_new(object, seen->model->labels->pdata[c], mg_number_json(seen->probabilities[c]));
  return object;
}

static json_t *
box_json(const MgFindings *findings)
{
  const MgEvidenceBox *box = &findings->box;
  const MgSeen *seen = findings->seen;
  double frame = (seen->end - seen->start) / MAX(findings->map->cols, 1);
  json_t *object = json_pack("{s:f, s:f, s:f, s:f}", "share", box->share, "area", box->area, "start",
                             seen->start + box->first_frame * frame, "end", seen->start + box->end_frame * frame);
  if (mg_seen_has_bands(seen->model)) {
    json_object_set_new(object, "low_hz", mg_number_json(mg_seen_row_hz(seen->model, (double)box->first_row)));
    json_object_set_new(object, "high_hz", mg_number_json(mg_seen_row_hz(seen->model, (double)box->end_row)));
  }
  return object;
}

static json_t *
near_json(const MgFindings *findings, const GArray *near)
{
  json_t *array = json_array();
  for (guint i = 0; near && i < near->len; i++) {
    const MgNearSegment *each = &g_array_index(near, MgNearSegment, i);
    const MgEmbeddingRow *row = each->row;
    json_array_append_new(array,
                          json_pack("{s:s, s:s, s:s, s:i, s:f, s:f, s:f}", "songname", row->songname, "track",
                                    row->track, "genre", findings->embeddings->labels->pdata[row->label], "part",
                                    row->part, "start", row->start, "end", row->end, "distance", each->distance));
  }
  return array;
}

/* The output of the picture that stands for nothing, for those methods that start from it. */
static void
add_sums(json_t *object, const MgFindings *findings)
{
  MgExplainJob job = {.seen = findings->seen, .label = findings->label, .params = findings->params};
  double sum = 0;
  for (size_t i = 0; i < findings->map->rows * findings->map->cols; i++)
    sum += findings->map->data[i];
  json_object_set_new(object, "sum", mg_number_json(sum));
  json_object_set_new(object, "output", mg_number_json(mg_explain_output(&job, findings->seen->logits)));
  if (!mg_params_has(findings->params, "baseline"))
    return;
  g_autofree float *nothing = mg_explain_nothing(&job);
  const float *logits = mg_network_forward(findings->seen->model->network, nothing, 1, FALSE, NULL);
  json_object_set_new(object, "output_of_baseline", mg_number_json(mg_explain_output(&job, logits)));
}

void
mg_findings_print_json(const MgFindings *findings)
{
  g_autofree char *summary = summary_of(findings);
  const MgSeen *seen = findings->seen;
  json_t *object =
      json_pack("{s:s, s:i, s:f, s:f, s:s, s:s, s:s}", "file", findings->file, "part", findings->part, "start",
                seen->start, "end", seen->end, "method", findings->method->name, "class",
                class_name(findings, findings->label), "y_pred", class_name(findings, mg_seen_predicted(seen)));
  json_object_set_new(object, "probabilities", probabilities_json(seen));
  add_sums(object, findings);
  json_object_set_new(object, "box", box_json(findings));
  json_object_set_new(object, "deletion", mg_number_json(findings->curves.deletion));
  json_object_set_new(object, "insertion", mg_number_json(findings->curves.insertion));
  json_object_set_new(object, "probabilities_of_evidence", probabilities_json(findings->evidence_seen));
  json_object_set_new(object, "probabilities_of_rest", probabilities_json(findings->rest_seen));
  json_object_set_new(object, "probabilities_without_box", probabilities_json(findings->without));
  if (findings->near[0]) {
    json_object_set_new(object, "nearest_of_y_pred", near_json(findings, findings->near[0]));
    json_object_set_new(object, "nearest_of_class", near_json(findings, findings->near[findings->near[1] ? 1 : 0]));
  }
  json_object_set_new(object, "summary", json_string(summary));
  mg_print_json(object);
}

static void
print_near(const MgFindings *findings, const GArray *near)
{
  for (guint i = 0; near && i < near->len; i++) {
    const MgNearSegment *each = &g_array_index(near, MgNearSegment, i);
    g_print(_("  %-32s %-16s %8.2f s  distance %.3f\n"), each->row->songname,
            (const char *)findings->embeddings->labels->pdata[each->row->label], each->row->start, each->distance);
  }
}

char *
mg_findings_probabilities(const MgSeen *seen)
{
  GString *text = g_string_new(NULL);
  for (guint c = 0; c < seen->model->labels->len; c++)
    g_string_append_printf(text, "%s%s %.2f", c ? " · " : "", (const char *)seen->model->labels->pdata[c],
                           seen->probabilities[c]);
  return g_string_free(text, FALSE);
}

void
mg_findings_print(const MgFindings *findings)
{
  g_autofree char *summary = summary_of(findings), *whole = mg_findings_probabilities(findings->seen);
  g_print("%s\n%s\n", summary, whole);
  g_print(_("deletion %.3f, insertion %.3f\n"), findings->curves.deletion, findings->curves.insertion);
  if (findings->near[0])
    g_print("%s\n", _("nearest training segments:"));
  for (size_t i = 0; i < G_N_ELEMENTS(findings->near); i++)
    print_near(findings, findings->near[i]);
}
