#include "session/tiles.h"
#include "base/parallel.h"
#include "session/tile-maker.h"
#include "session/urgency.h"
#include <math.h>

#define MOST_WORKERS 2        /* a lane */
#define ESTIMATE_FROM_LEVEL 4 /* below, the exact tile comes as soon */
#define MAX_LEVEL 40

typedef struct {
  int level;
  gint64 index;
  MgTileQuality quality;
  gint cancelled; /* atomic; set by the main thread while a worker is at it */
} Job;

/* What someone waits for, and what only makes it finer: the workers of the second stand farther back, and begin nothing
 * while the first is at work, so that zooming and panning stay smooth while hours are refined. */
typedef enum { QUICK, THOROUGH, N_LANES } Lane;

/* Shared between the main thread and the workers; lives as long as any of them. */
typedef struct {
  gint references;
  char *path;
  MgParams *params;
  guint layers;
  GMutex lock; /* guards what follows */
  GCond wake;
  GQueue jobs[N_LANES]; /* Job *, the next one first */
  Job *running[N_LANES][MOST_WORKERS];
  GPtrArray *made; /* MgTile * on their way to the main thread */
  char *failure;
  gboolean closing;
  guint delivery; /* idle source */
  MgTiles *owner; /* main thread only */
} Engine;

struct _MgTiles {
  GObject parent;
  Engine *engine;
  MgTileWorld world;
  guint layers;
  GHashTable *tiles;  /* key -> MgTile * */
  GArray *wanted;     /* keys */
  const MgTile *last; /* the tile of the last column asked for */
  size_t bytes;
  guint64 clock;
  guint8 loudest[MG_N_LAYERS];
  gboolean failed;
};

G_DEFINE_FINAL_TYPE(MgTiles, mg_tiles, G_TYPE_OBJECT)

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gint64
key_of(int level, gint64 index)
{
  return (gint64)level << 56 | index;
}

static void
unref_engine(gpointer data)
{
  Engine *engine = data;
  if (!g_atomic_int_dec_and_test(&engine->references))
    return;
  for (int lane = 0; lane < N_LANES; lane++)
    g_queue_clear_full(&engine->jobs[lane], g_free);
  g_ptr_array_unref(engine->made);
  g_mutex_clear(&engine->lock);
  g_cond_clear(&engine->wake);
  mg_params_free(engine->params);
  g_free(engine->failure);
  g_free(engine->path);
  g_free(engine);
}

static Engine *
ref_engine(Engine *engine)
{
  g_atomic_int_inc(&engine->references);
  return engine;
}

static void
forget(MgTiles *self, MgTile *tile)
{
  gint64 key = key_of(tile->level, tile->index);
  self->bytes -= mg_tile_bytes(&self->world);
  self->last = NULL;
  g_hash_table_remove(self->tiles, &key);
}

static MgTile *
find(MgTiles *self, int level, gint64 index)
{
  gint64 key = key_of(level, index);
  return g_hash_table_lookup(self->tiles, &key);
}

/* Takes the tile, unless there is a better one. */
static void
keep(MgTiles *self, MgTile *tile)
{
  MgTile *former = find(self, tile->level, tile->index);
  if (former && former->quality > tile->quality) {
    mg_tile_free(tile);
    return;
  }
  if (former)
    forget(self, former);
  gint64 key = key_of(tile->level, tile->index);
  tile->used = ++self->clock;
  self->bytes += mg_tile_bytes(&self->world);
  g_hash_table_insert(self->tiles, g_memdup2(&key, sizeof key), tile);
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    self->loudest[layer] = MAX(self->loudest[layer], tile->loudest[layer]);
}

static gboolean
is_wanted(MgTiles *self, const MgTile *tile)
{
  gint64 key = key_of(tile->level, tile->index);
  for (guint i = 0; i < self->wanted->len; i++)
    if (g_array_index(self->wanted, gint64, i) == key)
      return TRUE;
  return FALSE;
}

static void
keep_to_budget(MgTiles *self)
{
  while (self->bytes > MG_TILES_BUDGET) {
    MgTile *oldest = NULL;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->tiles);
    while (g_hash_table_iter_next(&iter, NULL, &value))
      if ((!oldest || ((MgTile *)value)->used < oldest->used) && !is_wanted(self, value))
        oldest = value;
    if (!oldest)
      return;
    forget(self, oldest);
  }
}

