#include "base/ranks-calls.h"
#include "base/error.h"
#include "base/ranks-private.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* Every second each side says that it is there. Who is silent for so long is gone, wherever it is. */
static const gint64 beat_interval = G_TIME_SPAN_SECOND, silence = 60 * G_TIME_SPAN_SECOND;

typedef enum { QUESTION, ANSWER, FAILURE, BEAT, CANCEL, END } Kind;

typedef struct {
  guint32 kind, id, code;
} Header;

/* A message on its way. */
typedef struct {
  int to;
  GByteArray *bytes;
  MgRanksRequest *request; /* NULL: not yet */
} Letter;

/* Who carries the messages of one side: a single thread calls the engine. */
typedef struct {
  MgRanks *ranks;
  GAsyncQueue *letters; /* Letter *, from any thread */
  GPtrArray *sent;      /* Letter *, under way */
  gint64 *heard;        /* [size]: monotonic microseconds */
  gint64 beaten;
} Post;

static Letter *
letter_new(int to, Kind kind, guint32 id, guint32 code, const void *data, size_t n)
{
  Letter *letter = g_new0(Letter, 1);
  Header header = {kind, id, code};
  letter->to = to;
  letter->bytes = g_byte_array_sized_new((guint)(sizeof header + n));
  g_byte_array_append(letter->bytes, (const guint8 *)&header, sizeof header);
  if (n > 0)
    g_byte_array_append(letter->bytes, data, (guint)n);
  return letter;
}

static void
letter_free(gpointer data)
{
  Letter *letter = data;
  g_byte_array_unref(letter->bytes);
  g_free(letter);
}

static void
post_init(Post *post, MgRanks *ranks)
{
  gint64 now = g_get_monotonic_time();
  *post = (Post){.ranks = ranks, .letters = g_async_queue_new_full(letter_free), .beaten = now};
  post->sent = g_ptr_array_new_with_free_func(letter_free);
  post->heard = g_new(gint64, ranks->size);
  for (int i = 0; i < ranks->size; i++)
    post->heard[i] = now;
}

static void
post_clear(Post *post)
{
  g_async_queue_unref(post->letters);
  g_ptr_array_unref(post->sent);
  g_free(post->heard);
}

/* TRUE where anything was done. */
static gboolean
post_send(Post *post)
{
  const MgRanksEngine *engine = post->ranks->engine;
  gboolean busy = FALSE;
  for (Letter *letter; (letter = g_async_queue_try_pop(post->letters)); busy = TRUE) {
    letter->request =
        post->ranks->gone[letter->to] ? NULL : engine->send(letter->to, letter->bytes->data, letter->bytes->len);
    if (letter->request)
      g_ptr_array_add(post->sent, letter);
    else
      letter_free(letter);
  }
  for (guint i = post->sent->len; i-- > 0;) {
    Letter *letter = post->sent->pdata[i];
    if (post->ranks->gone[letter->to])
      mg_ranks_abandon(g_ptr_array_steal_index_fast(post->sent, i));
    else if (engine->done(letter->request) == MG_RANKS_DONE)
      g_ptr_array_remove_index_fast(post->sent, i);
  }
  return busy;
}

/* The next message, g_byte_array_unref() it; NULL where there is none. */
static GByteArray *
post_receive(Post *post, int *from, Header *header)
{
  size_t n;
  if (!post->ranks->engine->arrived(from, &n))
    return NULL;
  GByteArray *bytes = g_byte_array_new();
  g_byte_array_set_size(bytes, (guint)n);
  if (!post->ranks->engine->receive(*from, bytes->data, n) || n < sizeof *header) {
    g_byte_array_unref(bytes);
    return NULL;
  }
  post->heard[*from] = g_get_monotonic_time();
  memcpy(header, bytes->data, sizeof *header);
  g_byte_array_remove_range(bytes, 0, sizeof *header);
  return bytes;
}

/* Beats for ranks first … end - 1, and looks who is gone. */
static void
post_look(Post *post, int first, int end)
{
  gint64 now = g_get_monotonic_time();
  mg_ranks_look(post->ranks);
  for (int i = first; i < end; i++)
    post->ranks->gone[i] |= now - post->heard[i] > silence;
  if (now - post->beaten < beat_interval)
    return;
  post->beaten = now;
  for (int i = first; i < end; i++)
    g_async_queue_push(post->letters, letter_new(i, BEAT, 0, 0, NULL, 0));
}

