#include "train/explain-nearest.h"
#include "ml/neighbours.h"
#include <string.h>

static gboolean
any_side(const MgEmbeddings *all)
{
  for (guint i = 0; i < all->rows->len; i++)
    if (((MgEmbeddingRow *)all->rows->pdata[i])->split == MG_SPLIT_TRAIN)
      return TRUE;
  return FALSE;
}

static gboolean
is_itself(const MgEmbeddingRow *row, const MgSeen *seen, const char *track)
{
  return g_strcmp0(row->track, track) == 0 && row->start < seen->end && row->end > seen->start;
}

/* Numbers of the rows that may answer. */
static GArray *
find_candidates(const MgSeen *seen, const char *track, const MgEmbeddings *all, int label)
{
  GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
  gboolean sides = any_side(all);
  for (guint i = 0; i < all->rows->len; i++) {
    const MgEmbeddingRow *row = all->rows->pdata[i];
    if ((label < 0 || row->label == label) && (!sides || row->split == MG_SPLIT_TRAIN) && !is_itself(row, seen, track))
      g_array_append_val(found, i);
  }
  return found;
}

static gboolean
find_vector(const MgSeen *seen, const char *layer, float *vector, GError **error)
{
  g_autoptr(MgEmbedder) embedder = mg_embedder_new(seen->model, layer, error);
  if (!embedder)
    return FALSE;
  const float *picture = seen->picture->data;
  mg_embedder_embed(embedder, &picture, 1, vector, NULL);
  return TRUE;
}

GArray *
mg_explain_nearest(const MgSeen *seen, const char *track, const MgEmbeddings *all, int label, size_t n, GError **error)
{
  g_autoptr(GArray) candidates = find_candidates(seen, track, all, label);
  GArray *nearest = g_array_new(FALSE, FALSE, sizeof(MgNearSegment));
  size_t values = all->vectors->cols;
  n = MIN(n, candidates->len);
  if (n == 0)
    return nearest;
  g_autofree float *vector = g_new(float, values), *distance = g_new(float, n);
  g_autofree guint32 *index = g_new(guint32, n);
  g_autoptr(MgMatrix) x = mg_matrix_new(candidates->len, values, error);
  if (!x || !find_vector(seen, all->layer, vector, error)) {
    g_array_unref(nearest);
    return NULL;
  }
  for (guint i = 0; i < candidates->len; i++)
    memcpy(mg_matrix_row(x, i), mg_matrix_row(all->vectors, g_array_index(candidates, guint, i)),
           values * sizeof *vector);
  mg_neighbours_find(x, vector, 1, FALSE, n, 1, index, distance);
  for (size_t i = 0; i < n; i++) {
    guint row = g_array_index(candidates, guint, index[i]);
    MgNearSegment near = {all->rows->pdata[row], distance[i]};
    g_array_append_val(nearest, near);
  }
  return nearest;
}
