#include "session/gallery.h"
#include "dataset/clip.h"
#include "dsp/feature.h"

static const double usual_range = 80;

typedef struct {
  char *path, *over;
  double start, end;
  MgParams *params;
} Order;

static void
free_order(gpointer data)
{
  Order *order = data;
  mg_params_free(order->params);
  g_free(order->path);
  g_free(order->over);
  g_free(order);
}

void
mg_variants_free(MgVariants *variants)
{
  if (!variants)
    return;
  g_clear_pointer(&variants->variants, g_ptr_array_unref);
  g_free(variants);
}

static void
cancel_progress(GCancellable *cancellable, MgProgress *progress)
{
  mg_progress_cancel(progress);
}

static MgVariants *
make(const Order *order, MgProgress *progress, GError **error)
{
  int sr;
  g_auto(MgClip) clip = {0};
  if (!mg_audio_params_sr(order->params, &sr, error) ||
      !mg_clip_load(&clip, order->path, order->start, order->end, sr, error))
    return NULL;
  g_autoptr(GPtrArray) variants =
      mg_variants_new(clip.samples, clip.n, clip.sr, order->params, order->over, progress, error);
  if (!variants)
    return NULL;
  MgVariants *result = g_new0(MgVariants, 1);
  *result = (MgVariants){.variants = g_steal_pointer(&variants),
                         .start = order->start,
                         .end = order->start + (double)clip.n / clip.sr,
                         .low_hz = mg_params_float(order->params, "fmin"),
                         .top_hz = mg_params_float_or(order->params, "fmax", clip.sr / 2.0),
                         .range_db = mg_params_float_or(order->params, "top_db", usual_range),
                         .htk = mg_params_bool(order->params, "htk")};
  return result;
}

static void
work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgProgress) progress = mg_progress_new(NULL, NULL);
  gulong handler = cancellable ? g_cancellable_connect(cancellable, G_CALLBACK(cancel_progress), progress, NULL) : 0;
  MgVariants *result = make(data, progress, &error);
  g_cancellable_disconnect(cancellable, handler);
  if (result)
    g_task_return_pointer(task, result, (GDestroyNotify)mg_variants_free);
  else
    g_task_return_error(task, g_steal_pointer(&error));
}

void
mg_variants_async(const char *path, double start, double end, const MgParams *params, const char *over,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, data);
  Order *order = g_new0(Order, 1);
  *order = (Order){g_strdup(path), g_strdup(over), start, end, mg_params_copy(params)};
  g_task_set_task_data(task, order, free_order);
  g_task_run_in_thread(task, work);
}

MgVariants *
mg_variants_finish(GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
