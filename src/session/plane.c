#include "session/plane.h"
#include "session/plane-points.h"
#include "session/worker.h"
#include "base/error.h"
#include "ml/neighbours.h"

struct _MgPlane {
  GObject parent_instance;
  MgPlaneState state;
  char *message;
  MgRun *run;
  char *method;
  MgWorker *worker;     /* that asks the network, or NULL */
  MgProgress *progress; /* of the thread that lays out, or NULL */
  guint64 errand;       /* number of the newest request; older answers are dropped */
  double fraction, seconds_left;
  MgPlaneSegments *segments; /* of `run`, or NULL */
  MgMatrix *places;
};

G_DEFINE_FINAL_TYPE(MgPlane, mg_plane, G_TYPE_OBJECT)

static guint changed_signal, progress_signal;

static void
set_state(MgPlane *plane, MgPlaneState state, const char *message)
{
  plane->state = state;
  plane->fraction = 0;
  plane->seconds_left = -1;
  g_free(plane->message);
  plane->message = g_strdup(message);
  g_signal_emit(plane, changed_signal, 0);
}

static void
set_progress(MgPlane *plane, double fraction, double seconds_left)
{
  plane->fraction = fraction;
  plane->seconds_left = seconds_left;
  g_signal_emit(plane, progress_signal, 0);
}

/* Laying out, on a thread. */

typedef struct {
  char *run, *method;
  MgPlaneSegments *segments; /* NULL: to be read */
  MgMatrix *places;
  MgProgress *progress;
  guint64 number;
} Errand;

static void
errand_free(gpointer data)
{
  Errand *errand = data;
  g_free(errand->run);
  g_free(errand->method);
  mg_plane_segments_unref(errand->segments);
  mg_matrix_free(errand->places);
  mg_progress_unref(errand->progress);
  g_free(errand);
}

/* The task holds the plane until it has told its end; who drops the work cancels its progress. */
static void
on_placing_progress(double fraction, double seconds_left, const char *what, gpointer data)
{
  set_progress(data, fraction, seconds_left);
}

static void
place_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  GError *error = NULL;
  if (!errand->segments)
    errand->segments = mg_plane_segments_load(errand->run, &error);
  if (errand->segments)
    errand->places = mg_plane_places_make(errand->segments, errand->run, errand->method, errand->progress, &error);
  if (errand->places)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void
on_placed(GObject *source, GAsyncResult *result, gpointer data)
{
  MgPlane *plane = MG_PLANE(source);
  Errand *errand = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean(G_TASK(result), &error);
  if (errand->number != plane->errand)
    return;
  g_clear_pointer(&plane->progress, mg_progress_unref);
  if (errand->segments && !plane->segments)
    plane->segments = g_steal_pointer(&errand->segments);
  plane->places = g_steal_pointer(&errand->places);
  gboolean stopped = g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED);
  set_state(plane,
            good      ? MG_PLANE_READY
            : stopped ? MG_PLANE_STOPPED
                      : MG_PLANE_FAILED,
            error && !stopped ? error->message : "");
}

static void
place(MgPlane *plane)
{
  Errand *errand = g_new0(Errand, 1);
  errand->run = g_strdup(mg_run_folder(plane->run));
  errand->method = g_strdup(plane->method);
  errand->segments = plane->segments ? mg_plane_segments_ref(plane->segments) : NULL;
  errand->progress = mg_progress_new_on_main(on_placing_progress, plane);
  errand->number = plane->errand;
  plane->progress = mg_progress_ref(errand->progress);
  g_autoptr(GTask) task = g_task_new(plane, NULL, on_placed, NULL);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, place_on_thread);
  set_state(plane, MG_PLANE_PLACING, "");
}

/* Asking the network, in a child process. */

static void
on_worker_ended(MgWorker *worker, guint end, const char *message, MgPlane *plane)
{
  if (worker != plane->worker)
    return;
  g_clear_object(&plane->worker);
  if (end == MG_WORKER_DONE)
    place(plane);
  else
    set_state(plane, end == MG_WORKER_STOPPED ? MG_PLANE_STOPPED : MG_PLANE_FAILED, message);
}

static void
on_worker_progress(MgWorker *worker, double fraction, double seconds_left, const char *what, MgPlane *plane)
{
  set_progress(plane, fraction, seconds_left);
}

static void
ask(MgPlane *plane)
{
  const char *run = mg_run_folder(plane->run);
  g_autofree char *vectors = g_build_filename(run, "embeddings.csv", NULL);
  g_autofree char *predictions = g_build_filename(run, "predictions-all.csv", NULL);
  const char *arguments[] = {"embed", "--run", run, "--out", vectors, "--predictions", predictions, "--progress", NULL};
  g_autoptr(MgWorker) worker = mg_worker_new();
  g_autoptr(GError) error = NULL;
  if (!mg_worker_start(worker, arguments, &error)) {
    set_state(plane, MG_PLANE_FAILED, error->message);
    return;
  }
  g_signal_connect(worker, "ended", G_CALLBACK(on_worker_ended), plane);
  g_signal_connect(worker, "progress", G_CALLBACK(on_worker_progress), plane);
  plane->worker = g_steal_pointer(&worker);
  set_state(plane, MG_PLANE_ASKING, "");
}