/* In the main thread: takes over what the workers have made. */
static gboolean
deliver(gpointer data)
{
  Engine *engine = data;
  g_autoptr(GPtrArray) made = g_ptr_array_new();
  g_autofree char *failure = NULL;
  g_mutex_lock(&engine->lock);
  engine->delivery = 0;
  for (guint i = 0; i < engine->made->len; i++)
    g_ptr_array_add(made, g_steal_pointer(&engine->made->pdata[i]));
  g_ptr_array_set_size(engine->made, 0);
  failure = g_steal_pointer(&engine->failure);
  g_mutex_unlock(&engine->lock);
  MgTiles *self = engine->owner;
  if (!self) {
    g_ptr_array_set_free_func(made, (GDestroyNotify)mg_tile_free);
    return G_SOURCE_REMOVE;
  }
  g_object_ref(self);
  for (guint i = 0; i < made->len; i++)
    keep(self, made->pdata[i]);
  keep_to_budget(self);
  if (failure && !self->failed) {
    self->failed = TRUE;
    g_signal_emit(self, signals[FAILED], 0, failure);
  }
  g_signal_emit(self, signals[CHANGED], 0);
  g_object_unref(self);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
schedule_delivery(Engine *engine)
{
  if (!engine->delivery)
    engine->delivery = g_idle_add_full(G_PRIORITY_HIGH_IDLE + 15, deliver, ref_engine(engine), unref_engine);
}

/* Takes a job out of the queue where there is one for this tile. */
static gboolean
take_out(GQueue *jobs, const Job *same)
{
  for (GList *node = jobs->head; node; node = node->next) {
    const Job *job = node->data;
    if (job->level == same->level && job->index == same->index && job->quality == same->quality) {
      g_free(node->data);
      g_queue_delete_link(jobs, node);
      return TRUE;
    }
  }
  return FALSE;
}

static void
hand_over(Engine *engine, MgTile *tile, const GError *error)
{
  g_mutex_lock(&engine->lock);
  if (tile)
    g_ptr_array_add(engine->made, tile);
  if (tile && tile->quality == MG_TILE_GLANCED) /* where it was to be rough, better is there already */
    take_out(&engine->jobs[QUICK], &(Job){tile->level, tile->index, MG_TILE_GLANCED, FALSE});
  if (error && !engine->failure)
    engine->failure = g_strdup(error->message);
  schedule_delivery(engine);
  g_mutex_unlock(&engine->lock);
}

/* With the lock held. */
static gboolean
is_quick_at_work(const Engine *engine)
{
  gboolean at_work = !g_queue_is_empty((GQueue *)&engine->jobs[QUICK]);
  for (int i = 0; i < MOST_WORKERS; i++)
    at_work |= engine->running[QUICK][i] != NULL;
  return at_work;
}

/* NULL: the tiles are not wanted any more. */
static Job *
next_job(Engine *engine, Lane lane, int number)
{
  GQueue *jobs = &engine->jobs[lane];
  g_mutex_lock(&engine->lock);
  g_clear_pointer(&engine->running[lane][number], g_free);
  if (lane == QUICK && !is_quick_at_work(engine))
    g_cond_broadcast(&engine->wake);
  while (!engine->closing && (g_queue_is_empty(jobs) || (lane == THOROUGH && is_quick_at_work(engine))))
    g_cond_wait(&engine->wake, &engine->lock);
  Job *job = engine->closing ? NULL : g_queue_pop_head(jobs);
  engine->running[lane][number] = job;
  g_mutex_unlock(&engine->lock);
  return job;
}

static void
do_job(Engine *engine, MgTileMaker *maker, Job *job)
{
  g_autoptr(GError) error = NULL;
  gboolean urgent = job->quality < MG_TILE_EXACT;
  if (urgent)
    mg_urgent_begin();
  MgTile *tile = mg_tile_maker_make(maker, job->level, job->index, job->quality, &job->cancelled, &error);
  if (urgent)
    mg_urgent_end();
  hand_over(engine, tile, error);
}

typedef struct {
  Engine *engine;
  Lane lane;
  int number;
} Worker;

/* The maker is made with the first job. */
static gpointer
work(gpointer data)
{
  g_autofree Worker *worker = data;
  Engine *engine = worker->engine;
  MgTileMaker *maker = NULL;
  g_autoptr(GError) error = NULL;
  Job *job;
  mg_step_back();
  if (worker->lane == THOROUGH)
    mg_step_back();
  while ((job = next_job(engine, worker->lane, worker->number))) {
    if (!maker && !(maker = mg_tile_maker_new(engine->path, engine->params, engine->layers, &error)))
      break;
    do_job(engine, maker, job);
  }
  if (error)
    hand_over(engine, NULL, error);
  mg_tile_maker_free(maker);
  unref_engine(engine);
  return NULL;
}

static void
start_worker(Engine *engine, Lane lane, int number)
{
  Worker *worker = g_new(Worker, 1);
  *worker = (Worker){ref_engine(engine), lane, number};
  g_thread_unref(g_thread_new("tiles", work, worker));
}

MgTiles *
mg_tiles_new(const char *path, const MgParams *params, guint layers, GError **error)
{
  MgTileMaker *maker = mg_tile_maker_new(path, params, layers, error); /* finds out what does not fit, and the axes */
  if (!maker)
    return NULL;
  MgTiles *self = g_object_new(MG_TYPE_TILES, NULL);
  Engine *engine = self->engine = g_new0(Engine, 1);
  self->world = *mg_tile_maker_world(maker);
  mg_tile_maker_free(maker);
  engine->references = 1;
  engine->owner = self;
  engine->path = g_strdup(path);
  engine->params = mg_params_copy(params);
  self->layers = engine->layers = layers;
  engine->made = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tile_free);
  g_mutex_init(&engine->lock);
  g_cond_init(&engine->wake);
  for (int i = 0; i < N_LANES * MIN(MOST_WORKERS, mg_processors()); i++)
    start_worker(engine, i % N_LANES, i / N_LANES);
  return self;
}

