#include "session/analysis.h"
#include "base/parallel.h"
#include "dsp/settling.h"
#include "session/analysis-block.h"
#include "session/urgency.h"
#include <math.h>

#define MOST_WORKERS 2
#define BUDGET (128 << 20) /* bytes that an analysis keeps */

/* Shared between the main thread and the workers; lives as long as any of them. */
typedef struct {
  gint references;
  char *path;
  const MgFeature *feature;
  MgParams *params;
  MgParams *settled; /* what the whole file decides among them; NULL: not known yet. Set once, by the main thread */
  gint thousandths;  /* atomic; of finding that */
  gint stopped;      /* atomic */
  MgBlockGrid grid;
  MgSampleReader *reader; /* of the one job that is at work */
  GMutex lock;            /* guards what follows */
  gint64 first, last;     /* blocks that are wanted now */
  MgAnalysis *owner;      /* main thread only */
} Engine;

typedef struct {
  Engine *engine;
  gint64 index;
  int base;
  const MgParams *params; /* the engine's */
  gboolean provisional;   /* they are not settled yet */
  MgParams *settled;      /* the result of settling */
  MgBlock *block;         /* the result, or NULL: no longer wanted, or failed */
  GError *error;
} Job;

struct _MgAnalysis {
  GObject parent;
  Engine *engine;
  GHashTable *blocks; /* index -> MgBlock * */
  gboolean busy;      /* a job is under way */
  gboolean unsettled; /* the whole file decides something that is not known yet */
  gboolean settling;  /* that is being found */
  gint64 settling_since;
  int level;       /* wanted */
  double from, to; /* wanted, s */
  char *failure;
  size_t bytes, bins;
  gint64 known_frames; /* once the last block has told */
  guint64 clock;
  float *row_low, *row_high; /* over all blocks so far */
  double took;               /* s, of the last block */
};

G_DEFINE_FINAL_TYPE(MgAnalysis, mg_analysis, G_TYPE_OBJECT)

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void start_job(MgAnalysis *self);

static void
unref_engine(Engine *engine)
{
  if (!g_atomic_int_dec_and_test(&engine->references))
    return;
  mg_sample_reader_free(engine->reader);
  mg_params_free(engine->params);
  mg_params_free(engine->settled);
  g_mutex_clear(&engine->lock);
  g_free(engine->path);
  g_free(engine);
}

static void
free_job(gpointer data)
{
  Job *job = data;
  mg_block_free(job->block);
  mg_params_free(job->settled);
  g_clear_error(&job->error);
  unref_engine(job->engine);
  g_free(job);
}

static MgBlock *
find(MgAnalysis *self, gint64 index)
{
  return g_hash_table_lookup(self->blocks, &index);
}

static void
forget(MgAnalysis *self, MgBlock *block)
{
  gint64 index = block->index;
  self->bytes -= mg_block_bytes(block);
  g_hash_table_remove(self->blocks, &index);
}

static void
widen_rows(MgAnalysis *self, const MgBlock *block)
{
  if (self->bins != block->bins) {
    self->bins = block->bins;
    self->row_low = g_renew(float, self->row_low, MAX(1, block->bins));
    self->row_high = g_renew(float, self->row_high, MAX(1, block->bins));
    for (size_t bin = 0; bin < block->bins; bin++) {
      self->row_low[bin] = INFINITY;
      self->row_high[bin] = -INFINITY;
    }
  }
  for (size_t bin = 0; bin < block->bins; bin++) {
    self->row_low[bin] = MIN(self->row_low[bin], block->row_low[bin]);
    self->row_high[bin] = MAX(self->row_high[bin], block->row_high[bin]);
  }
}

static gint64
last_block(const Engine *engine)
{
  return (engine->grid.frames - 1) >> engine->grid.exponent;
}

static void
keep(MgAnalysis *self, MgBlock *block)
{
  MgBlock *former = find(self, block->index);
  if (former)
    forget(self, former);
  if (block->bins > 0)
    widen_rows(self, block);
  if (block->index == last_block(self->engine) && block->bins > 0)
    self->known_frames = (block->index << self->engine->grid.exponent) + (gint64)block->cols;
  block->used = ++self->clock;
  self->took = block->took;
  self->bytes += mg_block_bytes(block);
  g_hash_table_insert(self->blocks, g_memdup2(&block->index, sizeof block->index), block);
}

static void
keep_to_budget(MgAnalysis *self)
{
  Engine *engine = self->engine;
  while (self->bytes > BUDGET) {
    MgBlock *oldest = NULL;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->blocks);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
      MgBlock *block = value;
      if ((block->index < engine->first || block->index > engine->last) && (!oldest || block->used < oldest->used))
        oldest = block;
    }
    if (!oldest)
      return;
    forget(self, oldest);
  }
}

