#include "session/analysis-store.h"
#include "dsp/stft.h"

#define KEPT 6 /* analyses that are kept after their last use */

struct _MgAnalysisStore {
  GObject parent;
  char *path;
  double duration;
  int native_sr;
  GQueue recent; /* MgAnalysis *, the last one asked for first; those that are in use elsewhere lie here too */
};

G_DEFINE_FINAL_TYPE(MgAnalysisStore, mg_analysis_store, G_TYPE_OBJECT)

MgAnalysisStore *
mg_analysis_store_new(const char *path, double duration, int native_sr)
{
  MgAnalysisStore *store = g_object_new(MG_TYPE_ANALYSIS_STORE, NULL);
  store->path = g_strdup(path);
  store->duration = duration;
  store->native_sr = native_sr;
  return store;
}

/* The feature's tables, and the STFT's for one that is a sound. */
static MgParams *
params_of(const MgFeature *feature)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  g_ptr_array_add(tables, (gpointer)&mg_audio_params);
  for (size_t i = 0; feature->tables[i]; i++)
    g_ptr_array_add(tables, (gpointer)feature->tables[i]);
  if (feature->kind == MG_FEATURE_SOUND && !g_ptr_array_find(tables, &mg_stft_params, NULL))
    g_ptr_array_add(tables, (gpointer)&mg_stft_params);
  g_ptr_array_add(tables, NULL);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

MgParams *
mg_analysis_params_beside(const MgFeature *feature, const MgParams *pane)
{
  MgParams *params = params_of(feature);
  mg_params_take_tables(params, pane);
  return params;
}

static gboolean
is_same(MgAnalysis *analysis, const MgFeature *feature, const char *key)
{
  if (mg_analysis_feature(analysis) != feature)
    return FALSE;
  g_autofree char *other = mg_params_key(mg_analysis_params(analysis), NULL);
  return g_str_equal(key, other);
}

MgAnalysis *
mg_analysis_store_get(MgAnalysisStore *store, const MgFeature *feature, const MgParams *params, GError **error)
{
  g_autoptr(MgParams) own = params_of(feature);
  mg_params_take(own, params);
  g_autofree char *key = mg_params_key(own, NULL);
  for (GList *node = store->recent.head; node; node = node->next)
    if (is_same(node->data, feature, key) && !mg_analysis_failure(node->data)) {
      g_queue_unlink(&store->recent, node);
      g_queue_push_head_link(&store->recent, node);
      return g_object_ref(node->data);
    }
  MgAnalysis *analysis = mg_analysis_new(store->path, store->duration, store->native_sr, feature, own, error);
  if (!analysis)
    return NULL;
  g_queue_push_head(&store->recent, g_object_ref(analysis));
  while (g_queue_get_length(&store->recent) > KEPT)
    g_object_unref(g_queue_pop_tail(&store->recent));
  return analysis;
}

static void
dispose(GObject *object)
{
  MgAnalysisStore *store = MG_ANALYSIS_STORE(object);
  g_queue_clear_full(&store->recent, g_object_unref);
  G_OBJECT_CLASS(mg_analysis_store_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_free(MG_ANALYSIS_STORE(object)->path);
  G_OBJECT_CLASS(mg_analysis_store_parent_class)->finalize(object);
}

static void
mg_analysis_store_class_init(MgAnalysisStoreClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_analysis_store_init(MgAnalysisStore *store)
{
  g_queue_init(&store->recent);
}