guint
mg_tiles_layers(MgTiles *self)
{
  return self->layers;
}

int
mg_tiles_sr(MgTiles *self)
{
  return self->world.sr;
}

gint64
mg_tiles_frames(MgTiles *self)
{
  return self->world.frames;
}

double
mg_tiles_frame_seconds(MgTiles *self)
{
  return (double)self->world.hop / self->world.sr;
}

size_t
mg_tiles_bins(MgTiles *self, MgLayer layer)
{
  return self->world.bins[layer];
}

void
mg_tiles_band(MgTiles *self, MgLayer layer, double *low_hz, double *high_hz)
{
  *low_hz = self->world.low_hz[layer];
  *high_hz = self->world.high_hz[layer];
}

void
mg_tiles_decibels(MgTiles *self, MgLayer layer, double *low, double *high)
{
  *high = self->world.ceiling[layer];
  *low = *high - 127.5;
}

double
mg_tiles_loudest(MgTiles *self, MgLayer layer)
{
  return self->loudest[layer] == 0 ? -INFINITY : self->world.ceiling[layer] - (255 - self->loudest[layer]) / 2.0;
}

int
mg_tiles_level(MgTiles *self, double seconds_per_pixel)
{
  double frames = seconds_per_pixel / mg_tiles_frame_seconds(self);
  int level = frames > 1 ? (int)floor(log2(frames)) : 0;
  return CLAMP(level, 0, MAX_LEVEL);
}

gint64
mg_tiles_columns(MgTiles *self, int level)
{
  return (self->world.frames + ((gint64)1 << level) - 1) >> level;
}

void
mg_tiles_times(MgTiles *self, int level, double *first, double *step)
{
  double seconds = mg_tiles_frame_seconds(self), group = ldexp(1, level);
  double lead = self->world.center ? 0 : self->world.n_fft / 2.0 / self->world.sr;
  *step = seconds * group;
  *first = lead + (group - 1) / 2 * seconds;
}

static gint64
last_tile(MgTiles *self, int level)
{
  return (mg_tiles_columns(self, level) - 1) / MG_TILE_COLUMNS;
}

static gboolean
is_exact(const MgTile *tile)
{
  return tile && tile->quality == MG_TILE_EXACT;
}

/* Two exact neighbours make the tile above without any transform. */
static gboolean
join_from_below(MgTiles *self, int level, gint64 index)
{
  if (level == 0)
    return FALSE;
  MgTile *first = find(self, level - 1, 2 * index), *second = find(self, level - 1, 2 * index + 1);
  gboolean only_one = 2 * index + 1 > last_tile(self, level - 1);
  if (!is_exact(first) || (!only_one && !is_exact(second)))
    return FALSE;
  keep(self, mg_tile_join(&self->world, first, only_one ? NULL : second));
  return TRUE;
}

static void
add_job(GQueue jobs[MG_TILE_EXACT + 1], int level, gint64 index, MgTileQuality quality)
{
  Job *job = g_new0(Job, 1);
  *job = (Job){level, index, quality, FALSE};
  g_queue_push_tail(&jobs[quality], job);
}

static void
want_tile(MgTiles *self, int level, gint64 index, GQueue jobs[MG_TILE_EXACT + 1])
{
  gint64 key = key_of(level, index);
  if (index < 0 || index > last_tile(self, level))
    return;
  g_array_append_val(self->wanted, key);
  MgTile *tile = find(self, level, index);
  if (tile)
    tile->used = ++self->clock;
  if (is_exact(tile) || join_from_below(self, level, index))
    return;
  if (!tile && level >= ESTIMATE_FROM_LEVEL)
    add_job(jobs, level, index, MG_TILE_ROUGH);
  if (level >= ESTIMATE_FROM_LEVEL && (!tile || tile->quality < MG_TILE_GLANCED))
    add_job(jobs, level, index, MG_TILE_GLANCED);
  add_job(jobs, level, index, MG_TILE_EXACT);
}

static Lane
lane_of(const Job *job)
{
  return job->quality == MG_TILE_EXACT && job->level >= ESTIMATE_FROM_LEVEL ? THOROUGH : QUICK;
}