static void
fail(MgAnalysis *self, const GError *error)
{
  if (!error || self->failure)
    return;
  self->failure = g_strdup(error->message);
  g_signal_emit(self, signals[FAILED], 0, self->failure);
}

/* In the main thread: takes over what a worker has made, and starts the next. */
static gboolean
deliver(gpointer data)
{
  Job *job = data;
  MgAnalysis *self = job->engine->owner;
  if (!self)
    return G_SOURCE_REMOVE;
  g_object_ref(self);
  self->busy = FALSE;
  if (job->block) {
    keep(self, g_steal_pointer(&job->block));
    keep_to_budget(self);
  }
  fail(self, job->error);
  start_job(self);
  g_signal_emit(self, signals[CHANGED], 0);
  g_object_unref(self);
  return G_SOURCE_REMOVE;
}

/* In the main thread: from now on blocks are made with what the whole file decides. */
static gboolean
deliver_settled(gpointer data)
{
  Job *job = data;
  MgAnalysis *self = job->engine->owner;
  if (!self)
    return G_SOURCE_REMOVE;
  g_object_ref(self);
  self->settling = FALSE;
  if (job->settled) {
    self->unsettled = FALSE;
    job->engine->settled = g_steal_pointer(&job->settled);
  }
  fail(self, job->error);
  start_job(self);
  g_signal_emit(self, signals[CHANGED], 0);
  g_object_unref(self);
  return G_SOURCE_REMOVE;
}

static gpointer
settle(gpointer data)
{
  Job *job = data;
  Engine *engine = job->engine;
  mg_step_back();
  g_autoptr(MgSampleReader) reader = mg_sample_reader_open(engine->path, engine->grid.sr, &job->error);
  if (reader)
    job->settled = mg_block_settle(reader, &engine->grid, engine->feature, engine->params, &engine->stopped,
                                   &engine->thousandths, &job->error);
  g_idle_add_full(G_PRIORITY_HIGH_IDLE + 16, deliver_settled, job, free_job);
  return NULL;
}

/* After what is seen has been made for a first look. */
static void
start_settling(MgAnalysis *self)
{
  Engine *engine = self->engine;
  Job *job = g_new0(Job, 1);
  *job = (Job){.engine = engine};
  g_atomic_int_inc(&engine->references);
  self->settling = TRUE;
  self->settling_since = g_get_monotonic_time();
  g_thread_unref(g_thread_new("settling", settle, job));
}

static gboolean
is_wanted(Engine *engine, gint64 index)
{
  g_mutex_lock(&engine->lock);
  gboolean wanted = index >= engine->first && index <= engine->last;
  g_mutex_unlock(&engine->lock);
  return wanted;
}

static void
work(gpointer data, gpointer unused)
{
  Job *job = data;
  Engine *engine = job->engine;
  mg_step_back_once();
  mg_rest_while_frame();
  if (is_wanted(engine, job->index)) {
    if (!engine->reader)
      engine->reader = mg_sample_reader_open(engine->path, engine->grid.sr, &job->error);
    if (engine->reader)
      job->block = mg_block_make(engine->reader, &engine->grid, engine->feature, job->params, job->index, job->base,
                                 &job->error);
    if (job->block)
      job->block->provisional = job->provisional;
  }
  g_idle_add_full(G_PRIORITY_HIGH_IDLE + 16, deliver, job, free_job);
}

/* All analyses share the workers, which are nobody else's, as they step back: the tiles have threads of their own. */
static gpointer
make_pool(gpointer unused)
{
  return g_thread_pool_new(work, NULL, MIN(MOST_WORKERS, mg_processors()), TRUE, NULL);
}

static gboolean
is_there(MgAnalysis *self, gint64 index)
{
  MgBlock *block = find(self, index);
  return block && (!block->provisional || self->unsettled) && (block->bins == 0 || block->base <= self->level);
}

/* The wanted block nearest to the middle that is not there; -1: all are. */
static gint64
next_block(MgAnalysis *self)
{
  Engine *engine = self->engine;
  gint64 middle = (engine->first + engine->last) / 2;
  for (gint64 away = 0; away <= engine->last - engine->first; away++)
    for (int side = 1; side >= -1; side -= 2) {
      gint64 index = middle + side * away;
      if (index >= engine->first && index <= engine->last && !is_there(self, index))
        return index;
    }
  return -1;
}

