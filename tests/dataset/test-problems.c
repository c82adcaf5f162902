#include "dataset/problems.h"
#include "audio/encoder.h"
#include "base/rng.h"
#include "dataset/leak-check.h"
#include "dataset/store-scans.h"
#include "support.h"
#include <string.h>

enum { SR = 22050, N = 4 * SR };

/* Music of a kind: notes that change, so that every moment tells which sound it is. */
static float *
make_tune(guint64 seed)
{
  MgRng rng = mg_rng_new(seed);
  float *samples = g_new0(float, N);
  for (int note = 0; note < 32; note++) {
    double hz = 200 * pow(2, mg_rng_uniform(&rng) * 4), strength = 0.05 + 0.15 * mg_rng_uniform(&rng);
    int from = (int)mg_rng_below(&rng, N), length = SR / 2;
    for (int i = from; i < MIN(N, from + length); i++)
      samples[i] += (float)(strength * sin(2 * G_PI * hz * i / SR) * exp(-3.0 * (i - from) / SR));
  }
  return samples;
}

static char *
save(const char *folder, const char *name, const float *samples, size_t n, int sr)
{
  char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_wav_write(path, samples, (gint64)n, 1, sr, FALSE, &error));
  g_assert_no_error(error);
  return path;
}

typedef struct {
  char *folder;
  MgManifest *manifest;
  GPtrArray *scans, *problems;
} Set;

static MgTrack *
add(Set *set, const char *name, int label, const float *samples, size_t n, int sr)
{
  g_autofree char *path = save(set->folder, name, samples, n, sr);
  MgTrack *track = mg_manifest_add(set->manifest, path, label);
  track->duration = n / (double)sr;
  track->sr = sr;
  track->id = set->manifest->tracks->len;
  return track;
}

static void
set_up(Set *set, gconstpointer data)
{
  set->folder = test_folder();
  set->manifest = mg_manifest_new(set->folder);
  g_ptr_array_add(set->manifest->labels, g_strdup("a"));
  g_ptr_array_add(set->manifest->labels, g_strdup("b"));
}

static void
tear_down(Set *set, gconstpointer data)
{
  g_clear_pointer(&set->problems, g_ptr_array_unref);
  g_clear_pointer(&set->scans, g_ptr_array_unref);
  mg_manifest_free(set->manifest);
  test_remove(set->folder);
}