/* Work under way goes on where it is still wanted, and is given up where not. */
static void
replace_jobs(Engine *engine, GQueue *jobs)
{
  g_mutex_lock(&engine->lock);
  for (int lane = 0; lane < N_LANES; lane++) {
    g_queue_clear_full(&engine->jobs[lane], g_free);
    for (int i = 0; i < MOST_WORKERS; i++)
      if (engine->running[lane][i] && !take_out(jobs, engine->running[lane][i]))
        g_atomic_int_set(&engine->running[lane][i]->cancelled, TRUE);
  }
  for (Job *job; (job = g_queue_pop_head(jobs));)
    g_queue_push_tail(&engine->jobs[lane_of(job)], job);
  g_cond_broadcast(&engine->wake);
  g_mutex_unlock(&engine->lock);
}

void
mg_tiles_want(MgTiles *self, int level, double from, double to)
{
  double first, step;
  GQueue jobs[MG_TILE_EXACT + 1] = {G_QUEUE_INIT, G_QUEUE_INIT, G_QUEUE_INIT}, *first_jobs = &jobs[0];
  if (!self->engine || self->failed || self->world.frames == 0)
    return;
  mg_tiles_times(self, level, &first, &step);
  gint64 start = (gint64)floor((from - first) / step / MG_TILE_COLUMNS);
  gint64 end = (gint64)floor((to - first) / step / MG_TILE_COLUMNS);
  g_array_set_size(self->wanted, 0);
  for (gint64 index = start; index <= end; index++)
    want_tile(self, level, index, jobs);
  want_tile(self, level, end + 1, jobs);
  want_tile(self, level, start - 1, jobs);
  for (int quality = MG_TILE_GLANCED; quality <= MG_TILE_EXACT; quality++)
    for (Job *job; (job = g_queue_pop_head(&jobs[quality]));)
      g_queue_push_tail(first_jobs, job);
  replace_jobs(self->engine, first_jobs);
  keep_to_budget(self);
}

static const guint8 *
column_of(MgTile *tile, size_t bins, MgLayer layer, gint64 column)
{
  return tile->levels[layer] + (column % MG_TILE_COLUMNS) * bins;
}

const guint8 *
mg_tiles_column(MgTiles *self, MgLayer layer, int level, gint64 column)
{
  gint64 index = column / MG_TILE_COLUMNS;
  size_t bins = self->world.bins[layer];
  if (column < 0 || column >= mg_tiles_columns(self, level))
    return NULL;
  if (self->last && self->last->level == level && self->last->index == index)
    return column_of((MgTile *)self->last, bins, layer, column);
  MgTile *tile = find(self, level, index);
  if (tile) {
    self->last = tile;
    return column_of(tile, bins, layer, column);
  }
  for (int up = 1; up <= 6; up++)
    if ((tile = find(self, level + up, (column >> up) / MG_TILE_COLUMNS)))
      return column_of(tile, bins, layer, column >> up);
  for (int down = 1; down <= MIN(level, 6); down++)
    if ((tile = find(self, level - down, (column << down) / MG_TILE_COLUMNS)))
      return column_of(tile, bins, layer, column << down);
  return NULL;
}

gboolean
mg_tiles_complete(MgTiles *self)
{
  for (guint i = 0; i < self->wanted->len; i++) {
    const MgTile *tile = g_hash_table_lookup(self->tiles, &g_array_index(self->wanted, gint64, i));
    if (!is_exact(tile))
      return FALSE;
  }
  return TRUE;
}

size_t
mg_tiles_bytes(MgTiles *self)
{
  return self->bytes;
}

void
mg_tiles_stop(MgTiles *self)
{
  Engine *engine = g_steal_pointer(&self->engine);
  if (!engine)
    return;
  g_mutex_lock(&engine->lock);
  engine->closing = TRUE;
  engine->owner = NULL;
  for (int i = 0; i < N_LANES * MOST_WORKERS; i++)
    if (engine->running[i % N_LANES][i / N_LANES])
      g_atomic_int_set(&engine->running[i % N_LANES][i / N_LANES]->cancelled, TRUE);
  g_cond_broadcast(&engine->wake);
  g_mutex_unlock(&engine->lock);
  unref_engine(engine);
}

static void
dispose(GObject *object)
{
  mg_tiles_stop(MG_TILES(object));
  G_OBJECT_CLASS(mg_tiles_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgTiles *self = MG_TILES(object);
  g_hash_table_unref(self->tiles);
  g_array_unref(self->wanted);
  G_OBJECT_CLASS(mg_tiles_parent_class)->finalize(object);
}

static void
mg_tiles_class_init(MgTilesClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mg_tiles_init(MgTiles *self)
{
  self->tiles = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)mg_tile_free);
  self->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
}