static void
start_job(MgAnalysis *self)
{
  static GOnce once = G_ONCE_INIT;
  Engine *engine = self->engine;
  gint64 index = engine && !self->busy && !self->failure ? next_block(self) : -1;
  if (index < 0 && engine && self->unsettled && !self->settling && !self->failure && engine->last >= engine->first)
    start_settling(self);
  if (index < 0)
    return;
  Job *job = g_new0(Job, 1);
  *job = (Job){.engine = engine,
               .index = index,
               .base = MAX(0, self->level - 1),
               .params = engine->settled ? engine->settled : engine->params,
               .provisional = self->unsettled};
  g_atomic_int_inc(&engine->references);
  self->busy = TRUE;
  g_thread_pool_push(g_once(&once, make_pool, NULL), job, NULL);
}

MgAnalysis *
mg_analysis_new(const char *path, double duration, int native_sr, const MgFeature *feature, const MgParams *params,
                GError **error)
{
  MgBlockGrid grid;
  if (!mg_block_grid_init(&grid, duration, native_sr, feature, params, error))
    return NULL;
  MgAnalysis *self = g_object_new(MG_TYPE_ANALYSIS, NULL);
  Engine *engine = self->engine = g_new0(Engine, 1);
  engine->references = 1;
  engine->path = g_strdup(path);
  engine->feature = feature;
  engine->params = mg_params_copy(params);
  engine->grid = grid;
  engine->first = 0;
  engine->last = -1;
  engine->owner = self;
  g_mutex_init(&engine->lock);
  self->unsettled = grid.frames > (gint64)1 << grid.exponent && mg_settling_needed(feature, params);
  return self;
}

const MgFeature *
mg_analysis_feature(MgAnalysis *self)
{
  return self->engine->feature;
}

const MgParams *
mg_analysis_params(MgAnalysis *self)
{
  return self->engine->params;
}

int
mg_analysis_sr(MgAnalysis *self)
{
  return self->engine->grid.sr;
}

static double
frame_seconds(const MgBlockGrid *grid)
{
  return (double)grid->hop / grid->sr;
}

static gint64
block_at(const Engine *engine, double seconds)
{
  double frame = floor((seconds - engine->grid.first_time) / frame_seconds(&engine->grid));
  gint64 last = engine->grid.frames - 1;
  return (gint64)CLAMP(frame, 0, (double)last) >> engine->grid.exponent;
}

void
mg_analysis_want(MgAnalysis *self, int level, double from, double to)
{
  Engine *engine = self->engine;
  if (self->failure)
    return;
  gint64 first = block_at(engine, from), last = block_at(engine, to);
  if (engine->feature->kind == MG_FEATURE_NUMBER) /* one number for what is in the middle */
    first = last = block_at(engine, (from + to) / 2);
  g_mutex_lock(&engine->lock);
  engine->first = first;
  engine->last = last;
  g_mutex_unlock(&engine->lock);
  self->level = level;
  for (gint64 index = first; index <= last; index++) {
    MgBlock *block = find(self, index);
    if (block)
      block->used = ++self->clock;
  }
  keep_to_budget(self);
  start_job(self);
}

gboolean
mg_analysis_working(MgAnalysis *self, double *fraction, double *seconds_left)
{
  Engine *engine = self->engine;
  gint64 all = engine->last - engine->first + 1, there = 0;
  for (gint64 index = engine->first; index <= engine->last; index++)
    there += is_there(self, index);
  if (fraction)
    *fraction = all > 0 ? (double)there / all : 0;
  if (seconds_left)
    *seconds_left = self->took > 0 ? self->took * (all - there) : -1;
  if (there == all && self->settling) { /* all is seen, and not as the whole file has it yet */
    double done = g_atomic_int_get(&engine->thousandths) / 1000.0;
    double took = (double)(g_get_monotonic_time() - self->settling_since) / G_USEC_PER_SEC;
    if (fraction)
      *fraction = done;
    if (seconds_left)
      *seconds_left = done > 0 ? took / done - took : -1;
  }
  return !self->failure && (there < all || self->settling);
}

const char *
mg_analysis_failure(MgAnalysis *self)
{
  return self->failure;
}

void
mg_analysis_stop(MgAnalysis *self)
{
  Engine *engine = self->engine;
  g_mutex_lock(&engine->lock);
  engine->first = 0;
  engine->last = -1;
  g_mutex_unlock(&engine->lock);
  g_atomic_int_set(&engine->stopped, TRUE);
  engine->owner = NULL;
}

size_t
mg_analysis_bins(MgAnalysis *self)
{
  return self->bins;
}

