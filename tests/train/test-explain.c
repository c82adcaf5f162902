/* Whether explanations are true, where it is known what decides (bursts.h). */
#include "bursts.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "train/explain-change.h"
#include "train/explain-summary.h"

enum { SEGMENTS = 4 };

static MgModel *model; /* trained once */

static MgSeen *
see(gboolean burst, guint64 number, size_t *first)
{
  static float samples[BURST_SR];
  g_autoptr(GError) error = NULL;
  size_t begin = burst_sound(samples, burst, number);
  MgSeen *seen = mg_seen_of_samples(model, samples, BURST_SR, &error);
  g_assert_no_error(error);
  if (first)
    *first = begin;
  return seen;
}

static MgMatrix *
explain(const MgExplainMethod *method, const MgSeen *seen)
{
  g_autoptr(MgParams) params = mg_explain_params(method);
  g_autoptr(GError) error = NULL;
  MgExplainJob job = {.seen = seen, .label = BURST_CLASS, .params = params};
  MgMatrix *map = mg_explain(method, &job, &error);
  g_assert_no_error(error);
  return map;
}

/* Where the burst is: its frames and bands, and around them what windows and the network's neighbourhoods smear. */
static MgEvidenceBox
box_of_burst(size_t first)
{
  enum { hop = 128, smear = 4 };
  MgEvidenceBox box = {.first_frame = first / hop > smear ? first / hop - smear : 0,
                       .end_frame = MIN((first + BURST_LENGTH) / hop + smear, 63)};
  for (size_t row = 0; row < 24; row++) {
    if (mg_seen_row_hz(model, row + 4) < BURST_HZ)
      box.first_row = row;
    if (mg_seen_row_hz(model, row - 4.0) < BURST_HZ)
      box.end_row = row;
  }
  return box;
}

static void
test_learned(void)
{
  int right = 0;
  for (int i = 0; i < 40; i++) {
    g_autoptr(MgSeen) seen = see(i % 2, i, NULL);
    right += seen->probabilities[i % 2 ? BURST_CLASS : 1] > 0.5;
  }
  g_test_message("%d of 40", right);
  g_assert_cmpint(right, >=, 38);
}

/* At least 90 % of the evidence lies in the burst's box, which is a small part of the picture. */
static void
test_mass(gconstpointer data)
{
  for (int i = 0; i < SEGMENTS; i++) {
    size_t first;
    g_autoptr(MgSeen) seen = see(TRUE, i, &first);
    g_autoptr(MgMatrix) map = explain(data, seen);
    MgEvidenceBox box = box_of_burst(first);
    g_test_message("%zu-%zu of %zu rows, %zu-%zu of %zu frames: %.3f", box.first_row, box.end_row, map->rows,
                   box.first_frame, box.end_frame, map->cols, mg_evidence_share(map, &box));
  }
}

/* The strongest places first: the class goes sooner, and comes sooner, than by chance. */
static void
test_curves(gconstpointer data)
{
  double deletion[2] = {0}, insertion[2] = {0};
  MgRng rng = mg_rng_new(5);
  for (int i = 0; i < SEGMENTS; i++) {
    g_autoptr(MgSeen) seen = see(TRUE, i, NULL);
    g_autoptr(MgMatrix) map = explain(data, seen);
    for (int chance = 0; chance < 2; chance++) {
      g_auto(MgEvidenceCurves) curves = {0};
      for (size_t k = 0; chance && k < map->rows * map->cols; k++)
        map->data[k] = mg_rng_uniform(&rng);
      g_assert_true(mg_evidence_curves(seen, map, BURST_CLASS, 32, &curves, NULL, NULL));
      g_assert_cmpfloat_with_epsilon(curves.deleted[0], seen->probabilities[BURST_CLASS], 1e-5);
      g_assert_cmpfloat_with_epsilon(curves.inserted[32], seen->probabilities[BURST_CLASS], 1e-5);
      deletion[chance] += curves.deletion / SEGMENTS;
      insertion[chance] += curves.insertion / SEGMENTS;
    }
  }
  g_test_message("deletion %.3f, by chance %.3f; insertion %.3f, by chance %.3f", deletion[0], deletion[1],
                 insertion[0], insertion[1]);
}

