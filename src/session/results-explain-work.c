#include "session/results-explain-work.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/scratch.h"
#include "train/explain-nearest.h"
#include "train/explain-summary.h"
#include "train/explain.h"
#include <glib/gstdio.h>

enum { NEAREST = 3 };
#define SHARE 0.6 /* of the evidence that its sound holds */

/* Requests. */

MgExplainErrand *
mg_explain_errand_new(const MgExplainRequest *request)
{
  MgExplainErrand *errand = g_new0(MgExplainErrand, 1);
  errand->run = g_strdup(request->run);
  errand->track = g_strdup(request->track);
  errand->layer = g_strdup(request->layer);
  errand->change = request->change ? mg_params_copy(request->change) : NULL;
  errand->kept = request->kept ? mg_matrix_copy(request->kept) : NULL;
  errand->request = *request;
  return errand;
}

void
mg_explain_errand_free(MgExplainErrand *errand)
{
  g_free(errand->run);
  g_free(errand->track);
  g_free(errand->layer);
  mg_params_free(errand->change);
  mg_matrix_free(errand->kept);
  mg_progress_unref(errand->progress);
  g_free(errand);
}

/* Answers. */

void
mg_explanation_free(MgExplanation *explanation)
{
  if (!explanation)
    return;
  mg_matrix_free(explanation->input);
  g_clear_pointer(&explanation->maps, g_ptr_array_unref);
  g_free(explanation->layer);
  g_strfreev(explanation->layers);
  g_strfreev(explanation->convolutions);
  g_free(explanation->edges);
  g_free(explanation);
}

/* Its path; g_free() it. */
static char *
write_sound(MgScratch *scratch, const char *name, const MgSeen *seen, const float *samples, GError **error)
{
  g_autofree char *path = mg_scratch_path(scratch, name);
  int sr = (int)mg_params_int(seen->model->front_end, "sr");
  return mg_wav_write(path, samples, (gint64)seen->n_samples, 1, sr, TRUE, error) ? g_steal_pointer(&path) : NULL;
}

void
mg_explain_answer_free(MgExplainAnswer *answer)
{
  if (!answer)
    return;
  mg_matrix_free(answer->map);
  g_free(answer->summary);
  g_free(answer->evidence);
  g_free(answer->rest);
  mg_scratch_free(answer->scratch);
  g_free(answer);
}

void
mg_explain_outcome_free(MgExplainOutcome *outcome)
{
  if (!outcome)
    return;
  g_free(outcome->probabilities);
  g_free(outcome->sound);
  mg_scratch_free(outcome->scratch);
  g_free(outcome);
}

static void
near_free(gpointer data)
{
  MgExplainNear *near = data;
  g_free(near->songname);
  g_free(near->track);
  g_free(near->genre);
  g_free(near);
}

/* The model. */

static void
forget_model(MgExplainSlot *slot)
{
  g_clear_pointer(&slot->key, g_free);
  g_clear_pointer(&slot->embeddings, mg_embeddings_free);
  mg_model_free(g_steal_pointer(&slot->model));
}

void
mg_explain_slot_clear(MgExplainSlot *slot)
{
  forget_model(slot);
  g_mutex_clear(&slot->lock);
}

static gboolean
need_model(MgExplainSlot *slot, const char *run, GError **error)
{
  g_autofree char *path = g_build_filename(run, "checkpoints", "best.safetensors", NULL);
  GStatBuf info = {0};
  g_stat(path, &info);
  g_autofree char *key =
      g_strdup_printf("%s %" G_GINT64_FORMAT ".%ld", path, (gint64)info.st_mtim.tv_sec, (long)info.st_mtim.tv_nsec);
  if (g_strcmp0(key, slot->key) == 0)
    return TRUE;
  forget_model(slot);
  slot->model = mg_model_load(path, error);
  if (slot->model)
    slot->key = g_steal_pointer(&key);
  return slot->model != NULL;
}

/* The stretch of the segment alone has one part, whatever the data set's segments are. */
static MgSeen *
see(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error)
{
  const MgExplainRequest *request = &errand->request;
  if (!mg_progress_go_on(errand->progress, error) || !need_model(slot, errand->run, error))
    return NULL;
  return mg_seen_load(slot->model, errand->track, request->start, request->end, 1, error);
}