static void
look(Set *set)
{
  static const MgParamTable *const tables[] = {&mg_problem_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(GError) error = NULL;
  set->scans = mg_scans_new(set->manifest->tracks->len);
  g_assert_true(mg_scan_tracks(set->scans, NULL, set->manifest, NULL, &error));
  g_assert_no_error(error);
  set->problems = mg_problems_find(set->manifest, set->scans, params);
}

static const MgProblem *
only(Set *set, MgProblemKind kind)
{
  g_assert_cmpuint(set->problems->len, ==, 1);
  const MgProblem *problem = set->problems->pdata[0];
  g_assert_cmpint(problem->kind, ==, kind);
  return problem;
}

static void
test_good(Set *set, gconstpointer data)
{
  for (guint64 seed = 1; seed <= 12; seed++) {
    g_autofree float *tune = make_tune(seed);
    g_autofree char *name = g_strdup_printf("%d.wav", (int)seed);
    add(set, name, seed % 2, tune, N, SR);
  }
  look(set);
  g_assert_cmpuint(set->problems->len, ==, 0);
}

static void
test_duplicate(Set *set, gconstpointer data)
{
  g_autofree float *tune = make_tune(1), *other = make_tune(2);
  add(set, "1.wav", 0, tune, N, SR);
  add(set, "2.wav", 0, other, N, SR);
  add(set, "3.wav", 0, tune, N, SR);
  look(set);
  const MgProblem *problem = only(set, MG_PROBLEM_DUPLICATE);
  g_assert_cmpuint(problem->tracks->len, ==, 2);
  char *made;
  g_autoptr(GArray) values = mg_problem_fix(problem, set->manifest, MG_FIX_COPIES, &made);
  g_assert_cmpuint(values->len, ==, 1);
  g_assert_cmpint(g_array_index(values, MgTrackValue, 0).track, ==, 3);
  g_assert_cmpint(g_array_index(values, MgTrackValue, 0).field, ==, MG_FIELD_EXCLUDED);
}

/* Half as loud, noisy at 30 dB, cut 0.3 s later: still the same sound. */
static void
test_near_duplicate(Set *set, gconstpointer data)
{
  MgRng rng = mg_rng_new(5);
  g_autofree float *tune = make_tune(1), *other = make_tune(2), *copy = g_new(float, N);
  int later = (int)(0.3 * SR);
  for (int i = 0; i < N - later; i++)
    copy[i] = 0.5F * tune[i + later] + 0.001F * mg_rng_normal(&rng);
  add(set, "1.wav", 0, tune, N, SR);
  add(set, "2.wav", 1, other, N, SR);
  add(set, "3.wav", 0, copy, N - later, SR);
  look(set);
  const MgProblem *problem = only(set, MG_PROBLEM_NEAR_DUPLICATE);
  g_assert_cmpuint(g_array_index(problem->tracks, guint, 1), ==, 2);
  char *made = NULL;
  g_autoptr(GArray) values = mg_problem_fix(problem, set->manifest, MG_FIX_TOGETHER, &made);
  g_assert_cmpuint(values->len, ==, 2);
  g_assert_cmpstr(g_array_index(values, MgTrackValue, 0).text, ==, g_array_index(values, MgTrackValue, 1).text);
  g_free(made);
}

static void
test_conflict(Set *set, gconstpointer data)
{
  g_autofree float *tune = make_tune(1);
  add(set, "1.wav", 0, tune, N, SR);
  add(set, "2.wav", 1, tune, N, SR);
  look(set);
  char *made;
  g_autoptr(GArray) values = mg_problem_fix(only(set, MG_PROBLEM_CONFLICT), set->manifest, MG_FIX_RELABEL, &made);
  g_assert_cmpstr(g_array_index(values, MgTrackValue, 1).text, ==, "a");
}

static void
test_levels(Set *set, gconstpointer data)
{
  g_autofree float *tune = make_tune(1), *loud = make_tune(2), *nothing = g_new0(float, N);
  for (int i = 0; i < N; i++)
    loud[i] = CLAMP(loud[i] * 20, -1, 1);
  add(set, "1.wav", 0, tune, N, SR);
  add(set, "2.wav", 0, loud, N, SR);
  add(set, "3.wav", 0, nothing, N, SR);
  g_autofree float *tone = g_new(float, SR / 10);
  for (int i = 0; i < SR / 10; i++)
    tone[i] = 0.3F * sinf(0.1F * i);
  add(set, "4.wav", 0, tone, SR / 10, SR);
  g_autofree float *rate = make_tune(3);
  add(set, "5.wav", 0, rate, N, 44100);
  look(set);
  g_assert_cmpuint(set->problems->len, ==, 4);
  static const MgProblemKind kinds[] = {MG_PROBLEM_SILENT, MG_PROBLEM_CLIPPED, MG_PROBLEM_SHORT, MG_PROBLEM_RATE};
  static const guint tracks[] = {2, 1, 3, 4};
  for (guint i = 0; i < 4; i++) {
    const MgProblem *problem = set->problems->pdata[i];
    g_assert_cmpint(problem->kind, ==, kinds[i]);
    g_assert_cmpuint(g_array_index(problem->tracks, guint, 0), ==, tracks[i]);
  }
}

static void
test_straddling(Set *set, gconstpointer data)
{
  for (guint64 seed = 1; seed <= 3; seed++) {
    g_autofree float *tune = make_tune(seed);
    g_autofree char *name = g_strdup_printf("%d.wav", (int)seed);
    MgTrack *track = add(set, name, 0, tune, N, SR);
    track->group = g_strdup("speaker");
    track->fold = 0;
    track->split = seed == 2 ? MG_SPLIT_TEST : MG_SPLIT_TRAIN;
  }
  look(set);
  char *made;
  g_autoptr(GArray) values = mg_problem_fix(only(set, MG_PROBLEM_STRADDLING), set->manifest, MG_FIX_ONE_SIDE, &made);
  for (guint i = 0; i < values->len; i++)
    if (g_array_index(values, MgTrackValue, i).field == MG_FIELD_SPLIT)
      g_assert_cmpstr(g_array_index(values, MgTrackValue, i).text, ==, "train");
  g_free(made);
}

/* A scan that is kept is not made again, until the file changes. */
static void
test_kept(Set *set, gconstpointer data)
{
  g_autofree float *tune = make_tune(1), *other = make_tune(2);
  char *home = test_folder();
  {
    g_autoptr(MgStore) store = mg_store_open(home, NULL);
    add(set, "1.wav", 0, tune, N, SR);
    g_autoptr(GPtrArray) none = mg_store_scans(store, set->manifest, NULL);
    g_assert_null(none->pdata[0]);
    g_assert_true(mg_scan_tracks(none, store, set->manifest, NULL, NULL));
    g_autoptr(GPtrArray) kept = mg_store_scans(store, set->manifest, NULL);
    const MgTrackScan *made = none->pdata[0], *read = kept->pdata[0];
    g_assert_cmpstr(read->digest, ==, made->digest);
    g_assert_cmpfloat(mg_print_distance(read->print, made->print, 0, 10), ==, 0);
    g_free(save(set->folder, "1.wav", other, N - 1, SR));
    g_autoptr(GPtrArray) stale = mg_store_scans(store, set->manifest, NULL);
    g_assert_null(stale->pdata[0]);
  }
  test_remove(home);
}

static void
test_unreadable(Set *set, gconstpointer data)
{
  g_autofree float *tune = make_tune(1);
  MgTrack *track = add(set, "1.wav", 0, tune, N, SR);
  g_assert_true(g_file_set_contents(track->path, "no sound", -1, NULL));
  look(set);
  g_assert_nonnull(strstr(only(set, MG_PROBLEM_UNREADABLE)->text, track->path));
}

/* Copies, files and groups on two sides are told; on one side they are not. */
static void
test_leaks(Set *set, gconstpointer data)
{
  static const MgSplit sides[] = {MG_SPLIT_TRAIN, MG_SPLIT_TRAIN, MG_SPLIT_TEST, MG_SPLIT_TEST};
  for (guint64 i = 0; i < 4; i++) {
    g_autofree float *tune = make_tune(i == 2 ? 1 : i + 1);
    g_autofree char *name = g_strdup_printf("%d.wav", (int)i);
    add(set, name, i % 2, tune, N, SR)->split = sides[i];
  }
  look(set);
  g_autoptr(MgLeakCheck) copies = mg_leak_check(set->manifest, set->scans, 0.2); /* 0 and 2 sound the same */
  g_assert_cmpuint(copies->copies, ==, 1);
  g_assert_cmpuint(copies->apart_copies, ==, 1);
  g_assert_cmpuint(copies->files, ==, 4);
  g_assert_cmpuint(copies->unheard, ==, 0);
  g_assert_cmpfloat(copies->difference, ==, 0);
  g_assert_false(mg_leak_check_is_clean(copies));
  g_autoptr(MgLeakCheck) unheard = mg_leak_check(set->manifest, NULL, 0.2);
  g_assert_cmpuint(unheard->unheard, ==, 4);
  g_assert_true(mg_leak_check_is_clean(unheard));
  mg_manifest_track(set->manifest, 1)->group = g_strdup("speaker");
  mg_manifest_track(set->manifest, 3)->group = g_strdup("speaker");
  g_autoptr(MgLeakCheck) groups = mg_leak_check(set->manifest, NULL, 0.2);
  g_assert_cmpuint(groups->apart_groups, ==, 1);
  g_assert_cmpstr(groups->example, ==, "speaker");
}

#define ADD(name, func) g_test_add("/problems/" name, Set, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("good", test_good);
  ADD("duplicate", test_duplicate);
  ADD("near-duplicate", test_near_duplicate);
  ADD("conflict", test_conflict);
  ADD("levels", test_levels);
  ADD("straddling", test_straddling);
  ADD("leaks", test_leaks);
  ADD("kept", test_kept);
  ADD("unreadable", test_unreadable);
  return g_test_run();
}
