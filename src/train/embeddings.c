#include "train/embeddings.h"
#include "train/run-config.h"
#include "train/run-split.h"
#include "train/table-embeddings.h"
#include "train/train-data.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "nn/loss.h"

enum { CHUNK = 16 }; /* pictures that go through the network together */

struct MgEmbedder {
  MgModel *model;
  size_t layer;
  MgShape shape; /* of its output */
  float *x;
};

/* Layer by name; of no name, what the last one takes. */
static gboolean
find_layer(const MgNetwork *network, const char *name, size_t *found, GError **error)
{
  int source = mg_network_layer(network, mg_network_n_layers(network) - 1).from[0];
  if (name || source < 0)
    return mg_network_find_layer(network, name ? name : "before the last", found, error);
  *found = (size_t)source;
  return TRUE;
}

MgEmbedder *
mg_embedder_new(MgModel *model, const char *layer, GError **error)
{
  size_t number;
  if (!find_layer(model->network, layer, &number, error))
    return NULL;
  MgEmbedder *embedder = g_new0(MgEmbedder, 1);
  embedder->model = model;
  embedder->layer = number;
  embedder->shape = mg_network_layer(model->network, number).output;
  embedder->x = g_new(float, CHUNK *mg_shape_size(mg_network_input(model->network)));
  mg_network_keep(model->network, TRUE);
  return embedder;
}

void
mg_embedder_free(MgEmbedder *embedder)
{
  if (!embedder)
    return;
  mg_network_keep(embedder->model->network, FALSE);
  g_free(embedder->x);
  g_free(embedder);
}

const char *
mg_embedder_layer(const MgEmbedder *embedder)
{
  return mg_network_layer(embedder->model->network, embedder->layer).name;
}

size_t
mg_embedder_values(const MgEmbedder *embedder)
{
  return embedder->shape.channels;
}

static void
take_means(const MgEmbedder *embedder, const float *activation, size_t n, float *vectors)
{
  size_t area = (size_t)embedder->shape.height * embedder->shape.width;
  for (size_t i = 0; i < n * embedder->shape.channels; i++, activation += area) {
    double sum = 0;
    for (size_t k = 0; k < area; k++)
      sum += activation[k];
    vectors[i] = (float)(sum / area);
  }
}

void
mg_embedder_embed(MgEmbedder *embedder, const float *const *pictures, size_t n, float *vectors, float *probabilities)
{
  MgNetwork *network = embedder->model->network;
  size_t size = mg_shape_size(mg_network_input(network)), classes = embedder->model->labels->len;
  for (size_t done = 0; done < n; done += CHUNK) {
    size_t count = MIN((size_t)CHUNK, n - done);
    for (size_t i = 0; i < count; i++)
      mg_model_normalise(embedder->model, pictures[done + i], size, embedder->x + i * size);
    const float *logits = mg_network_forward(network, embedder->x, (int)count, FALSE, NULL);
    if (probabilities)
      mg_softmax(logits, (int)count, (int)classes, probabilities + done * classes);
    take_means(embedder, mg_network_activation(network, embedder->layer), count,
               vectors + done * mg_embedder_values(embedder));
  }
}

static void
free_row(gpointer data)
{
  MgEmbeddingRow *row = data;
  g_free(row->songname);
  g_free(row->track);
  g_free(row);
}

void
mg_embeddings_free(MgEmbeddings *embeddings)
{
  if (!embeddings)
    return;
  g_ptr_array_unref(embeddings->labels);
  g_ptr_array_unref(embeddings->rows);
  mg_matrix_free(embeddings->vectors);
  mg_predictions_free(embeddings->predictions);
  g_free(embeddings->layer);
  g_free(embeddings);
}

static void
add_row(MgEmbeddings *embeddings, const MgTrack *track, const MgSegment *segment)
{
  MgEmbeddingRow *row = g_new(MgEmbeddingRow, 1);
  *row = (MgEmbeddingRow){.songname = g_strdup_printf("%s_%u", track->name, segment->part),
                          .track = g_strdup(track->path),
                          .label = track->label,
                          .part = (int)segment->part,
                          .start = segment->start,
                          .end = segment->end,
                          .split = segment->split};
  g_ptr_array_add(embeddings->rows, row);
}

/* The truth by its name: a data set may have other classes than the model. */
void
mg_embeddings_predict(MgEmbeddings *embeddings, size_t first, size_t count, const float *probabilities)
{
  const GPtrArray *labels = embeddings->predictions->labels;
  guint classes = labels->len, truth;
  for (size_t i = 0; i < count; i++) {
    const MgEmbeddingRow *row = embeddings->rows->pdata[first + i];
    gboolean known =
        row->label >= 0 && g_ptr_array_find_with_equal_func((GPtrArray *)labels, embeddings->labels->pdata[row->label],
                                                            g_str_equal, &truth);
    mg_predictions_add(embeddings->predictions, row->track, known ? (int)truth : -1, row->part, row->start, row->end,
                       probabilities + i * classes);
  }
}

