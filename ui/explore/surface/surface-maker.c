#include "ui/explore/surface/surface-maker.h"
#include "ui/trace.h"
#include <gio/gio.h>

typedef struct {
  MgSurface *surface;
  MgSurfacePicture *picture; /* before: memory to be used again */
} Side;

typedef struct {
  Side sides[MG_SURFACE_SIDES];
  MgParams *params;
  const MgStyle *style;
  double width, height, scale, cost;
  gboolean quick;
} Job;

struct MgSurfaceMaker {
  MgSurfaceMakerFunc made;
  gpointer data;
  gboolean busy, stale, freed; /* stale: what is being drawn is not wanted any more */
  Job *next;                   /* NULL: nothing was asked for meanwhile */
  MgSurfacePicture *pictures[MG_SURFACE_SIDES], *former[MG_SURFACE_SIDES];
};

static void
free_job(gpointer data)
{
  Job *job = data;
  for (int side = 0; job && side < MG_SURFACE_SIDES; side++) {
    mg_surface_unref(job->sides[side].surface);
    mg_surface_picture_free(job->sides[side].picture);
  }
  if (job)
    mg_params_free(job->params);
  g_free(job);
}

MgSurfaceMaker *
mg_surface_maker_new(MgSurfaceMakerFunc made, gpointer data)
{
  MgSurfaceMaker *maker = g_new0(MgSurfaceMaker, 1);
  maker->made = made;
  maker->data = data;
  return maker;
}

static void
draw(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  gint64 start = g_get_monotonic_time();
  for (int side = 0; side < MG_SURFACE_SIDES; side++) {
    Side *one = &job->sides[side];
    if (one->surface)
      one->picture = mg_surface_picture_new(one->surface, job->width, job->height, job->scale, job->style, job->params,
                                            job->quick, one->picture);
    else
      g_clear_pointer(&one->picture, mg_surface_picture_free);
  }
  job->cost = (g_get_monotonic_time() - start) / 1000.0;
  g_task_return_boolean(task, TRUE);
}

static void start(MgSurfaceMaker *maker, Job *job);

/* The pictures that make way lend their memory to the next ones. */
static void
take_pictures(MgSurfaceMaker *maker, Job *job)
{
  for (int side = 0; side < MG_SURFACE_SIDES; side++) {
    mg_surface_picture_free(maker->former[side]);
    maker->former[side] = maker->pictures[side];
    maker->pictures[side] = g_steal_pointer(&job->sides[side].picture);
  }
  mg_trace(job->quick ? "surface-turned" : "surface", job->cost);
}

static void
finish(GObject *source, GAsyncResult *result, gpointer data)
{
  MgSurfaceMaker *maker = data;
  Job *next = g_steal_pointer(&maker->next);
  maker->busy = FALSE;
  if (maker->freed) {
    free_job(next);
    mg_surface_maker_free(maker);
    return;
  }
  if (!maker->stale)
    take_pictures(maker, g_task_get_task_data(G_TASK(result)));
  maker->stale = FALSE;
  if (next)
    start(maker, next);
  maker->made(maker->data);
}

static void
start(MgSurfaceMaker *maker, Job *job)
{
  g_autoptr(GTask) task = g_task_new(NULL, NULL, finish, maker);
  for (int side = 0; side < MG_SURFACE_SIDES; side++)
    job->sides[side].picture = g_steal_pointer(&maker->former[side]);
  g_task_set_task_data(task, job, free_job);
  maker->busy = TRUE;
  g_task_run_in_thread(task, draw);
}

void
mg_surface_maker_request(MgSurfaceMaker *maker, const MgSurfaceRequest *request)
{
  Job *job = g_new0(Job, 1);
  for (int side = 0; side < MG_SURFACE_SIDES; side++)
    job->sides[side].surface = request->surfaces[side] ? mg_surface_ref(request->surfaces[side]) : NULL;
  job->params = mg_params_copy(request->params);
  job->style = request->style;
  job->width = request->width;
  job->height = request->height;
  job->scale = request->scale;
  job->quick = request->quick;
  if (!maker->busy) {
    start(maker, job);
    return;
  }
  free_job(maker->next);
  maker->next = job;
}

const MgSurfacePicture *
mg_surface_maker_picture(MgSurfaceMaker *maker, int side)
{
  return maker->pictures[side];
}

void
mg_surface_maker_clear(MgSurfaceMaker *maker)
{
  for (int side = 0; side < MG_SURFACE_SIDES; side++) {
    g_clear_pointer(&maker->pictures[side], mg_surface_picture_free);
    g_clear_pointer(&maker->former[side], mg_surface_picture_free);
  }
  g_clear_pointer(&maker->next, free_job);
  maker->stale = maker->busy;
}

void
mg_surface_maker_free(MgSurfaceMaker *maker)
{
  if (!maker)
    return;
  mg_surface_maker_clear(maker);
  maker->freed = TRUE;
  if (!maker->busy) /* else when it is done */
    g_free(maker);
}