/* Rank 0 */

typedef struct {
  guint32 id;
  int rank;
  gboolean answered;
  GByteArray *answer;
  GError *error;
} Call;

struct MgRanksCalls {
  Post post;
  MgProgress *progress;
  GThread *thread;
  GMutex lock; /* of everything below */
  GCond changed;
  GPtrArray *open; /* Call *, their callers' */
  guint32 last_id;
  gboolean ends, cancels;
};

static void
settle(MgRanksCalls *calls, guint at, GByteArray *answer, GError *error)
{
  Call *call = calls->open->pdata[at];
  call->answered = TRUE;
  call->answer = answer;
  call->error = error;
  g_ptr_array_remove_index_fast(calls->open, at);
  g_cond_broadcast(&calls->changed);
}

static void
take_answer(MgRanksCalls *calls, const Header *header, GByteArray *bytes)
{
  guint at = 0;
  g_mutex_lock(&calls->lock);
  while (at < calls->open->len && ((Call *)calls->open->pdata[at])->id != header->id)
    at++;
  gboolean wanted = at < calls->open->len && (header->kind == ANSWER || header->kind == FAILURE);
  if (wanted && header->kind == FAILURE) {
    g_autofree char *text = g_strndup((const char *)bytes->data, bytes->len);
    settle(calls, at, NULL, g_error_new_literal(MG_ERROR, (int)header->code, text));
  } else if (wanted) {
    settle(calls, at, g_byte_array_ref(bytes), NULL);
  }
  g_mutex_unlock(&calls->lock);
}

static void
fail_lost(MgRanksCalls *calls)
{
  const MgRanks *ranks = calls->post.ranks;
  g_mutex_lock(&calls->lock);
  for (guint i = calls->open->len; i-- > 0;) {
    int rank = ((Call *)calls->open->pdata[i])->rank;
    if (ranks->gone[rank])
      settle(
          calls, i, NULL,
          g_error_new(MG_ERROR, MG_ERROR_DEVICE, _("rank %d of %d is gone: its process has ended"), rank, ranks->size));
  }
  g_mutex_unlock(&calls->lock);
}

/* With it goes who is gone: on another machine that cannot be seen. */
static void
tell_all(MgRanksCalls *calls, Kind kind)
{
  for (int i = 1; i < calls->post.ranks->size; i++)
    g_async_queue_push(calls->post.letters,
                       letter_new(i, kind, 0, 0, calls->post.ranks->gone, sizeof(gboolean) * calls->post.ranks->size));
}

static gpointer
carry(gpointer data)
{
  MgRanksCalls *calls = data;
  gboolean told = FALSE, ends = FALSE;
  while (!ends || calls->post.sent->len > 0 || g_async_queue_length(calls->post.letters) > 0) {
    int from;
    Header header;
    g_autoptr(GByteArray) bytes = post_receive(&calls->post, &from, &header);
    if (bytes)
      take_answer(calls, &header, bytes);
    if (ends)
      mg_ranks_look(calls->post.ranks);
    else
      post_look(&calls->post, 1, calls->post.ranks->size);
    fail_lost(calls);
    g_mutex_lock(&calls->lock);
    if (!told && (calls->cancels || mg_progress_cancelled(calls->progress))) {
      tell_all(calls, CANCEL);
      told = TRUE;
    }
    if (calls->ends && !ends)
      tell_all(calls, END);
    ends = calls->ends;
    g_mutex_unlock(&calls->lock);
    if (!post_send(&calls->post) && !bytes)
      g_usleep(200);
  }
  return NULL;
}

MgRanksCalls *
mg_ranks_calls_new(MgRanks *ranks, MgProgress *progress)
{
  if (!ranks)
    return NULL;
  MgRanksCalls *calls = g_new0(MgRanksCalls, 1);
  post_init(&calls->post, ranks);
  calls->progress = progress;
  calls->open = g_ptr_array_new();
  g_mutex_init(&calls->lock);
  g_cond_init(&calls->changed);
  calls->thread = g_thread_new("ranks", carry, calls);
  return calls;
}