/* What goes on is not wanted any more. */
static void
drop_work(MgPlane *plane)
{
  plane->errand++;
  mg_progress_cancel(plane->progress);
  g_clear_pointer(&plane->progress, mg_progress_unref);
  if (!plane->worker)
    return;
  g_signal_handlers_disconnect_by_data(plane->worker, plane);
  mg_worker_stop(plane->worker);
  g_clear_object(&plane->worker);
}

void
mg_plane_open(MgPlane *plane, MgRun *run, const char *method)
{
  gboolean fresh = run && mg_plane_segments_are_fresh(mg_run_folder(run));
  gboolean working = plane->state == MG_PLANE_ASKING || plane->state == MG_PLANE_PLACING;
  if (run == plane->run && g_strcmp0(method, plane->method) == 0 &&
      (working || (plane->state == MG_PLANE_READY && fresh)))
    return;
  drop_work(plane);
  if (run != plane->run || !fresh)
    g_clear_pointer(&plane->segments, mg_plane_segments_unref);
  g_clear_pointer(&plane->places, mg_matrix_free);
  g_set_object(&plane->run, run);
  g_autofree char *former = plane->method;
  plane->method = g_strdup(method);
  if (!run || !mg_run_has_model(run))
    set_state(plane, MG_PLANE_EMPTY, "");
  else if (fresh)
    place(plane);
  else
    ask(plane);
}

void
mg_plane_stop(MgPlane *plane)
{
  if (plane->worker)
    mg_worker_stop(plane->worker);
  mg_progress_cancel(plane->progress);
}

/* Reading. */

MgPlaneState
mg_plane_state(MgPlane *plane)
{
  return plane->state;
}

MgRun *
mg_plane_run(MgPlane *plane)
{
  return plane->run;
}

const char *
mg_plane_message(MgPlane *plane)
{
  return plane->message ? plane->message : "";
}

double
mg_plane_fraction(MgPlane *plane)
{
  return plane->fraction;
}

double
mg_plane_seconds_left(MgPlane *plane)
{
  return plane->seconds_left;
}

size_t
mg_plane_n(MgPlane *plane)
{
  return plane->places ? plane->places->rows : 0;
}

const MgMatrix *
mg_plane_places(MgPlane *plane)
{
  return plane->places;
}

const char *const *
mg_plane_labels(MgPlane *plane, int *n)
{
  static const char *const none[] = {NULL};
  *n = plane->segments ? (int)plane->segments->table->predictions->labels->len : 0;
  return plane->segments ? plane->segments->table->labels : none;
}

const MgPrediction *
mg_plane_prediction(MgPlane *plane, size_t i)
{
  g_return_val_if_fail(i < mg_plane_n(plane), NULL);
  return plane->segments->table->predictions->predictions->pdata[i];
}

MgSplit
mg_plane_split(MgPlane *plane, size_t i)
{
  g_return_val_if_fail(i < mg_plane_n(plane), MG_SPLIT_NONE);
  return plane->segments->splits[i];
}

MgResultRow *
mg_plane_row(MgPlane *plane, size_t i)
{
  g_return_val_if_fail(i < mg_plane_n(plane), NULL);
  return mg_result_row_new(plane->segments->table, (guint)i);
}

gssize
mg_plane_find(MgPlane *plane, const MgPrediction *segment)
{
  for (size_t i = 0; i < mg_plane_n(plane); i++)
    if (mg_prediction_is_same(mg_plane_prediction(plane, i), segment))
      return (gssize)i;
  return -1;
}

size_t
mg_plane_neighbours(MgPlane *plane, size_t i, size_t k, guint32 *index, float *distance)
{
  size_t n = mg_plane_n(plane), found = 0;
  if (i >= n)
    return 0;
  const MgMatrix *vectors = plane->segments->vectors;
  size_t asked = MIN(k + 1, n);
  g_autofree guint32 *near = g_new(guint32, asked);
  g_autofree float *far = g_new(float, asked);
  mg_neighbours_find(vectors, mg_matrix_row(vectors, i), 1, FALSE, asked, 1, near, far);
  for (size_t place = 0; place < asked && found < k; place++)
    if (near[place] != i) {
      index[found] = near[place];
      distance[found++] = far[place];
    }
  return found;
}

static void
mg_plane_dispose(GObject *object)
{
  drop_work(MG_PLANE(object));
  g_clear_object(&MG_PLANE(object)->run);
  G_OBJECT_CLASS(mg_plane_parent_class)->dispose(object);
}

static void
mg_plane_finalize(GObject *object)
{
  MgPlane *plane = MG_PLANE(object);
  mg_plane_segments_unref(plane->segments);
  mg_matrix_free(plane->places);
  g_free(plane->message);
  g_free(plane->method);
  G_OBJECT_CLASS(mg_plane_parent_class)->finalize(object);
}

static void
mg_plane_class_init(MgPlaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = mg_plane_dispose;
  object_class->finalize = mg_plane_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  progress_signal =
      g_signal_new("progress", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_plane_init(MgPlane *plane)
{
  plane->seconds_left = -1;
}

MgPlane *
mg_plane_new(void)
{
  return g_object_new(MG_TYPE_PLANE, NULL);
}
