/* Occlusion (Zeiler, Fergus, 2014): what the output loses when a patch of the picture is covered. Coarse patches come
 * first and cover the whole picture; finer ones take their place from there on. */
#include "train/explain-method.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

enum { TOGETHER = 16, ROUNDS = 3 }; /* patches in one pass; coarse ones are 4 and 2 times the wanted size */

static const MgParamSpec specs[] = {
    {.name = "patch_bands",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .min = 1,
     .max = 65536,
     .automatic = N_("a sixteenth of them"),
     .help = N_("Rows that a patch covers")},
    {.name = "patch_frames",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .min = 1,
     .max = 65536,
     .automatic = N_("a sixteenth of them"),
     .help = N_("Frames that a patch covers")},
};
static const MgParamTable table = MG_PARAM_TABLE("occlusion", N_("Occlusion"), specs);

typedef struct {
  size_t row, col, rows, cols;
} Patch;

typedef struct {
  const MgExplainJob *job;
  MgMatrix *map;
  const float *nothing;
  double whole; /* the output of the whole picture */
  float *x;     /* TOGETHER pictures */
  float *sums, *counts;
  size_t done, all; /* patches */
} Cover;

/* Patches of a size, `step` of them to a patch's length; those at the end are moved inwards. */
static GArray *
lay_patches(const MgMatrix *map, size_t rows, size_t cols, size_t step)
{
  GArray *patches = g_array_new(FALSE, FALSE, sizeof(Patch));
  rows = MIN(rows, map->rows);
  cols = MIN(cols, map->cols);
  size_t down = MAX(rows / step, 1), right = MAX(cols / step, 1);
  for (size_t row = 0; row < map->rows - rows + down; row += down)
    for (size_t col = 0; col < map->cols - cols + right; col += right) {
      Patch patch = {MIN(row, map->rows - rows), MIN(col, map->cols - cols), rows, cols};
      g_array_append_val(patches, patch);
    }
  return patches;
}

static void
add_loss(Cover *cover, const Patch *patch, float loss)
{
  for (size_t r = patch->row; r < patch->row + patch->rows; r++)
    for (size_t c = patch->col; c < patch->col + patch->cols; c++) {
      size_t at = r * cover->map->cols + c;
      cover->sums[at] += loss;
      cover->counts[at]++;
      cover->map->data[at] = cover->sums[at] / cover->counts[at];
    }
}

static void
cover_some(Cover *cover, const Patch *patches, int n)
{
  const MgSeen *seen = cover->job->seen;
  size_t size = cover->map->rows * cover->map->cols, cols = cover->map->cols;
  for (int i = 0; i < n; i++) {
    float *x = cover->x + i * size;
    memcpy(x, seen->x->data, size * sizeof *x);
    for (size_t r = patches[i].row; r < patches[i].row + patches[i].rows; r++)
      memcpy(x + r * cols + patches[i].col, cover->nothing + r * cols + patches[i].col, patches[i].cols * sizeof *x);
  }
  const float *logits = mg_network_forward(seen->model->network, cover->x, n, FALSE, NULL);
  for (int i = 0; i < n; i++)
    add_loss(cover, &patches[i],
             (float)(cover->whole - mg_explain_output(cover->job, logits + i * seen->model->labels->len)));
}

static gboolean
cover_round(Cover *cover, const GArray *patches, GError **error)
{
  const MgExplainJob *job = cover->job;
  size_t size = cover->map->rows * cover->map->cols;
  memset(cover->sums, 0, size * sizeof *cover->sums);
  memset(cover->counts, 0, size * sizeof *cover->counts);
  for (guint first = 0; first < patches->len; first += TOGETHER) {
    int n = (int)MIN(TOGETHER, patches->len - first);
    if (!mg_progress_go_on(job->progress, error))
      return FALSE;
    cover_some(cover, &g_array_index(patches, Patch, first), n);
    cover->done += n;
    mg_progress_report(job->progress, cover->done / (double)cover->all, NULL);
    if (job->partial)
      job->partial(cover->map, job->data);
  }
  return TRUE;
}

static gboolean
cover_all(Cover *cover, GError **error)
{
  const MgMatrix *map = cover->map;
  size_t rows = mg_params_int_or(cover->job->params, "patch_bands", MAX(map->rows / 16, 1));
  size_t cols = mg_params_int_or(cover->job->params, "patch_frames", MAX(map->cols / 16, 1));
  GArray *rounds[ROUNDS];
  gboolean good = TRUE;
  for (int i = 0; i < ROUNDS; i++) {
    size_t factor = 1 << (ROUNDS - 1 - i); /* the last round's patches overlap by half */
    rounds[i] = lay_patches(map, rows * factor, cols * factor, factor == 1 ? 2 : 1);
    cover->all += rounds[i]->len;
  }
  for (int i = 0; i < ROUNDS; i++) {
    good = good && cover_round(cover, rounds[i], error);
    g_array_unref(rounds[i]);
  }
  return good;
}

static gboolean
explain(const MgExplainJob *job, MgMatrix *map, GError **error)
{
  size_t size = map->rows * map->cols;
  g_autofree float *nothing = mg_explain_nothing(job), *x = g_new(float, TOGETHER *size);
  g_autofree float *sums = g_new(float, size), *counts = g_new(float, size);
  Cover cover = {.job = job, .map = map, .nothing = nothing, .x = x, .sums = sums, .counts = counts};
  cover.whole = mg_explain_output(job, job->seen->logits);
  return cover_all(&cover, error);
}

static const MgParamTable *const tables[] = {&mg_explain_output_params, &mg_explain_nothing_params, &table, NULL};

const MgExplainMethod mg_explain_occlusion = {
    .name = "occlusion",
    .title = N_("Occlusion"),
    .help = N_("What the output loses when a patch of the picture is covered; slow, and the plainest"),
    .tables = tables,
    .explain = explain,
};
