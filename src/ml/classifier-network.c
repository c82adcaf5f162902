#include "ml/classifier-network.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* A block of rows as the network's input. */
enum { ROWS_AT_ONCE = 256 };

gboolean
mg_network_classifier_fit(MgNetworkClassifier *self, const char *description, MgShape input, const MgLesson *lesson,
                          GError **error)
{
  if (!self->network) {
    self->network = mg_network_new(description, self->base.class->name, input, self->base.classes, lesson->seed, error);
    self->training =
        self->network ? mg_network_training_new(self->network, self->base.class->tables, lesson, error) : NULL;
    if (!self->training)
      return FALSE;
  }
  if (self->training && !mg_network_training_run(self->training, lesson, error))
    return FALSE;
  if (self->training && mg_network_training_is_over(self->training))
    g_clear_pointer(&self->training, mg_network_training_free);
  return TRUE;
}

void
mg_network_classifier_predict(const MgClassifier *classifier, const float *x, size_t rows, float *probabilities)
{
  MgNetworkClassifier *self = (MgNetworkClassifier *)classifier;
  size_t size = mg_shape_size(mg_network_input(self->network));
  g_autofree float *block = g_new(float, size *MIN(rows, (size_t)ROWS_AT_ONCE));
  g_mutex_lock(&self->lock);
  for (size_t first = 0; first < rows; first += ROWS_AT_ONCE) {
    size_t n = MIN((size_t)ROWS_AT_ONCE, rows - first);
    for (size_t row = 0; row < n; row++)
      mg_network_fill_row(x + (first + row) * classifier->features, classifier->features, size, block + row * size);
    mg_network_predict(self->network, block, n, probabilities + first * (size_t)classifier->classes);
  }
  g_mutex_unlock(&self->lock);
}

/* Files */

static int
columns_of(const MgTensor *tensor)
{
  return (int)(tensor->n / (size_t)MAX(tensor->shape[0], 1));
}

void
mg_network_classifier_save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  const MgNetworkClassifier *self = (const MgNetworkClassifier *)classifier;
  const GPtrArray *weights = mg_network_tensors(self->network);
  MgShape input = mg_network_input(self->network);
  for (guint i = 0; i < weights->len; i++) {
    const MgTensor *tensor = weights->pdata[i];
    mg_classifier_store(tensors, tensor->name, tensor->data, tensor->shape[0], columns_of(tensor));
  }
  g_hash_table_replace(facts, g_strdup("network"), g_strdup(mg_network_description(self->network)));
  g_hash_table_replace(facts, g_strdup("input"),
                       g_strdup_printf("%dx%dx%d", input.channels, input.height, input.width));
}

static gboolean
read_shape(GHashTable *facts, size_t features, MgShape *input, GError **error)
{
  const char *text = g_hash_table_lookup(facts, "input");
  g_auto(GStrv) sizes = g_strsplit(text ? text : "", "x", -1);
  guint64 values[3] = {0};
  gboolean good = g_strv_length(sizes) == 3;
  for (int i = 0; good && i < 3; i++)
    good = g_ascii_string_to_unsigned(sizes[i], 10, 1, 1 << 20, &values[i], NULL);
  *input = (MgShape){(int)values[0], (int)values[1], (int)values[2]};
  if (good && values[0] * values[1] * values[2] >= features && values[0] * values[1] * values[2] <= 2 * features)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“input” is “%s”; CxHxW with room for %zu columns was expected"),
              text ? text : _("absent"), features);
  return FALSE;
}

static guint64
values_of(const GPtrArray *tensors)
{
  guint64 n = 0;
  for (guint i = 0; i < tensors->len; i++)
    n += ((const MgTensor *)tensors->pdata[i])->n;
  return n;
}

static gboolean
load_weights(MgNetwork *network, const GPtrArray *tensors, GError **error)
{
  const GPtrArray *weights = mg_network_tensors(network);
  for (guint i = 0; i < weights->len; i++) {
    MgTensor *tensor = weights->pdata[i];
    const MgTensor *stored = mg_classifier_stored(tensors, tensor->name, tensor->shape[0], columns_of(tensor), error);
    if (!stored)
      return FALSE;
    memcpy(tensor->data, stored->data, tensor->n * sizeof *tensor->data);
  }
  mg_network_tensors(network); /* they have changed */
  return TRUE;
}

gboolean
mg_network_classifier_load(MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts, GError **error)
{
  MgNetworkClassifier *self = (MgNetworkClassifier *)classifier;
  const char *description = g_hash_table_lookup(facts, "network");
  MgShape input;
  if (!read_shape(facts, classifier->features, &input, error))
    return FALSE;
  self->network = mg_network_new_to_fill(description ? description : "", classifier->class->name, input,
                                         classifier->classes, values_of(tensors), error);
  return self->network && load_weights(self->network, tensors, error);
}

void
mg_network_classifier_clear(MgClassifier *classifier)
{
  MgNetworkClassifier *self = (MgNetworkClassifier *)classifier;
  mg_network_training_free(self->training);
  mg_network_free(self->network);
  g_mutex_clear(&self->lock);
}
