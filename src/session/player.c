#include "session/player.h"
#include "audio/decoder.h"
#include "audio/device.h"
#include "base/error.h"
#include "session/playhead.h"
#include <glib/gi18n-lib.h>

#define CHUNK 2048                 /* frames decoded at once */
#define NAP_US 10000               /* while the device has enough */
#define PATIENCE_US G_USEC_PER_SEC /* with a device that has gone */
#define MOST_SOON_GONE 3           /* times in a row that a device may go within that */

typedef struct {
  char *path;
  double from, start, end; /* s */
} Order;

/* Shared with the thread; lives as long as either. */
typedef struct {
  gint references;
  GMutex lock; /* guards all up to `owner` */
  GCond wake;
  Order order;
  guint serial; /* of the order; a new one ends the one under way */
  MgPlayerState state;
  gboolean loop, closing;
  MgPlayhead *playhead;
  MgOutput *output;
  int sr;          /* of what is playing */
  double position; /* s; while nothing plays */
  GError *failure;
  guint news;
  MgPlayer *owner; /* main thread only */
} Shared;

struct _MgPlayer {
  GObject parent;
  Shared *shared;
};

G_DEFINE_FINAL_TYPE(MgPlayer, mg_player, G_TYPE_OBJECT)

static GParamSpec *state_property;
static guint failed_signal;

static void
unref_shared(gpointer data)
{
  Shared *shared = data;
  if (!g_atomic_int_dec_and_test(&shared->references))
    return;
  mg_playhead_free(shared->playhead);
  g_mutex_clear(&shared->lock);
  g_cond_clear(&shared->wake);
  g_free(shared->order.path);
  g_clear_error(&shared->failure);
  g_free(shared);
}

