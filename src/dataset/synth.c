#include "dataset/synth.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "dataset/synth-parts.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"seed", MG_PARAM_INT, "0", 0, 0x1p53, NULL, NULL, NULL, N_("Start of everything random")},
    {"tracks", MG_PARAM_INT, "10", 1, 1000, NULL, NULL, NULL, N_("Tracks a class")},
    {"seconds", MG_PARAM_FLOAT, "120", 1, 3600, NULL, "s", NULL, N_("Length of a track")},
};

const MgParamTable mg_synth_params = MG_PARAM_TABLE("synth", N_("Demo tracks"), specs);

static const MgGenre *const genres[] = {&mg_genre_classique, &mg_genre_rap};

typedef struct {
  const char *folder;
  guint64 seed;
  guint tracks;
  double seconds;
} Job;

/* Levels and spectral centroids are drawn for track numbers, not for tracks: both classes get the same ones, so that
 * these two figures cannot tell the classes from each other. */
static void
master(MgSound *sound, const Job *job, guint track)
{
  MgRng rng = mg_rng_stream(job->seed, 0x3a57e7 + track);
  double level = mg_rng_between(&rng, -27, -19), centroid = mg_rng_between(&rng, 1100, 2100);
  mg_sound_master(sound, level, centroid);
}

static gboolean
write_track(size_t index, int worker, gpointer data, GError **error)
{
  const Job *job = data;
  guint number = index / job->tracks, track = index % job->tracks;
  const MgGenre *genre = genres[number];
  MgRng rng = mg_rng_stream(job->seed, (guint64)number << 32 | track);
  MgSound *sound = mg_sound_new(job->seconds);
  genre->play(sound, track, &rng);
  master(sound, job, track);
  g_autofree char *name = track < genre->n
                              ? g_strdup_printf("%02u-%s.wav", track + 1, genre->name(track))
                              : g_strdup_printf("%02u-%s-%u.wav", track + 1, genre->name(track), track / genre->n + 1);
  g_autofree char *path = g_build_filename(job->folder, genre->label, name, NULL);
  gboolean good = mg_wav_write(path, sound->samples, sound->n, 1, MG_SYNTH_SR, FALSE, error);
  mg_sound_free(sound);
  return good;
}

gboolean
mg_synth_write(const char *folder, const MgParams *params, int threads, MgProgress *progress, GError **error)
{
  Job job = {folder, mg_params_int(params, "seed"), (guint)mg_params_int(params, "tracks"),
             mg_params_float(params, "seconds")};
  for (size_t i = 0; i < G_N_ELEMENTS(genres); i++) {
    g_autofree char *path = g_build_filename(folder, genres[i]->label, NULL);
    if (!mg_folder_make(path, error))
      return FALSE;
  }
  return mg_parallel_for(G_N_ELEMENTS(genres) * job.tracks, threads, write_track, &job, progress, error);
}