/* Integrated gradients sum to the change of the output within 1 %, from either baseline, for either output and class.
 */
static void
test_completeness(void)
{
  static const char *const settings[] = {"baseline=silence", "baseline=mean", "output=logit"};
  const MgExplainMethod *method = mg_explain_method_find("integrated-gradients", NULL);
  for (int i = 0; i < 2 * SEGMENTS; i++) {
    g_autoptr(MgParams) params = mg_explain_params(method);
    g_assert_true(mg_params_assign(params, settings[i % 3], NULL));
    g_autoptr(MgSeen) seen = see(TRUE, i, NULL);
    MgExplainJob job = {.seen = seen, .label = i / 2 % 2, .params = params};
    g_autoptr(MgMatrix) map = mg_explain(method, &job, NULL);
    g_autofree float *nothing = mg_explain_nothing(&job);
    double from = mg_explain_output(&job, mg_network_forward(model->network, nothing, 1, FALSE, NULL));
    double change = mg_explain_output(&job, seen->logits) - from, sum = 0;
    for (size_t k = 0; k < map->rows * map->cols; k++)
      sum += map->data[k];
    g_test_message("%s: %.4f of %.4f", settings[i % 3], sum, change);
    g_assert_cmpfloat(fabs(sum - change), <, 0.01 * fabs(change));
  }
}

/* One patch over one place, by hand; patches as large as the picture lose all. */
static void
test_occlusion(void)
{
  const MgExplainMethod *method = mg_explain_method_find("occlusion", NULL);
  g_autoptr(MgParams) params = mg_explain_params(method);
  g_assert_true(mg_params_assign(params, "patch_bands=1", NULL));
  g_assert_true(mg_params_assign(params, "patch_frames=1", NULL));
  g_assert_true(mg_params_assign(params, "output=logit", NULL));
  g_autoptr(MgSeen) seen = see(TRUE, 3, NULL);
  MgExplainJob job = {.seen = seen, .label = BURST_CLASS, .params = params};
  g_autoptr(MgMatrix) map = mg_explain(method, &job, NULL);
  g_autofree float *x = g_memdup2(seen->x->data, map->rows * map->cols * sizeof(float)),
                   *nothing = mg_explain_nothing(&job);
  size_t at = 0;
  for (size_t i = 0; i < map->rows * map->cols; i++)
    at = map->data[i] > map->data[at] ? i : at;
  x[at] = nothing[at];
  double covered = mg_network_forward(model->network, x, 1, FALSE, NULL)[BURST_CLASS];
  g_assert_cmpfloat_with_epsilon(map->data[at], seen->logits[BURST_CLASS] - covered, 1e-4);
  g_assert_true(mg_params_assign(params, "patch_bands=999", NULL));
  g_assert_true(mg_params_assign(params, "patch_frames=999", NULL));
  g_autoptr(MgMatrix) all = mg_explain(method, &job, NULL);
  double silent = mg_network_forward(model->network, nothing, 1, FALSE, NULL)[BURST_CLASS];
  for (size_t i = 0; i < map->rows * map->cols; i++)
    g_assert_cmpfloat_with_epsilon(all->data[i], seen->logits[BURST_CLASS] - silent, 1e-4);
}

static void
count_partial(const MgMatrix *map, gpointer data)
{
  (*(int *)data)++;
}

static void
cancel_partial(const MgMatrix *map, gpointer data)
{
  mg_progress_cancel(data);
}