static gboolean
tell(gpointer data)
{
  Shared *shared = data;
  g_mutex_lock(&shared->lock);
  shared->news = 0;
  g_autoptr(GError) failure = g_steal_pointer(&shared->failure);
  g_mutex_unlock(&shared->lock);
  if (!shared->owner)
    return G_SOURCE_REMOVE;
  g_autoptr(MgPlayer) player = g_object_ref(shared->owner);
  g_object_notify_by_pspec(G_OBJECT(player), state_property);
  if (failure)
    g_signal_emit(player, failed_signal, 0, failure);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
tell_soon(Shared *shared)
{
  g_atomic_int_inc(&shared->references);
  if (!shared->news)
    shared->news = g_idle_add_full(G_PRIORITY_DEFAULT, tell, shared, unref_shared);
  else
    g_atomic_int_add(&shared->references, -1);
}

/* With the lock held. */
static double
heard(const Shared *shared)
{
  gint64 frame = shared->output ? mg_playhead_at(shared->playhead, mg_output_played(shared->output)) : -1;
  return frame < 0 ? shared->position : (double)frame / shared->sr;
}

/* What one order needs; the thread's own. */
typedef struct {
  Shared *shared;
  guint serial;
  MgDecoder *decoder;
  int channels; /* that the device gets: 1 or 2 */
  gint64 place, start, end;
  float *chunk;
} Work;

static gboolean
outdated(Work *work)
{
  return work->shared->serial != work->serial || work->shared->closing || work->shared->state != MG_PLAYER_PLAYING;
}

static gint64
read_chunk(Work *work, gint64 wanted)
{
  return work->channels == mg_decoder_info(work->decoder)->channels
             ? mg_decoder_read(work->decoder, work->chunk, wanted)
             : mg_decoder_read_mono(work->decoder, work->chunk, wanted);
}

/* Writes one chunk. FALSE: nothing more to write. */
static gboolean
write_chunk(Work *work, MgOutput *output, gboolean loop, GError **error)
{
  gint64 before = work->place;
  gint64 wanted = mg_playhead_step(&work->place, work->start, work->end, loop, CHUNK);
  if (wanted == 0)
    return FALSE;
  if (work->place != before && !mg_decoder_seek(work->decoder, work->place, error))
    return FALSE;
  gint64 got = read_chunk(work, wanted);
  if (got <= 0) {
    work->end = work->place; /* the file is shorter than its header says */
    return loop && work->end > work->start;
  }
  mg_output_write(output, work->chunk, got * work->channels);
  g_mutex_lock(&work->shared->lock);
  mg_playhead_wrote(work->shared->playhead, work->place, got);
  g_mutex_unlock(&work->shared->lock);
  work->place += got;
  return TRUE;
}

/* Plays until the end or until there is a new order. TRUE: the end was reached. */
static gboolean
stream(Work *work, MgOutput *output, GError **error)
{
  Shared *shared = work->shared;
  gboolean more = TRUE;
  for (;;) {
    g_mutex_lock(&shared->lock);
    gboolean out = outdated(work), loop = shared->loop;
    gint64 ahead = mg_playhead_ahead(shared->playhead, mg_output_played(output));
    g_mutex_unlock(&shared->lock);
    if (out)
      return FALSE;
    if (more && mg_output_space(output) >= (size_t)(CHUNK * work->channels)) {
      more = write_chunk(work, output, loop, error);
      continue;
    }
    if (!more && ahead == 0)
      return TRUE;
    if (!mg_output_alive(output)) {
      if (!*error)
        g_set_error_literal(error, MG_ERROR, MG_ERROR_UNPLUGGED, _("the sound device is gone"));
      return FALSE;
    }
    g_usleep(NAP_US);
  }
}

static gboolean
prepare(Work *work, const Order *order, GError **error)
{
  work->decoder = mg_decoder_open(order->path, error);
  if (!work->decoder)
    return FALSE;
  const MgAudioInfo *info = mg_decoder_info(work->decoder);
  work->channels = info->channels == 2 ? 2 : 1;
  work->start = (gint64)(order->start * info->sr);
  work->end = order->end > order->start ? MIN((gint64)(order->end * info->sr), info->frames) : info->frames;
  work->place = CLAMP((gint64)(order->from * info->sr), 0, work->end);
  work->chunk = g_new(float, CHUNK * info->channels);
  return mg_decoder_seek(work->decoder, work->place, error);
}

/* What one opening of the device plays, from work->place on. TRUE: the end was reached. */
static gboolean
play_on(Work *work, MgOutput *output, GError **error)
{
  Shared *shared = work->shared;
  g_mutex_lock(&shared->lock);
  mg_playhead_restart(shared->playhead, 0);
  shared->output = output;
  shared->sr = mg_decoder_info(work->decoder)->sr;
  g_mutex_unlock(&shared->lock);
  gboolean ended = stream(work, output, error);
  g_mutex_lock(&shared->lock);
  if (shared->serial == work->serial)
    shared->position = heard(shared);
  shared->output = NULL;
  g_mutex_unlock(&shared->lock);
  mg_output_flush(output);
  mg_output_close(output);
  return ended;
}

static MgOutput *
open_output(Work *work, GError **error)
{
  return mg_output_open(NULL, mg_decoder_info(work->decoder)->sr, work->channels, error);
}

/* After a device has gone: a sound server that is started anew is back within a moment, another device may be the
 * default one by then, and ALSA gives up after some gaps. It goes on where it was heard last. NULL: there is none, or
 * nobody waits. */
static MgOutput *
open_again(Work *work)
{
  Shared *shared = work->shared;
  gint64 until = g_get_monotonic_time() + PATIENCE_US;
  MgOutput *output = NULL;
  gboolean out = FALSE;
  while (!output && !out && g_get_monotonic_time() < until) {
    g_usleep(10 * NAP_US);
    g_mutex_lock(&shared->lock);
    out = outdated(work);
    work->place = CLAMP((gint64)(shared->position * mg_decoder_info(work->decoder)->sr), 0, work->end);
    g_mutex_unlock(&shared->lock);
    output = out ? NULL : open_output(work, NULL);
  }
  if (output && !mg_decoder_seek(work->decoder, work->place, NULL))
    g_clear_pointer(&output, mg_output_close);
  return output;
}

/* Each order opens the device anew: then its count of frames begins with the order's. */
static gboolean
play_order(Shared *shared, const Order *order, guint serial, GError **error)
{
  Work work = {.shared = shared, .serial = serial};
  gboolean ended = FALSE;
  MgOutput *output = prepare(&work, order, error) ? open_output(&work, error) : NULL;
  int soon_gone = 0;
  while (output) {
    gint64 begun = g_get_monotonic_time();
    ended = play_on(&work, output, error);
    soon_gone = g_get_monotonic_time() - begun < PATIENCE_US ? soon_gone + 1 : 0;
    gboolean gone = g_error_matches(*error, MG_ERROR, MG_ERROR_UNPLUGGED);
    output = gone && soon_gone < MOST_SOON_GONE ? open_again(&work) : NULL;
    if (output)
      g_clear_error(error);
  }
  mg_decoder_free(work.decoder);
  g_free(work.chunk);
  return ended;
}

/* Waits for an order that is to be played; FALSE: the player is gone. */
static gboolean
take_order(Shared *shared, Order *order, guint *serial)
{
  g_mutex_lock(&shared->lock);
  while (!shared->closing && shared->state != MG_PLAYER_PLAYING)
    g_cond_wait(&shared->wake, &shared->lock);
  *order = shared->order;
  order->path = g_strdup(shared->order.path);
  *serial = shared->serial;
  gboolean taken = !shared->closing;
  g_mutex_unlock(&shared->lock);
  return taken;
}

static gpointer
play_orders(gpointer data)
{
  Shared *shared = data;
  Order order;
  guint serial;
  while (take_order(shared, &order, &serial)) {
    g_autoptr(GError) error = NULL;
    gboolean ended = play_order(shared, &order, serial, &error);
    g_mutex_lock(&shared->lock);
    if ((ended || error) && shared->serial == serial) {
      shared->state = MG_PLAYER_STOPPED;
      if (error) {
        g_clear_error(&shared->failure);
        shared->failure = g_steal_pointer(&error);
      }
      tell_soon(shared);
    }
    g_mutex_unlock(&shared->lock);
    g_free(order.path);
  }
  g_free(order.path);
  unref_shared(shared);
  return NULL;
}

MgPlayer *
mg_player_new(void)
{
  return g_object_new(MG_TYPE_PLAYER, NULL);
}

/* With the lock held. */
static void
set_state(Shared *shared, MgPlayerState state)
{
  shared->state = state;
  tell_soon(shared);
  g_cond_signal(&shared->wake);
}

void
mg_player_play(MgPlayer *player, const char *path, double from, double start, double end)
{
  Shared *shared = player->shared;
  g_mutex_lock(&shared->lock);
  g_free(shared->order.path);
  shared->order = (Order){g_strdup(path), from, start, end};
  shared->position = from;
  shared->serial++;
  mg_playhead_restart(shared->playhead, 0); /* what is still heard of the former order does not count */
  set_state(shared, MG_PLAYER_PLAYING);
  g_mutex_unlock(&shared->lock);
}

void
mg_player_set_loop(MgPlayer *player, gboolean loop)
{
  g_mutex_lock(&player->shared->lock);
  player->shared->loop = loop;
  g_mutex_unlock(&player->shared->lock);
}

gboolean
mg_player_loop(MgPlayer *player)
{
  g_mutex_lock(&player->shared->lock);
  gboolean loop = player->shared->loop;
  g_mutex_unlock(&player->shared->lock);
  return loop;
}

void
mg_player_pause(MgPlayer *player, gboolean paused)
{
  Shared *shared = player->shared;
  g_mutex_lock(&shared->lock);
  if (paused && shared->state == MG_PLAYER_PLAYING) {
    shared->position = heard(shared);
    shared->serial++;
    set_state(shared, MG_PLAYER_PAUSED);
  } else if (!paused && shared->state == MG_PLAYER_PAUSED) {
    shared->order.from = shared->position;
    shared->serial++;
    mg_playhead_restart(shared->playhead, 0);
    set_state(shared, MG_PLAYER_PLAYING);
  }
  g_mutex_unlock(&shared->lock);
}

void
mg_player_stop(MgPlayer *player)
{
  Shared *shared = player->shared;
  g_mutex_lock(&shared->lock);
  if (shared->state != MG_PLAYER_STOPPED) {
    shared->position = shared->order.from;
    shared->serial++;
    set_state(shared, MG_PLAYER_STOPPED);
  }
  g_mutex_unlock(&shared->lock);
}

MgPlayerState
mg_player_state(MgPlayer *player)
{
  g_mutex_lock(&player->shared->lock);
  MgPlayerState state = player->shared->state;
  g_mutex_unlock(&player->shared->lock);
  return state;
}

const char *
mg_player_path(MgPlayer *player)
{
  return player->shared->order.path; /* only the main thread changes it */
}

double
mg_player_began(MgPlayer *player)
{
  return player->shared->order.from;
}

double
mg_player_position(MgPlayer *player)
{
  g_mutex_lock(&player->shared->lock);
  double position = player->shared->state == MG_PLAYER_PLAYING ? heard(player->shared) : player->shared->position;
  g_mutex_unlock(&player->shared->lock);
  return position;
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int(value, mg_player_state(MG_PLAYER(object)));
}

static void
finalize(GObject *object)
{
  Shared *shared = MG_PLAYER(object)->shared;
  g_mutex_lock(&shared->lock);
  shared->closing = TRUE;
  shared->owner = NULL;
  g_cond_signal(&shared->wake);
  g_mutex_unlock(&shared->lock);
  unref_shared(shared);
  G_OBJECT_CLASS(mg_player_parent_class)->finalize(object);
}

static void
mg_player_class_init(MgPlayerClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS(class);
  object->get_property = get_property;
  object->finalize = finalize;
  state_property = g_param_spec_int("state", NULL, NULL, MG_PLAYER_STOPPED, MG_PLAYER_PAUSED, MG_PLAYER_STOPPED,
                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object, 1, state_property);
  failed_signal = g_signal_new("failed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_ERROR);
}

static void
mg_player_init(MgPlayer *player)
{
  Shared *shared = player->shared = g_new0(Shared, 1);
  g_mutex_init(&shared->lock);
  g_cond_init(&shared->wake);
  shared->references = 2;
  shared->owner = player;
  shared->playhead = mg_playhead_new();
  g_thread_unref(g_thread_new("player", play_orders, shared));
}