/* What the network sees. */

/* Names of the layers whose output is a map, or of the convolutions. */
static char **
name_layers(const MgNetwork *network, gboolean convolutions)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  for (size_t i = 0; i < mg_network_n_layers(network); i++) {
    MgLayerInfo layer = mg_network_layer(network, i);
    gboolean map = layer.output.height * layer.output.width > 1;
    if (convolutions ? g_str_equal(layer.type, "conv2d") : map)
      g_strv_builder_add(names, layer.name);
  }
  return g_strv_builder_end(names);
}

static double *
find_edges(const MgModel *model)
{
  int rows = mg_network_input(model->network).height;
  double *edges = mg_seen_has_bands(model) ? g_new(double, rows + 1) : NULL;
  for (int r = 0; edges && r <= rows; r++)
    edges[r] = mg_seen_row_hz(model, r);
  return edges;
}

/* A network without a convolution shows its first layer that gives maps; one that gives none, nothing. */
static MgFeatureMaps *
look_at_layer(const MgSeen *seen, const MgExplainErrand *errand, char **layers, char **convolutions, GError **error)
{
  const char *layer = errand->layer ? errand->layer : convolutions[0] ? convolutions[0] : layers[0];
  if (errand->request.filters)
    return mg_feature_filters(seen->model, layer, error);
  return layer ? mg_feature_maps(seen, layer, error) : NULL;
}

gpointer
mg_explain_work_see(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error)
{
  g_autoptr(MgSeen) seen = see(slot, errand, error);
  if (!seen)
    return NULL;
  g_autoptr(MgExplanation) explanation = g_new0(MgExplanation, 1);
  g_autoptr(GError) cause = NULL;
  explanation->layers = name_layers(slot->model->network, FALSE);
  explanation->convolutions = name_layers(slot->model->network, TRUE);
  g_autoptr(MgFeatureMaps) maps = look_at_layer(seen, errand, explanation->layers, explanation->convolutions, &cause);
  if (cause) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  explanation->input = g_steal_pointer(&seen->picture);
  explanation->maps = maps ? g_steal_pointer(&maps->maps) : g_ptr_array_new();
  explanation->layer = maps ? g_steal_pointer(&maps->layer) : NULL;
  explanation->filters = errand->request.filters;
  explanation->start = seen->start;
  explanation->end = seen->end;
  explanation->mel = g_str_equal(mg_params_text(slot->model->front_end, "feature"), "melspectrogram");
  explanation->edges = find_edges(slot->model);
  return g_steal_pointer(&explanation);
}

/* Which places decide. */

static gboolean
make_sounds(MgExplainAnswer *answer, const MgSeen *seen, GError **error)
{
  g_autoptr(MgMatrix) mask = mg_evidence_mask(answer->map, SHARE, error);
  g_autofree float *evidence = mask ? mg_evidence_sound(seen, mask, error) : NULL;
  answer->scratch = evidence ? mg_scratch_new("why", error) : NULL;
  if (!answer->scratch)
    return FALSE;
  answer->seconds = seen->end - seen->start;
  answer->evidence = write_sound(answer->scratch, "evidence.wav", seen, evidence, error);
  for (size_t i = 0; i < seen->n_samples; i++)
    evidence[i] = seen->samples[i] - evidence[i];
  answer->rest = answer->evidence ? write_sound(answer->scratch, "rest.wav", seen, evidence, error) : NULL;
  return answer->rest != NULL;
}

static gboolean
sum_up(MgExplainAnswer *answer, const MgSeen *seen, int label, GError **error)
{
  MgExplainFindings findings = {.seen = seen, .label = label, .box = mg_evidence_box(answer->map)};
  g_autoptr(MgSeen) rest = NULL;
  if (mg_seen_has_bands(seen->model) && findings.box.end_row > 0) {
    rest = mg_evidence_without(seen, answer->map, &findings.box, error);
    if (!rest || !make_sounds(answer, seen, error))
      return FALSE;
  }
  findings.rest = rest;
  answer->summary = mg_explain_summary(&findings);
  return TRUE;
}

