#include "session/results-curves.h"
#include "session/results-private.h"

typedef struct {
  MgResultTable *table; /* NULL: nothing is open */
  guint most;
} Errand;

static void
errand_free(gpointer data)
{
  mg_result_table_unref(((Errand *)data)->table);
  g_free(data);
}

void
mg_result_curves_free(MgResultCurves *curves)
{
  for (guint kind = 0; curves && kind < MG_N_CURVE_KINDS; kind++) {
    g_array_unref(curves->own[kind]);
    g_array_unref(curves->other[kind]);
  }
  g_free(curves);
}

static void
compute_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  g_autoptr(MgPredictions) none = mg_predictions_new(NULL);
  const MgPredictions *own = errand->table ? errand->table->predictions : none;
  const MgPredictions *other = errand->table && errand->table->other ? errand->table->other : none;
  MgResultCurves *curves = g_new(MgResultCurves, 1);
  for (guint kind = 0; kind < MG_N_CURVE_KINDS; kind++) {
    curves->own[kind] = mg_prediction_curves(own, kind, errand->most);
    curves->other[kind] = mg_prediction_curves(other, kind, errand->most);
  }
  g_task_return_pointer(task, curves, (GDestroyNotify)mg_result_curves_free);
}

void
mg_results_curves_async(MgResults *results, guint most, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  Errand *errand = g_new(Errand, 1);
  *errand = (Errand){results->table ? mg_result_table_ref(results->table) : NULL, most};
  g_autoptr(GTask) task = g_task_new(results, cancellable, callback, data);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, compute_on_thread);
}

MgResultCurves *
mg_results_curves_finish(MgResults *results, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