static void
test_progress(gconstpointer data)
{
  const MgExplainMethod *method = data;
  g_autoptr(MgParams) params = mg_explain_params(method);
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  g_autoptr(MgSeen) seen = see(TRUE, 1, NULL);
  int seen_maps = 0;
  MgExplainJob job = {
      .seen = seen, .label = BURST_CLASS, .params = params, .partial = count_partial, .data = &seen_maps};
  g_autoptr(MgMatrix) map = mg_explain(method, &job, NULL);
  g_assert_nonnull(map);
  gboolean by_and_by = g_str_equal(method->name, "occlusion");
  g_assert_cmpint(seen_maps, >=, by_and_by ? 10 : 0);
  g_autoptr(GError) error = NULL;
  job = (MgExplainJob){.seen = seen, .label = BURST_CLASS, .params = params, .progress = progress};
  job.partial = cancel_partial;
  job.data = progress;
  if (!by_and_by)
    mg_progress_cancel(progress);
  g_assert_null(mg_explain(method, &job, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_CANCELLED);
}

static MgMatrix *
matrix_of_box(MgEvidenceBox box)
{
  MgMatrix *matrix = mg_matrix_new(24, 63, NULL);
  for (size_t r = box.first_row; r < box.end_row; r++)
    for (size_t f = box.first_frame; f < box.end_frame; f++)
      mg_matrix_row(matrix, r)[f] = 1;
  return matrix;
}

/* The sound through the mask of the burst's box has the burst, the rest has none; together they are the segment. */
static void
test_sound(void)
{
  size_t first;
  g_autoptr(MgSeen) seen = see(TRUE, 2, &first);
  g_autoptr(MgMatrix) box = matrix_of_box(box_of_burst(first)), mask = mg_evidence_mask(box, 1, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree float *evidence = mg_evidence_sound(seen, mask, &error), *rest = g_new(float, BURST_SR);
  g_assert_no_error(error);
  for (size_t i = 0; i < BURST_SR; i++)
    rest[i] = seen->samples[i] - evidence[i];
  g_autoptr(MgSeen) with = mg_seen_of_samples(model, evidence, BURST_SR, NULL);
  g_autoptr(MgSeen) without = mg_seen_of_samples(model, rest, BURST_SR, NULL);
  g_test_message("whole %.3f, evidence %.3f, rest %.3f", seen->probabilities[BURST_CLASS],
                 with->probabilities[BURST_CLASS], without->probabilities[BURST_CLASS]);
  g_assert_cmpfloat(with->probabilities[BURST_CLASS], >, 0.9);
  g_assert_cmpfloat(without->probabilities[BURST_CLASS], <, 0.5);
  /* Everything kept is the segment itself. */
  for (size_t i = 0; i < mask->rows * mask->cols; i++)
    mask->data[i] = 1;
  g_autofree float *all = mg_evidence_sound(seen, mask, &error);
  g_assert_cmpfloat(test_relative_error(all, seen->samples, BURST_SR), <, 0.05); /* bins below the lowest band */
}

/* A box that is there is found; even evidence is everywhere; none is nowhere. */
static void
test_box(void)
{
  g_autoptr(MgMatrix) map = mg_matrix_new(20, 30, NULL);
  MgEvidenceBox box = mg_evidence_box(map);
  g_assert_cmpuint(box.end_row, ==, 0);
  for (size_t i = 0; i < 600; i++)
    map->data[i] = i / 30 >= 4 && i / 30 < 9 && i % 30 >= 11 && i % 30 < 17 ? 1 : -3;
  mg_matrix_row(map, 15)[2] = 0.5f;
  box = mg_evidence_box(map);
  g_assert_cmpuint(box.first_row, ==, 4);
  g_assert_cmpuint(box.end_row, ==, 9);
  g_assert_cmpuint(box.first_frame, ==, 11);
  g_assert_cmpuint(box.end_frame, ==, 17);
  g_assert_cmpfloat_with_epsilon(box.share, 30 / 30.5, 1e-6);
  g_assert_cmpfloat_with_epsilon(box.area, 30 / 600.0, 1e-6);
  for (size_t i = 0; i < 600; i++)
    map->data[i] = 1;
  box = mg_evidence_box(map);
  g_assert_cmpfloat_with_epsilon(box.share, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon(box.area, 1, 1e-9);
}

/* What if: muting the burst takes the class away; a gap later the burst is gone; twice as fast it lies elsewhere. */
static void
test_change(void)
{
  size_t first;
  g_autoptr(MgSeen) seen = see(TRUE, 2, &first);
  g_autofree char *folder = test_folder(), *file = g_build_filename(folder, "burst.wav", NULL);
  g_assert_true(mg_wav_write(file, seen->samples, BURST_SR, 1, BURST_SR, TRUE, NULL));
  const MgParamTable *tables[] = {&mg_explain_change_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_explain_unchanged(params));
  g_autoptr(MgSeen) same = mg_explain_change(model, file, 0, params, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(test_relative_error(same->picture->data, seen->picture->data, 24 * 63), <, 1e-5);
  g_autoptr(MgMatrix) kept = matrix_of_box(box_of_burst(first));
  for (size_t i = 0; i < 24 * 63; i++)
    kept->data[i] = 1 - kept->data[i];
  g_autoptr(MgSeen) muted = mg_explain_change(model, file, 0, params, kept, &error);
  g_assert_cmpfloat(muted->probabilities[BURST_CLASS], <, 0.5);
  g_autofree char *offset = g_strdup_printf("offset=%g", (first + BURST_LENGTH) / (double)BURST_SR);
  g_assert_true(mg_params_assign(params, offset, NULL));
  g_autoptr(MgSeen) later = mg_explain_change(model, file, 0, params, NULL, &error);
  g_assert_cmpfloat(later->probabilities[BURST_CLASS], <, 0.5);
  g_assert_true(mg_params_assign(params, "offset=0", NULL));
  g_assert_true(mg_params_assign(params, "pitch=12", NULL));
  g_autoptr(MgSeen) faster = mg_explain_change(model, file, 0, params, NULL, &error);
  g_assert_no_error(error);
  size_t own = 0, higher = 0;
  for (size_t i = 0; i < 24 * 63; i++) {
    own = seen->picture->data[i] > seen->picture->data[own] ? i : own;
    higher = faster->picture->data[i] > faster->picture->data[higher] ? i : higher;
  }
  g_assert_cmpfloat(mg_seen_row_hz(model, own / 63), <, BURST_HZ);
  g_assert_cmpfloat(mg_seen_row_hz(model, own / 63 + 1), >, BURST_HZ);
  g_assert_cmpfloat(mg_seen_row_hz(model, higher / 63), <, 2 * BURST_HZ);
  g_assert_cmpfloat(mg_seen_row_hz(model, higher / 63 + 1), >, 2 * BURST_HZ);
  test_remove(g_steal_pointer(&folder));
}

/* Other bands go where no layer is tied to them, and the same ones give the same network. */
static void
test_bands(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgSeen) seen = see(TRUE, 2, NULL);
  g_autoptr(MgModel) same = mg_explain_with_bands(model, 24, &error);
  g_autoptr(MgModel) other = mg_explain_with_bands(model, 40, &error);
  g_assert_no_error(error);
  g_autoptr(MgSeen) again = mg_seen_of_samples(same, seen->samples, BURST_SR, NULL);
  g_autoptr(MgSeen) finer = mg_seen_of_samples(other, seen->samples, BURST_SR, NULL);
  g_assert_cmpfloat(again->logits[0], ==, seen->logits[0]);
  g_assert_cmpuint(finer->picture->rows, ==, 40);
  g_autoptr(MgModel) tied = burst_model_new("{\"name\": \"t\", \"layers\": [{\"type\": \"flatten\", \"name\": "
                                            "\"flat\"}, {\"type\": \"linear\", \"name\": \"logits\", "
                                            "\"out_features\": \"classes\"}]}");
  g_assert_null(mg_explain_with_bands(tied, 40, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "“logits.weight” is tied"));
}

static void
test_summary(void)
{
  size_t first;
  g_autoptr(MgSeen) seen = see(TRUE, 2, &first);
  g_autoptr(MgMatrix) map = matrix_of_box(box_of_burst(first));
  MgExplainFindings findings = {.seen = seen, .label = BURST_CLASS, .box = mg_evidence_box(map), .nearest = "a.wav_1"};
  g_autoptr(MgSeen) rest = mg_evidence_without(seen, map, &findings.box, NULL);
  findings.rest = rest;
  g_autofree char *text = mg_explain_summary(&findings);
  g_test_message("%s", text);
  g_assert_nonnull(strstr(text, "Taken for burst (1.00). 100 % of the evidence for burst lies in"));
  g_assert_nonnull(strstr(text, "Without it, plain gets 0."));
  g_assert_true(g_str_has_suffix(text, "The nearest training segment of burst is a.wav_1."));
  findings.box = (MgEvidenceBox){0};
  g_autofree char *none = mg_explain_summary(&findings);
  g_assert_nonnull(strstr(none, "Nothing in the picture speaks for burst."));
}

static void
refuse(MgModel *other, const char *method_name, const char *assignment, const char *expected)
{
  static float samples[BURST_SR];
  g_autoptr(MgSeen) seen = mg_seen_of_samples(other, samples, 1, NULL);
  const MgExplainMethod *method = mg_explain_method_find(method_name, NULL);
  g_autoptr(MgParams) params = mg_explain_params(method);
  g_autoptr(GError) error = NULL;
  if (assignment)
    g_assert_true(mg_params_assign(params, assignment, NULL));
  MgExplainJob job = {.seen = seen, .label = 0, .params = params};
  g_assert_null(mg_explain(method, &job, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  if (!strstr(error->message, expected))
    g_error("“%s” does not say “%s”", error->message, expected);
}

static void
test_refused(void)
{
  g_autoptr(MgModel) lstm = burst_model_new(
      "{\"name\": \"l\", \"layers\": [{\"type\": \"lstm\", \"name\": \"lstm\", \"hidden_size\": 4, \"output\": "
      "\"last\"}, {\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}");
  refuse(lstm, "grad-cam", NULL, "the network has no convolution");
  g_assert_cmpstr(mg_explain_method_for(lstm->network)->name, ==, "integrated-gradients");
  g_assert_cmpstr(mg_explain_method_for(model->network)->name, ==, "grad-cam");
  refuse(lstm, "grad-cam", "layer=lstm", "layer=lstm: expected one whose output is a map");
  refuse(model, "grad-cam", "layer=mean", "layer=mean: expected one whose output is a map");
  refuse(model, "grad-cam", "layer=conv9", "conv1, relu1");
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_explain_method_find("tea-leaves", &error));
  g_assert_nonnull(strstr(error->message, "grad-cam, integrated-gradients"));
  g_clear_error(&error);
  int label;
  g_assert_false(mg_seen_find_class(model, "boom", &label, &error));
  g_assert_nonnull(strstr(error->message, "burst, plain"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  model = burst_model();
  g_test_add_func("/explain/learned", test_learned);
  for (size_t i = 0; mg_explain_methods()[i]; i++) {
    const MgExplainMethod *method = mg_explain_methods()[i];
    g_autofree char *mass = g_strdup_printf("/explain/mass/%s", method->name);
    g_autofree char *curves = g_strdup_printf("/explain/curves/%s", method->name);
    g_autofree char *progress = g_strdup_printf("/explain/progress/%s", method->name);
    g_test_add_data_func(mass, method, test_mass);
    g_test_add_data_func(curves, method, test_curves);
    g_test_add_data_func(progress, method, test_progress);
  }
  g_test_add_func("/explain/completeness", test_completeness);
  g_test_add_func("/explain/occlusion", test_occlusion);
  g_test_add_func("/explain/sound", test_sound);
  g_test_add_func("/explain/box", test_box);
  g_test_add_func("/explain/change", test_change);
  g_test_add_func("/explain/bands", test_bands);
  g_test_add_func("/explain/summary", test_summary);
  g_test_add_func("/explain/refused", test_refused);
  int result = g_test_run();
  mg_model_free(model);
  return result;
}
