#include "ml/classifier.h"
#include "base/error.h"
#include "ml/classifier-table.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* One line a classifier. */
/* clang-format off */
static const MgClassifierClass *const classes[] = {
    &mg_classifier_logistic,
    &mg_classifier_svc,
    &mg_classifier_knn,
    &mg_classifier_random_forest,
    &mg_classifier_gradient_boosting,
    &mg_classifier_xgboost,
    &mg_classifier_catboost,
    &mg_classifier_fcnn,
    &mg_classifier_lstm,
    &mg_classifier_cnn,
    NULL,
};
/* clang-format on */

const MgClassifierClass *const *
mg_classifier_classes(void)
{
  return classes;
}

const MgClassifierClass *
mg_classifier_class_find(const char *name, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; classes[i]; i++) {
    if (g_str_equal(classes[i]->name, name))
      return classes[i];
    g_string_append_printf(names, "%s%s", i ? ", " : "", classes[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no classifier “%s”; expected one of %s"), name, names->str);
  return NULL;
}

MgParams *
mg_classifier_params(const MgClassifierClass *class)
{
  return mg_params_new(class->tables);
}

static MgClassifier *
new_classifier(const MgClassifierClass *class, int n_classes, size_t features)
{
  MgClassifier *classifier = g_malloc0(class->size);
  *classifier = (MgClassifier){class, n_classes, features, NULL};
  return classifier;
}

void
mg_classifier_free(MgClassifier *classifier)
{
  if (!classifier)
    return;
  classifier->class->clear(classifier);
  g_free(classifier->importance);
  g_free(classifier);
}

static gboolean
check_lesson(const MgLesson *lesson, GError **error)
{
  int present = 0;
  g_autofree gboolean *seen = g_new0(gboolean, lesson->classes);
  for (size_t row = 0; row < lesson->x->rows; row++) {
    present += !seen[lesson->y[row]];
    seen[lesson->y[row]] = TRUE;
  }
  if (present >= 2)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_DATA,
              _("%zu rows of %d classes to learn from; rows of at least two classes were expected"), lesson->x->rows,
              present);
  return FALSE;
}

MgClassifier *
mg_classifier_fit(const MgClassifierClass *class, const MgLesson *lesson, GError **error)
{
  if (!check_lesson(lesson, error))
    return NULL;
  g_autoptr(MgClassifier) classifier = new_classifier(class, lesson->classes, lesson->x->cols);
  return class->fit(classifier, lesson, error) ? g_steal_pointer(&classifier) : NULL;
}

gboolean
mg_classifier_go_on(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  return classifier->class->fit(classifier, lesson, error);
}

int
mg_lesson_rounds(const MgLesson *lesson, const MgClassifierClass *class)
{
  int all = (int)mg_params_int(lesson->params, class->rounds);
  return lesson->until > 0 ? MIN(lesson->until, all) : all;
}

void
mg_classifier_predict(const MgClassifier *classifier, const MgMatrix *x, MgMatrix *probabilities)
{
  classifier->class->predict(classifier, x->data, x->rows, probabilities->data);
}

/* Importances */

static const char importance_name[] = "importance";

void
mg_classifier_keep_importances(MgClassifier *classifier, const double *gain)
{
  size_t features = classifier->features;
  double sum = 0;
  for (size_t f = 0; f < features; f++)
    sum += gain[f];
  classifier->importance = g_renew(float, classifier->importance, features);
  for (size_t f = 0; f < features; f++)
    classifier->importance[f] = (float)(sum > 0 ? gain[f] / sum : 1.0 / (double)features);
}

void
mg_classifier_kept_importances(const MgClassifier *classifier, double *importance)
{
  for (size_t f = 0; f < classifier->features; f++)
    importance[f] = classifier->importance[f];
}

static gboolean
load_importances(MgClassifier *classifier, const GPtrArray *tensors, GError **error)
{
  if (classifier->class->importances != mg_classifier_kept_importances)
    return TRUE;
  const MgTensor *tensor = mg_classifier_stored(tensors, importance_name, 1, (int)classifier->features, error);
  if (tensor)
    classifier->importance = g_memdup2(tensor->data, tensor->n * sizeof(float));
  return tensor != NULL;
}

/* Files */

static void
add_fact(GHashTable *facts, const char *key, char *value)
{
  g_hash_table_replace(facts, g_strdup(key), value);
}

void
mg_classifier_save(const MgClassifier *classifier, GPtrArray *tensors, GHashTable *facts)
{
  add_fact(facts, "classifier", g_strdup(classifier->class->name));
  add_fact(facts, "classes", g_strdup_printf("%d", classifier->classes));
  add_fact(facts, "features", g_strdup_printf("%zu", classifier->features));
  classifier->class->save(classifier, tensors, facts);
  if (classifier->importance)
    mg_classifier_store(tensors, importance_name, classifier->importance, 1, (int)classifier->features);
}

static gboolean
read_count(GHashTable *facts, const char *key, guint64 least, guint64 *value, GError **error)
{
  const char *text = g_hash_table_lookup(facts, key);
  if (text && g_ascii_string_to_unsigned(text, 10, least, 1 << 24, value, NULL))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("“%s” is “%s”; a count was expected"), key,
              text ? text : _("absent"));
  return FALSE;
}

MgClassifier *
mg_classifier_load(GPtrArray *tensors, GHashTable *facts, GError **error)
{
  const char *name = g_hash_table_lookup(facts, "classifier");
  const MgClassifierClass *class = mg_classifier_class_find(name ? name : "", error);
  guint64 n_classes, features;
  if (!class || !read_count(facts, "classes", 2, &n_classes, error) ||
      !read_count(facts, "features", 1, &features, error))
    return NULL;
  g_autoptr(MgClassifier) classifier = new_classifier(class, (int)n_classes, features);
  return class->load(classifier, tensors, facts, error) && load_importances(classifier, tensors, error)
             ? g_steal_pointer(&classifier)
             : NULL;
}

void
mg_classifier_store(GPtrArray *tensors, const char *name, const float *values, int rows, int cols)
{
  MgTensor *tensor = mg_tensor_new("classifier", name, FALSE, 2, (const int[]){rows, cols});
  memcpy(tensor->data, values, tensor->n * sizeof *values);
  g_ptr_array_add(tensors, tensor);
}

const MgTensor *
mg_classifier_stored(const GPtrArray *tensors, const char *name, int rows, int cols, GError **error)
{
  g_autofree char *full = g_strdup_printf("classifier.%s", name);
  for (guint i = 0; i < tensors->len; i++) {
    const MgTensor *tensor = tensors->pdata[i];
    if (g_str_equal(tensor->name, full) && tensor->dimensions == 2 && (rows < 0 || tensor->shape[0] == rows) &&
        (cols < 0 || tensor->shape[1] == cols))
      return tensor;
  }
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("there is no “%s” of the shape that was expected"), full);
  return NULL;
}