gpointer
mg_explain_work_ask(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error)
{
  const MgExplainRequest *request = &errand->request;
  g_autoptr(MgSeen) seen = see(slot, errand, error);
  if (!seen)
    return NULL;
  const MgExplainMethod *method = request->method ? request->method : mg_explain_method_for(seen->model->network);
  g_autoptr(MgParams) params = mg_explain_params(method);
  MgExplainJob job = {.seen = seen,
                      .label = request->label,
                      .params = params,
                      .progress = errand->progress,
                      .partial = errand->partial,
                      .data = errand->data};
  g_autoptr(MgExplainAnswer) answer = g_new0(MgExplainAnswer, 1);
  answer->method = method;
  answer->map = mg_explain(method, &job, error);
  return answer->map && sum_up(answer, seen, request->label, error) ? g_steal_pointer(&answer) : NULL;
}

/* What would be. */

/* A mask for another number of bands. */
static MgMatrix *
fit_rows(const MgMatrix *mask, size_t rows, GError **error)
{
  MgMatrix *fitted = mg_matrix_new(rows, mask->cols, error);
  for (size_t r = 0; fitted && r < rows; r++)
    for (size_t c = 0; c < mask->cols; c++)
      mg_matrix_row(fitted, r)[c] = mg_matrix_row(mask, r * mask->rows / rows)[c];
  return fitted;
}

gpointer
mg_explain_work_change(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error)
{
  if (!mg_progress_go_on(errand->progress, error) || !need_model(slot, errand->run, error))
    return NULL;
  int n_mels = (int)mg_params_int_or(errand->change, "n_mels", 0);
  g_autoptr(MgModel) other = n_mels > 0 ? mg_explain_with_bands(slot->model, n_mels, error) : NULL;
  if (n_mels > 0 && !other)
    return NULL;
  MgModel *model = other ? other : slot->model;
  g_autoptr(MgMatrix) kept =
      errand->kept ? fit_rows(errand->kept, mg_network_input(model->network).height, error) : NULL;
  g_autoptr(MgSeen) seen = mg_explain_change(model, errand->track, errand->request.start, errand->change, kept, error);
  if (!seen)
    return NULL;
  g_autoptr(MgExplainOutcome) outcome = g_new0(MgExplainOutcome, 1);
  outcome->probabilities = g_steal_pointer(&seen->probabilities);
  outcome->classes = model->labels->len;
  outcome->seconds = seen->n_samples / mg_params_float(model->front_end, "sr");
  outcome->scratch = mg_scratch_new("why", error);
  if (outcome->scratch)
    outcome->sound = write_sound(outcome->scratch, "changed.wav", seen, seen->samples, error);
  return outcome->sound ? g_steal_pointer(&outcome) : NULL;
}

/* What is near. */

gpointer
mg_explain_work_nearest(MgExplainSlot *slot, const MgExplainErrand *errand, GError **error)
{
  g_autoptr(MgSeen) seen = see(slot, errand, error);
  if (seen && !slot->embeddings)
    slot->embeddings = mg_embeddings_of_run(errand->run, "best", NULL, 0, errand->progress, error);
  if (!seen || !slot->embeddings)
    return NULL;
  const MgEmbeddings *all = slot->embeddings;
  g_autoptr(GArray) found = mg_explain_nearest(seen, errand->track, all, errand->request.label, NEAREST, error);
  if (!found)
    return NULL;
  GPtrArray *nearest = g_ptr_array_new_with_free_func(near_free);
  for (guint i = 0; i < found->len; i++) {
    const MgNearSegment *each = &g_array_index(found, MgNearSegment, i);
    MgExplainNear *near = g_new(MgExplainNear, 1);
    *near = (MgExplainNear){g_strdup(each->row->songname),
                            g_strdup(each->row->track),
                            g_strdup(all->labels->pdata[each->row->label]),
                            each->row->start,
                            each->row->end,
                            each->distance};
    g_ptr_array_add(nearest, near);
  }
  return nearest;
}