static gboolean
fill_vectors(MgEmbeddings *embeddings, MgEmbedder *embedder, const MgPictures *pictures, MgProgress *progress,
             GError **error)
{
  size_t n = mg_pictures_n(pictures);
  embeddings->vectors = mg_matrix_new(n, mg_embedder_values(embedder), error);
  g_autofree float *probabilities = g_new(float, CHUNK * embedder->model->labels->len);
  for (size_t first = 0; embeddings->vectors && first < n; first += CHUNK) {
    const float *some[CHUNK];
    size_t count = MIN((size_t)CHUNK, n - first);
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    for (size_t i = 0; i < count; i++)
      some[i] = mg_pictures_get(pictures, first + i);
    mg_embedder_embed(embedder, some, count, mg_matrix_row(embeddings->vectors, first), probabilities);
    mg_embeddings_predict(embeddings, first, count, probabilities);
    mg_progress_report(progress, (first + count) / (double)n, NULL);
  }
  return embeddings->vectors != NULL;
}

MgEmbeddings *
mg_embeddings_of_segments(const MgManifest *manifest, const GArray *segments, const GPtrArray *classes,
                          const char *layer)
{
  MgEmbeddings *embeddings = g_new0(MgEmbeddings, 1);
  embeddings->labels = g_ptr_array_copy(manifest->labels, (GCopyFunc)(void *)g_strdup, NULL);
  g_ptr_array_set_free_func(embeddings->labels, g_free);
  embeddings->rows = g_ptr_array_new_with_free_func(free_row);
  embeddings->layer = g_strdup(layer);
  embeddings->predictions = mg_predictions_new((GPtrArray *)classes);
  for (guint i = 0; i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    add_row(embeddings, mg_manifest_track(manifest, segment->track), segment);
  }
  return embeddings;
}

MgEmbeddings *
mg_embeddings_new(MgModel *model, const MgManifest *manifest, const GArray *segments, const char *layer, int threads,
                  MgProgress *progress, GError **error)
{
  g_autoptr(MgEmbedder) embedder = mg_embedder_new(model, layer, error);
  g_autoptr(MgPictures) pictures =
      embedder ? mg_pictures_load(manifest, segments, model->front_end, threads, progress, error) : NULL;
  if (!pictures)
    return NULL;
  mg_network_set_threads(model->network, threads);
  g_autoptr(MgEmbeddings) embeddings =
      mg_embeddings_of_segments(manifest, segments, model->labels, mg_embedder_layer(embedder));
  return fill_vectors(embeddings, embedder, pictures, progress, error) ? g_steal_pointer(&embeddings) : NULL;
}

MgEmbeddings *
mg_embeddings_of_dataset(const char *model_path, const char *dataset, const MgImportOptions *import, const char *layer,
                         int threads, MgProgress *progress, GError **error)
{
  g_autoptr(MgModel) model = mg_model_load(model_path, error);
  g_autoptr(MgManifest) manifest = model ? mg_manifest_open(dataset, import, progress, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) segments = mg_segments_cut(manifest, model->front_end);
  return mg_embeddings_new(model, manifest, segments, layer, threads, progress, error);
}

MgEmbeddings *
mg_embeddings_of_run(const char *run, const char *checkpoint, const char *layer, int threads, MgProgress *progress,
                     GError **error)
{
  g_autofree char *path = mg_checkpoint_path(run, checkpoint, error);
  g_autoptr(MgRunConfig) config = path ? mg_run_config_load(run, error) : NULL;
  if (config && config->is_table)
    return mg_table_embeddings(run, path, config, layer, threads, progress, error);
  g_autoptr(MgModel) model = config ? mg_model_load(path, error) : NULL;
  g_autoptr(MgManifest) manifest = model ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) segments = mg_train_segments(manifest, config->params);
  return mg_embeddings_new(model, manifest, segments, layer, threads, progress, error);
}

static void
append_row(GString *text, const MgEmbeddings *embeddings, guint i)
{
  const MgEmbeddingRow *row = embeddings->rows->pdata[i];
  g_autoptr(GString) line = g_string_new(NULL);
  g_autofree char *songname = g_utf8_make_valid(row->songname, -1), *track = g_utf8_make_valid(row->track, -1);
  mg_csv_append(line, songname);
  mg_csv_append(line, track);
  mg_csv_append(line, embeddings->labels->pdata[row->label]);
  mg_csv_append(line, mg_split_name(row->split));
  mg_csv_append_number(line, row->part, 9);
  mg_csv_append_number(line, row->start, 9);
  mg_csv_append_number(line, row->end, 9);
  for (size_t k = 0; k < embeddings->vectors->cols; k++)
    mg_csv_append_number(line, mg_matrix_row(embeddings->vectors, i)[k], 9);
  g_string_append_printf(text, "%s\n", line->str);
}

gboolean
mg_embeddings_save(const MgEmbeddings *embeddings, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new("songname,track,label,split,part,start,end");
  for (size_t k = 0; k < embeddings->vectors->cols; k++)
    g_string_append_printf(text, ",e%zu", k);
  g_string_append_c(text, '\n');
  for (guint i = 0; i < embeddings->rows->len; i++)
    append_row(text, embeddings, i);
  return mg_file_write(path, text->str, text->len, error);
}
