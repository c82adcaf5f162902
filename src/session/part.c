#include "session/part.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/scratch.h"
#include "dsp/stft.h"
#include "session/analysis-block.h"
#include <glib/gi18n-lib.h>
#include <math.h>

#define PIECE_SECONDS 10.0

/* Shared between the main thread and the one that works; lives as long as either. */
typedef struct {
  gint references;
  char *path;
  const MgFeature *feature; /* NULL: the mask makes it */
  MgMask *mask;             /* NULL: the feature does */
  MgParams *params;
  double start, end;
  gint stopped, permille; /* atomic */
  MgScratch *scratch;     /* this and the file: written by the thread until the news, by the main thread after */
  char *file;
  GError *error;
  MgPart *owner; /* main thread only */
} Shared;

struct _MgPart {
  GObject parent;
  Shared *shared;
  gboolean done;
};

G_DEFINE_FINAL_TYPE(MgPart, mg_part, G_TYPE_OBJECT)

enum { CHANGED, DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
unref_shared(gpointer data)
{
  Shared *shared = data;
  if (!g_atomic_int_dec_and_test(&shared->references))
    return;
  mg_scratch_free(shared->scratch);
  mg_params_free(shared->params);
  mg_mask_unref(shared->mask);
  g_clear_error(&shared->error);
  g_free(shared->file);
  g_free(shared->path);
  g_free(shared);
}

static Shared *
ref_shared(Shared *shared)
{
  g_atomic_int_inc(&shared->references);
  return shared;
}

static gboolean
tell_progress(gpointer data)
{
  Shared *shared = data;
  if (shared->owner)
    g_signal_emit(shared->owner, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
tell_end(gpointer data)
{
  Shared *shared = data;
  if (!shared->owner)
    return G_SOURCE_REMOVE;
  g_autoptr(MgPart) part = g_object_ref(shared->owner);
  part->done = TRUE;
  g_signal_emit(part, signals[DONE], 0, shared->error ? shared->error->message : NULL);
  return G_SOURCE_REMOVE;
}

static const char *
name_of(const Shared *shared)
{
  return shared->feature ? shared->feature->name : "mask";
}

/* Samples on either side that matter. */
static gint64
context_of(const Shared *shared, int sr)
{
  return (gint64)(shared->mask ? mg_mask_n_fft(shared->mask) : mg_block_context(shared->feature, sr, shared->params));
}

/* n samples from sample `from` on of the file's, made into those of the part. g_free() them. */
static float *
compute(const Shared *shared, const float *samples, size_t n, int sr, gint64 from, size_t *made, GError **error)
{
  *made = n;
  if (shared->mask)
    return mg_mask_apply(shared->mask, samples, n, sr, (double)from / sr, error);
  g_autoptr(MgMatrix) sound = mg_feature_compute(shared->feature, samples, n, sr, shared->params, error);
  *made = sound ? sound->cols : 0;
  return sound ? g_memdup2(sound->data, sound->cols * sizeof(float)) : NULL;
}

/* Samples [first, first + n) of the part, computed with as much sound around them as they depend on. */
static gboolean
make_piece(Shared *shared, MgSampleReader *reader, gint64 first, gint64 n, float *out, GError **error)
{
  int sr = mg_sample_reader_sr(reader);
  gint64 hop = MAX(1, (gint64)mg_feature_hop(shared->params));
  gint64 margin = (context_of(shared, sr) / hop + 1) * hop;
  gint64 from = MAX(0, first - margin), to = MIN(mg_sample_reader_length(reader), first + n + margin);
  g_autofree float *samples = g_new(float, to - from);
  if (!mg_sample_reader_read(reader, from, samples, (size_t)(to - from), error))
    return FALSE;
  size_t made;
  g_autofree float *sound = compute(shared, samples, (size_t)(to - from), sr, from, &made, error);
  for (gint64 i = 0; sound && i < n; i++)
    out[i] = first - from + i < (gint64)made ? sound[first - from + i] : 0;
  return sound != NULL;
}

static gboolean
write_file(Shared *shared, const float *samples, gint64 n, int sr, GError **error)
{
  shared->scratch = mg_scratch_new("part", error);
  if (!shared->scratch)
    return FALSE;
  g_autofree char *file = mg_scratch_path(shared->scratch, "part.wav");
  if (!mg_wav_write(file, samples, n, 1, sr, TRUE, error))
    return FALSE;
  shared->file = g_steal_pointer(&file);
  return TRUE;
}

static gboolean
make(Shared *shared, GError **error)
{
  int sr;
  if (!mg_audio_params_sr(shared->params, &sr, error))
    return FALSE;
  g_autoptr(MgSampleReader) reader = mg_sample_reader_open(shared->path, sr, error);
  if (!reader)
    return FALSE;
  sr = mg_sample_reader_sr(reader);
  gint64 hop = MAX(1, (gint64)mg_feature_hop(shared->params)), piece = (gint64)(PIECE_SECONDS * sr) / hop * hop;
  gint64 first = (gint64)(shared->start * sr) / hop * hop,
         end = MIN((gint64)(shared->end * sr), mg_sample_reader_length(reader));
  gint64 n = end - first;
  if (n <= 0 || shared->end <= shared->start || shared->end - shared->start > MG_PART_LONGEST) {
    g_set_error(error, MG_ERROR, MG_ERROR_LIMIT, _("%s of %.1f s: expected more than nothing and at most %.0f s"),
                name_of(shared), shared->end - shared->start, MG_PART_LONGEST);
    return FALSE;
  }
  piece = MAX(piece, hop);
  g_autofree float *samples = g_new(float, n);
  for (gint64 at = 0; at < n; at += piece) {
    if (g_atomic_int_get(&shared->stopped) ||
        !make_piece(shared, reader, first + at, MIN(piece, n - at), samples + at, error))
      return FALSE;
    g_atomic_int_set(&shared->permille, (gint)(1000 * MIN(at + piece, n) / n));
    g_idle_add_full(G_PRIORITY_DEFAULT, tell_progress, ref_shared(shared), unref_shared);
  }
  return write_file(shared, samples, n, sr, error);
}

static gpointer
work(gpointer data)
{
  Shared *shared = data;
  make(shared, &shared->error);
  g_idle_add_full(G_PRIORITY_DEFAULT, tell_end, shared, unref_shared);
  return NULL;
}

/* Takes the parameters and the mask. */
static MgPart *
begin(const char *path, const MgFeature *feature, MgMask *mask, MgParams *params, double start, double end)
{
  MgPart *part = g_object_new(MG_TYPE_PART, NULL);
  Shared *shared = part->shared = g_new0(Shared, 1);
  shared->references = 1;
  shared->owner = part;
  shared->path = g_strdup(path);
  shared->feature = feature;
  shared->mask = mask;
  shared->params = params;
  shared->start = MAX(start, 0);
  shared->end = end;
  g_thread_unref(g_thread_new("part", work, ref_shared(shared)));
  return part;
}

MgPart *
mg_part_new(const char *path, const MgFeature *feature, const MgParams *params, double start, double end)
{
  return begin(path, feature, NULL, mg_params_copy(params), start, end);
}

MgPart *
mg_part_new_masked(const char *path, MgMask *mask, double start, double end)
{
  static const MgParamTable *const tables[] = {&mg_audio_params, &mg_stft_params, NULL};
  MgParams *params = mg_params_new(tables);
  mg_params_set(params, "sr", "native", NULL);
  return begin(path, NULL, mg_mask_ref(mask), params, start, end);
}

gboolean
mg_part_is_masked(MgPart *part, const char *path, const MgMask *mask, double start, double end)
{
  const Shared *shared = part->shared;
  return shared->mask && g_strcmp0(shared->path, path) == 0 && mg_mask_equal(shared->mask, mask) &&
         shared->start == MAX(start, 0) && shared->end == end;
}

gboolean
mg_part_is_of(MgPart *part, const char *path, const MgFeature *feature, const MgParams *params, double start,
              double end)
{
  const Shared *shared = part->shared;
  g_autofree char *own = mg_params_key(shared->params, NULL), *other = mg_params_key(params, NULL);
  return g_strcmp0(shared->path, path) == 0 && shared->feature == feature && g_str_equal(own, other) &&
         shared->start == MAX(start, 0) && shared->end == end;
}

double
mg_part_fraction(MgPart *part)
{
  return g_atomic_int_get(&part->shared->permille) / 1000.0;
}

const char *
mg_part_file(MgPart *part)
{
  return part->done ? part->shared->file : NULL;
}

double
mg_part_start(MgPart *part)
{
  return part->shared->start;
}

double
mg_part_end(MgPart *part)
{
  return part->shared->end;
}

void
mg_part_stop(MgPart *part)
{
  g_atomic_int_set(&part->shared->stopped, TRUE);
  part->shared->owner = NULL;
}

static void
finalize(GObject *object)
{
  MgPart *part = MG_PART(object);
  mg_part_stop(part);
  unref_shared(part->shared);
  G_OBJECT_CLASS(mg_part_parent_class)->finalize(object);
}

static void
mg_part_class_init(MgPartClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mg_part_init(MgPart *part)
{
}