static gint64
frames(MgAnalysis *self)
{
  return self->known_frames > 0 ? self->known_frames : self->engine->grid.frames;
}

gint64
mg_analysis_columns(MgAnalysis *self, int level)
{
  return (frames(self) + ((gint64)1 << level) - 1) >> level;
}

int
mg_analysis_level(MgAnalysis *self, double seconds_per_pixel)
{
  double per_pixel = seconds_per_pixel / frame_seconds(&self->engine->grid);
  int level = per_pixel > 1 ? (int)floor(log2(per_pixel)) : 0;
  return CLAMP(level, 0, self->engine->grid.exponent);
}

void
mg_analysis_times(MgAnalysis *self, int level, double *first, double *step)
{
  double seconds = frame_seconds(&self->engine->grid), group = ldexp(1, level);
  *step = seconds * group;
  *first = self->engine->grid.first_time + (group - 1) / 2 * seconds;
}

const float *
mg_analysis_column(MgAnalysis *self, int level, gint64 column)
{
  int exponent = self->engine->grid.exponent;
  gint64 index = column >> (exponent - level);
  MgBlock *block = column >= 0 ? find(self, index) : NULL;
  if (!block)
    return NULL;
  size_t place = (size_t)(column - (index << (exponent - level)));
  if (level < block->base) {
    place >>= block->base - level;
    level = block->base;
  }
  if (!block->level[level] || place >= mg_block_level_columns(block, level))
    return NULL;
  return block->level[level] + place * block->bins;
}

gboolean
mg_analysis_is_decibels(MgAnalysis *self)
{
  gboolean amplitude;
  return mg_block_in_decibels(self->engine->feature, self->engine->params, &amplitude);
}

/* The smallest and the second smallest of the rows' values. */
static void
two_least(const float *rows, size_t n, double sign, double *least, double *second)
{
  *least = *second = INFINITY;
  for (size_t i = 0; i < n; i++) {
    double value = sign * rows[i];
    if (value < *least) {
      *second = *least;
      *least = value;
    } else if (value < *second)
      *second = value;
  }
}

gboolean
mg_analysis_range(MgAnalysis *self, double *low, double *high)
{
  double least, second_least, most, second_most;
  if (self->bins == 0)
    return FALSE;
  two_least(self->row_low, self->bins, 1, &least, &second_least);
  two_least(self->row_high, self->bins, -1, &most, &second_most);
  gboolean all_count = self->bins < 4 || mg_analysis_is_decibels(self);
  *low = all_count ? least : second_least;
  *high = all_count ? -most : -second_most;
  return isfinite(*low) && isfinite(*high);
}

void
mg_analysis_values(MgAnalysis *self, gint64 first, size_t n, float *values)
{
  /* A frame without pitch is told by 0 Hz. */
  gboolean zero_is_none = g_strcmp0(self->engine->feature->unit, "Hz") == 0;
  for (size_t i = 0; i < n; i++) {
    const float *column = mg_analysis_column(self, 0, first + (gint64)i);
    values[i] = column && !(zero_is_none && column[0] <= 0) ? column[0] : NAN;
  }
}

GArray *
mg_analysis_events(MgAnalysis *self, double from, double to)
{
  GArray *times = g_array_new(FALSE, FALSE, sizeof(double));
  for (gint64 index = block_at(self->engine, from); index <= block_at(self->engine, to); index++) {
    MgBlock *block = find(self, index);
    for (size_t i = 0; block && i < block->n_events; i++)
      if (block->events[i] >= from && block->events[i] <= to)
        g_array_append_val(times, block->events[i]);
  }
  return times;
}

gboolean
mg_analysis_number(MgAnalysis *self, double *value)
{
  MgBlock *block = find(self, self->engine->first);
  if (!block || isnan(block->number))
    return FALSE;
  *value = block->number;
  return TRUE;
}

size_t
mg_analysis_bytes(MgAnalysis *self)
{
  return self->bytes;
}

static void
dispose(GObject *object)
{
  MgAnalysis *self = MG_ANALYSIS(object);
  if (self->engine)
    mg_analysis_stop(self);
  G_OBJECT_CLASS(mg_analysis_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgAnalysis *self = MG_ANALYSIS(object);
  g_hash_table_unref(self->blocks);
  g_free(self->row_low);
  g_free(self->row_high);
  g_free(self->failure);
  if (self->engine)
    unref_engine(self->engine);
  G_OBJECT_CLASS(mg_analysis_parent_class)->finalize(object);
}

static void
mg_analysis_class_init(MgAnalysisClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mg_analysis_init(MgAnalysis *self)
{
  self->blocks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)mg_block_free);
}
