#include "train/similar-embedding.h"
#include "base/parallel.h"
#include "dataset/clip.h"
#include "dataset/front-end.h"
#include "dataset/segment.h"
#include "train/embeddings.h"
#include <math.h>

/* What one worker asks. */
typedef struct {
  MgModel *model;
  MgFrontEnd *front_end;
  MgEmbedder *embedder;
  float *picture, *vector;
} Ear;

typedef struct {
  Ear *ears; /* [n] */
  int n;
} Ears;

static gboolean
open_ear(Ear *ear, const char *path, const char *layer, GError **error)
{
  ear->model = mg_model_load(path, error);
  ear->front_end = ear->model ? mg_front_end_new(ear->model->front_end, error) : NULL;
  ear->embedder = ear->front_end ? mg_embedder_new(ear->model, layer, error) : NULL;
  if (!ear->embedder)
    return FALSE;
  mg_network_set_threads(ear->model->network, 1);
  ear->picture = g_new(float, mg_shape_size(mg_network_input(ear->model->network)));
  ear->vector = g_new(float, mg_embedder_values(ear->embedder));
  return TRUE;
}

static void
close_ears(Ears *ears)
{
  for (int i = 0; i < ears->n; i++) {
    Ear *ear = &ears->ears[i];
    mg_embedder_free(ear->embedder);
    mg_front_end_free(ear->front_end);
    mg_model_free(ear->model);
    g_free(ear->picture);
    g_free(ear->vector);
  }
  g_free(ears->ears);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ears, close_ears)

static gboolean
open_ears(Ears *ears, int n, const char *path, const char *layer, GError **error)
{
  *ears = (Ears){g_new0(Ear, n), n};
  for (int i = 0; i < n; i++)
    if (!open_ear(&ears->ears[i], path, layer, error))
      return FALSE;
  return TRUE;
}

static double
piece_seconds(const Ear *ear)
{
  return (double)mg_front_end_samples(ear->front_end) / mg_front_end_sr(ear->front_end);
}

static gboolean
add_piece(Ear *ear, const MgClip *clip, const MgSegment *piece, float *values, GError **error)
{
  size_t first = MIN(clip->n, (size_t)rint(piece->start * clip->sr)),
         end = MIN(clip->n, (size_t)rint(piece->end * clip->sr));
  if (!mg_front_end_sound(ear->front_end, clip->samples + first, end - first, clip->sr, ear->picture, error))
    return FALSE;
  mg_embedder_embed(ear->embedder, (const float *const[]){ear->picture}, 1, ear->vector, NULL);
  for (size_t i = 0; i < mg_embedder_values(ear->embedder); i++)
    values[i] += ear->vector[i];
  return TRUE;
}

static gboolean
mean_vector(const char *path, double start, double end, int worker, float *values, gpointer data, GError **error)
{
  Ear *ear = &((Ears *)data)->ears[worker];
  g_auto(MgClip) clip = {0};
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  size_t columns = mg_embedder_values(ear->embedder);
  if (!mg_clip_load(&clip, path, start, end, 0, error))
    return FALSE;
  mg_segments_cut_track(pieces, 0, 0, (double)clip.n / clip.sr, MG_SPLIT_NONE, ear->model->front_end);
  memset(values, 0, columns * sizeof *values);
  for (guint i = 0; i < pieces->len; i++)
    if (!add_piece(ear, &clip, &g_array_index(pieces, MgSegment, i), values, error))
      return FALSE;
  for (size_t i = 0; i < columns; i++)
    values[i] /= (float)pieces->len;
  return TRUE;
}

GPtrArray *
mg_similar_by_embedding(const char *model, const char *layer, const char *path, double start, double end,
                        const char *const *others, guint most, int jobs, GPtrArray *problems, MgProgress *progress,
                        GError **error)
{
  g_auto(Ears) ears = {0};
  if (!open_ears(&ears, jobs > 0 ? jobs : mg_processors(), model, layer, error))
    return NULL;
  double missing = piece_seconds(&ears.ears[0]) - (end - start);
  if (missing > 0 && start >= 0 && end > start) {
    start = MAX(0, start - missing / 2);
    end = start + piece_seconds(&ears.ears[0]);
  }
  MgSimilarMeasure measure = {mg_embedder_values(ears.ears[0].embedder), mean_vector, &ears};
  return mg_similar_rank(path, start, end, others, &measure, most, ears.n, problems, progress, error);
}