void
mg_ranks_calls_cancel(MgRanksCalls *calls)
{
  if (!calls)
    return;
  g_mutex_lock(&calls->lock);
  calls->cancels = TRUE;
  g_mutex_unlock(&calls->lock);
}

void
mg_ranks_calls_free(MgRanksCalls *calls)
{
  if (!calls)
    return;
  g_mutex_lock(&calls->lock);
  calls->ends = TRUE;
  g_mutex_unlock(&calls->lock);
  g_thread_join(calls->thread);
  post_clear(&calls->post);
  g_ptr_array_unref(calls->open);
  g_mutex_clear(&calls->lock);
  g_cond_clear(&calls->changed);
  g_free(calls);
}

GByteArray *
mg_ranks_call(MgRanksCalls *calls, int rank, const GByteArray *question, GError **error)
{
  Call call = {.rank = rank};
  g_mutex_lock(&calls->lock);
  call.id = ++calls->last_id;
  g_ptr_array_add(calls->open, &call);
  g_async_queue_push(calls->post.letters, letter_new(rank, QUESTION, call.id, 0, question->data, question->len));
  while (!call.answered)
    g_cond_wait(&calls->changed, &calls->lock);
  g_mutex_unlock(&calls->lock);
  if (call.error)
    g_propagate_error(error, call.error);
  return call.answer;
}

/* The others */

typedef struct {
  Post post;
  MgRanksAnswer func;
  gpointer data;
  MgProgress *progress; /* cancelled by rank 0, or where the caller's is */
} Service;

typedef struct {
  guint32 id;
  GByteArray *bytes;
} Question;

static Question *
question_new(guint32 id, GByteArray *bytes)
{
  Question *question = g_new(Question, 1);
  question->id = id;
  question->bytes = g_byte_array_ref(bytes);
  return question;
}

static void
answer(gpointer data, gpointer user_data)
{
  Question *question = data;
  Service *service = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) bytes = service->func(question->bytes, service->data, service->progress, &error);
  g_async_queue_push(service->post.letters, bytes ? letter_new(0, ANSWER, question->id, 0, bytes->data, bytes->len)
                                                  : letter_new(0, FAILURE, question->id, (guint32)error->code,
                                                               error->message, strlen(error->message)));
  g_byte_array_unref(question->bytes);
  g_free(question);
}

static void
take_question(Service *service, GThreadPool *pool, const Header *header, GByteArray *bytes, gboolean *ends)
{
  if (header->kind == QUESTION) {
    g_thread_pool_push(pool, question_new(header->id, bytes), NULL);
  } else if (header->kind == CANCEL) {
    mg_progress_cancel(service->progress);
  }
  MgRanks *ranks = service->post.ranks;
  if (header->kind == END && bytes->len == sizeof(gboolean) * ranks->size)
    memcpy(ranks->gone, bytes->data, bytes->len);
  *ends |= header->kind == END;
}

gboolean
mg_ranks_serve(MgRanks *ranks, int threads, MgRanksAnswer func, gpointer data, MgProgress *progress, GError **error)
{
  Service service = {.func = func, .data = data, .progress = mg_progress_new_part(progress, 0, 1, NULL, NULL)};
  GThreadPool *pool = g_thread_pool_new(answer, &service, MAX(threads, 1), FALSE, NULL);
  gboolean ends = FALSE;
  post_init(&service.post, ranks);
  while (!ends && !ranks->gone[0]) {
    int from;
    Header header;
    g_autoptr(GByteArray) bytes = post_receive(&service.post, &from, &header);
    if (bytes)
      take_question(&service, pool, &header, bytes, &ends);
    post_look(&service.post, 0, 1);
    if (!post_send(&service.post) && !bytes)
      g_usleep(200);
  }
  if (!ends)
    mg_progress_cancel(service.progress);
  g_thread_pool_free(pool, FALSE, TRUE);
  while (ends && !ranks->gone[0] && (post_send(&service.post) || service.post.sent->len > 0))
    mg_ranks_look(ranks);
  mg_progress_unref(service.progress);
  post_clear(&service.post);
  return ends || mg_ranks_check(ranks, error);
}
