#include "train/batch-feed.h"
#include "base/rng.h"
#include <glib/gi18n-lib.h>

static const guint64 shuffle_stream = 0x5f0ff1e; /* keeps its draws apart from the other uses of the seed */

static const MgParamSpec specs[] = {
    {.name = "prefetch",
     .type = MG_PARAM_INT,
     .default_value = "2",
     .min = 0,
     .max = 64,
     .help = N_("Batches that are made ahead while one trains; 0 makes each when it is wanted")},
};
const MgParamTable mg_batch_feed_params = MG_PARAM_TABLE("feed", N_("Training"), specs);

struct MgBatchFeed {
  const MgTrainSide *side;
  const MgModel *model;
  const MgParams *params;
  gint64 step, steps_per_epoch; /* step: the next one to make */
  gint64 ordered_epoch;         /* that `order` is of; -1: none */
  guint32 *order;
  int rank, ranks;
  MgTrainBatch *batches; /* a ring: `ahead` made ones and the one in use */
  gint64 n_batches;
  GThread *thread; /* NULL: without */
  GMutex mutex;
  GCond changed;
  gint64 made, taken; /* batches, under the mutex */
  gboolean ends;
};

static void
shuffle(MgBatchFeed *feed, gint64 epoch)
{
  guint n = feed->side->segments->len;
  guint64 seed = (guint64)mg_params_int(feed->params, "seed") ^ shuffle_stream << 32;
  MgRng rng = mg_rng_stream(seed, (guint64)epoch);
  for (guint i = 0; i < n; i++)
    feed->order[i] = i;
  mg_rng_shuffle(&rng, feed->order, n);
  feed->ordered_epoch = epoch;
}

static void
make(MgBatchFeed *feed, MgTrainBatch *batch)
{
  gint64 epoch = feed->step / feed->steps_per_epoch, number = feed->step % feed->steps_per_epoch;
  gint64 n = feed->side->segments->len, batches = feed->steps_per_epoch;
  gint64 first = n * number / batches, count = n * (number + 1) / batches - first;
  gint64 own = count * feed->rank / feed->ranks, end = count * (feed->rank + 1) / feed->ranks;
  if (epoch != feed->ordered_epoch)
    shuffle(feed, epoch);
  mg_train_batch_fill(batch, feed->side, feed->model, feed->params, (int)epoch, feed->order + first + own,
                      (size_t)(end - own));
  batch->first = (int)own;
  batch->whole = (int)count;
  feed->step++;
}

/* One place of the ring stays with the caller. */
static gboolean
wait_for_room(MgBatchFeed *feed)
{
  g_mutex_lock(&feed->mutex);
  while (!feed->ends && feed->made - feed->taken >= feed->n_batches - 1)
    g_cond_wait(&feed->changed, &feed->mutex);
  gboolean go_on = !feed->ends;
  g_mutex_unlock(&feed->mutex);
  return go_on;
}

static gpointer
make_ahead(gpointer data)
{
  MgBatchFeed *feed = data;
  for (gint64 i = 0; wait_for_room(feed); i++) {
    make(feed, &feed->batches[i % feed->n_batches]);
    g_mutex_lock(&feed->mutex);
    feed->made = i + 1;
    g_cond_broadcast(&feed->changed);
    g_mutex_unlock(&feed->mutex);
  }
  return NULL;
}

MgBatchFeed *
mg_batch_feed_new(const MgTrainSide *side, const MgModel *model, const MgParams *params, gint64 step,
                  gint64 steps_per_epoch, const MgRanks *ranks)
{
  MgBatchFeed *feed = g_new0(MgBatchFeed, 1);
  gint64 ahead = mg_params_int(params, "prefetch"), n = side->segments->len;
  feed->side = side;
  feed->model = model;
  feed->params = params;
  feed->step = step;
  feed->steps_per_epoch = steps_per_epoch;
  feed->rank = mg_ranks_rank(ranks);
  feed->ranks = mg_ranks_size(ranks);
  feed->ordered_epoch = -1;
  feed->order = g_new(guint32, n);
  feed->n_batches = ahead + 1;
  feed->batches = g_new(MgTrainBatch, feed->n_batches);
  for (gint64 i = 0; i < feed->n_batches; i++)
    feed->batches[i] = mg_train_batch_new(side, (n + steps_per_epoch - 1) / steps_per_epoch / feed->ranks + 1);
  g_mutex_init(&feed->mutex);
  g_cond_init(&feed->changed);
  if (ahead > 0)
    feed->thread = g_thread_new("batches", make_ahead, feed);
  return feed;
}

void
mg_batch_feed_free(MgBatchFeed *feed)
{
  if (!feed)
    return;
  g_mutex_lock(&feed->mutex);
  feed->ends = TRUE;
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->mutex);
  if (feed->thread)
    g_thread_join(feed->thread);
  for (gint64 i = 0; i < feed->n_batches; i++)
    mg_train_batch_clear(&feed->batches[i]);
  g_free(feed->batches);
  g_free(feed->order);
  g_mutex_clear(&feed->mutex);
  g_cond_clear(&feed->changed);
  g_free(feed);
}

const MgTrainBatch *
mg_batch_feed_next(MgBatchFeed *feed)
{
  if (!feed->thread) {
    make(feed, feed->batches);
    return feed->batches;
  }
  g_mutex_lock(&feed->mutex);
  while (feed->made == feed->taken)
    g_cond_wait(&feed->changed, &feed->mutex);
  const MgTrainBatch *batch = &feed->batches[feed->taken++ % feed->n_batches];
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->mutex);
  return batch;
}
