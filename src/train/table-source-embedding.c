#include "train/table-source-class.h"
#include "train/embeddings.h"
#include "train/metadata.h"
#include "base/error.h"
#include "dataset/front-end.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What the model file tells of it beside the network's own metadata. */
static const char layer_key[] = "embedding_layer", seconds_key[] = "sequence_seconds", hop_key[] = "sequence_hop";

enum { MOST_COLUMNS = 1 << 20 };

typedef struct {
  MgTableSource base;
  MgModel *model;
  MgFrontEnd *front_end; /* this and the next are made when the first row of a sound is asked for */
  MgEmbedder *embedder;
  char *layer;
  double hop; /* s between the starts of two rows; 0: as the network was trained, or the rows' length */
  gboolean sequence;
} Source;

/* Of the network. */
static double
piece_seconds(const Source *source)
{
  return mg_params_float(source->model->front_end, "segment_seconds");
}

static void
cut_pieces(const Source *source, GArray *pieces, guint32 number, double start, double duration, MgSplit split)
{
  mg_segments_cut_track(pieces, number, start, duration, split, source->model->front_end);
}

static gboolean
count_steps(Source *source, GError **error)
{
  double seconds = source->base.seconds;
  if (seconds < piece_seconds(source) - 1e-6) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("segment_seconds=%g: the network takes pieces of %g s; expected as much or more"), seconds,
                piece_seconds(source));
    return FALSE;
  }
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  cut_pieces(source, pieces, 0, 0, seconds, MG_SPLIT_NONE);
  source->base.steps = pieces->len;
  return TRUE;
}

static void
name_columns(Source *source, size_t values)
{
  for (size_t step = 0; step < source->base.steps; step++)
    for (size_t k = 0; k < values; k++)
      g_ptr_array_add(source->base.columns,
                      source->base.steps > 1 ? g_strdup_printf("e%zu_t%zu", k, step + 1) : g_strdup_printf("e%zu", k));
}

/* `seconds` 0: a row a piece. */
static gboolean
set_up(Source *source, const char *layer, double seconds, GError **error)
{
  g_autoptr(MgEmbedder) embedder = mg_embedder_new(source->model, layer, error);
  if (!embedder)
    return FALSE;
  source->layer = g_strdup(mg_embedder_layer(embedder));
  source->sequence = seconds > 0;
  source->base.seconds = source->sequence ? seconds : piece_seconds(source);
  if (source->sequence && !count_steps(source, error))
    return FALSE;
  size_t values = mg_embedder_values(embedder);
  if (source->base.steps > MOST_COLUMNS / values) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT,
                _("segment_seconds=%g: rows of %zu pieces of %zu values; expected %d columns at most"),
                source->base.seconds, source->base.steps, values, MOST_COLUMNS);
    return FALSE;
  }
  name_columns(source, values);
  return TRUE;
}

MgTableSource *
mg_table_source_embedding(const char *model, const char *layer, const MgParams *params, GError **error)
{
  g_autoptr(MgTableSource) base = mg_table_source_new(&mg_table_source_of_embedding);
  Source *source = (Source *)base;
  source->model = mg_model_load(model, error);
  source->hop = mg_params_float_or(params, "segment_hop", 0);
  return source->model && set_up(source, layer, mg_params_float_or(params, "segment_seconds", 0), error)
             ? g_steal_pointer(&base)
             : NULL;
}

/* Files */

static char *
number_text(double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup(g_ascii_dtostr(text, sizeof text, value));
}

static char *
save(const MgTableSource *self, GPtrArray *tensors)
{
  const Source *source = (const Source *)self;
  const GPtrArray *weights = mg_network_tensors(source->model->network);
  for (guint i = 0; i < weights->len; i++) {
    const MgTensor *weight = weights->pdata[i];
    MgTensor *copy = mg_tensor_new(self->class->name, weight->name, FALSE, weight->dimensions, weight->shape);
    memcpy(copy->data, weight->data, weight->n * sizeof(float));
    g_ptr_array_add(tensors, copy);
  }
  g_autoptr(GHashTable) facts = mg_model_metadata(source->model);
  g_hash_table_insert(facts, (gpointer)layer_key, g_strdup(source->layer));
  g_hash_table_insert(facts, (gpointer)seconds_key, number_text(source->sequence ? self->seconds : 0));
  g_hash_table_insert(facts, (gpointer)hop_key, number_text(source->hop));
  return mg_metadata_object(facts);
}

static gboolean
load_weights(Source *source, const MgSafetensors *file, GError **error)
{
  const GPtrArray *weights = mg_network_tensors(source->model->network);
  for (guint i = 0; i < weights->len; i++) {
    MgTensor *weight = weights->pdata[i];
    g_autofree char *name = g_strdup_printf("%s.%s", source->base.class->name, weight->name);
    if (!mg_safetensors_read_as(file, name, weight, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_seconds(GHashTable *facts, const char *key, double *seconds)
{
  const char *text = g_hash_table_lookup(facts, key);
  *seconds = text ? g_ascii_strtod(text, NULL) : NAN;
  return *seconds == 0 || (*seconds >= 0.01 && *seconds <= 3600);
}

static gboolean
load(MgTableSource *self, const MgSafetensors *file, const char *path, GError **error)
{
  Source *source = (Source *)self;
  g_autoptr(GHashTable) facts = mg_metadata_read_object(file, path, self->class->name, error);
  if (!facts)
    return FALSE;
  const char *network = g_hash_table_lookup(facts, "network"), *layer = g_hash_table_lookup(facts, layer_key);
  double seconds;
  if (!network || !layer || !read_seconds(facts, seconds_key, &seconds) ||
      !read_seconds(facts, hop_key, &source->hop)) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: metadata “%s”: network, %s, %s and %s were expected"), path,
                self->class->name, layer_key, seconds_key, hop_key);
    return FALSE;
  }
  source->model = mg_model_adopt(network, path, facts, error);
  return source->model && load_weights(source, file, error) && set_up(source, layer, seconds, error);
}

/* Rows */

static void
cut(const MgTableSource *self, GArray *segments, guint32 number, const MgTrack *track)
{
  const Source *source = (const Source *)self;
  g_autoptr(MgParams) params = mg_params_copy(source->model->front_end);
  if (source->sequence)
    mg_params_set_float(params, "segment_seconds", self->seconds);
  if (source->hop > 0)
    mg_params_set_float(params, "segment_hop", source->hop);
  else if (source->sequence)
    mg_params_set(params, "segment_hop", "auto", NULL);
  mg_segments_cut_track(segments, number, track->start, track->duration, track->split, params);
}

/* The pieces that have sound, and the place in x of each one's vector. Those behind the end of a track that is shorter
 * than a row are left out. */
static GArray *
collect_pieces(const Source *source, const MgManifest *manifest, const GArray *segments, GArray *places)
{
  GArray *sounding = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    const MgTrack *track = mg_manifest_track(manifest, segment->track);
    g_array_set_size(pieces, 0);
    cut_pieces(source, pieces, segment->track, segment->start, source->base.seconds, segment->split);
    for (guint step = 0; step < pieces->len; step++) {
      MgSegment piece = g_array_index(pieces, MgSegment, step);
      size_t place = i * source->base.steps + step;
      if (step > 0 && piece.start >= track->start + track->duration - 1e-3)
        break;
      g_array_append_val(sounding, piece);
      g_array_append_val(places, place);
    }
  }
  return sounding;
}

/* A short track is padded: every vector begins as that of silence. */
static gboolean
fill_silence(Source *source, MgMatrix *x, GError **error)
{
  size_t values = x->cols / source->base.steps;
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(source->model->front_end, error);
  g_autoptr(MgEmbedder) embedder = front_end ? mg_embedder_new(source->model, source->layer, error) : NULL;
  if (!embedder)
    return FALSE;
  g_autofree float *picture = g_new(float, mg_front_end_bins(front_end) * mg_front_end_frames(front_end));
  g_autofree float *vector = g_new(float, values);
  const float *pictures[] = {picture};
  mg_front_end_segment(front_end, NULL, 0, picture);
  mg_embedder_embed(embedder, pictures, 1, vector, NULL);
  for (size_t i = 0; i < x->rows * source->base.steps; i++)
    memcpy(x->data + i * values, vector, values * sizeof *vector);
  return TRUE;
}

static gboolean
fill(MgTableSource *self, const MgManifest *manifest, const GArray *segments, int threads, MgMatrix *x, gboolean *made,
     GPtrArray *problems, MgProgress *progress, GError **error)
{
  Source *source = (Source *)self;
  g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(size_t));
  g_autoptr(GArray) pieces = collect_pieces(source, manifest, segments, places);
  if (pieces->len < segments->len * self->steps && !fill_silence(source, x, error))
    return FALSE;
  g_autoptr(MgEmbeddings) embeddings =
      mg_embeddings_new(source->model, manifest, pieces, source->layer, threads, progress, error);
  if (!embeddings)
    return FALSE;
  size_t values = embeddings->vectors->cols;
  for (guint i = 0; i < pieces->len; i++)
    memcpy(x->data + g_array_index(places, size_t, i) * values, mg_matrix_row(embeddings->vectors, i),
           values * sizeof(float));
  for (guint i = 0; i < segments->len; i++)
    made[i] = TRUE;
  return TRUE;
}

static gboolean
open_embedder(Source *source, GError **error)
{
  if (!source->front_end)
    source->front_end = mg_front_end_new(source->model->front_end, error);
  if (source->front_end && !source->embedder)
    source->embedder = mg_embedder_new(source->model, source->layer, error);
  return source->embedder != NULL;
}

static gboolean
make_row(MgTableSource *self, const float *samples, size_t n, int sr, float *values, GError **error)
{
  Source *source = (Source *)self;
  if (!open_embedder(source, error))
    return FALSE;
  g_autofree float *picture = g_new(float, mg_shape_size(mg_network_input(source->model->network)));
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  cut_pieces(source, pieces, 0, 0, self->seconds, MG_SPLIT_NONE);
  for (guint step = 0; step < pieces->len; step++, values += mg_embedder_values(source->embedder)) {
    const MgSegment *piece = &g_array_index(pieces, MgSegment, step);
    size_t first = MIN(n, (size_t)rint(piece->start * sr)), last = MIN(n, (size_t)rint(piece->end * sr));
    if (!mg_front_end_sound(source->front_end, samples + first, last - first, sr, picture, error))
      return FALSE;
    mg_embedder_embed(source->embedder, (const float *const[]){picture}, 1, values, NULL);
  }
  return TRUE;
}

static void
clear(MgTableSource *self)
{
  Source *source = (Source *)self;
  mg_embedder_free(source->embedder);
  g_clear_pointer(&source->front_end, mg_front_end_free);
  mg_model_free(source->model);
  g_free(source->layer);
}

const MgTableSourceClass mg_table_source_of_embedding = {.name = "embedding",
                                                         .size = sizeof(Source),
                                                         .save = save,
                                                         .load = load,
                                                         .cut = cut,
                                                         .fill = fill,
                                                         .row = make_row,
                                                         .clear = clear};
