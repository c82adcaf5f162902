#include "dataset/segment.h"
#include "dataset/split.h"
#include "base/error.h"
#include "base/rng.h"
#include "support.h"
#include <string.h>

static const MgParamTable *const tables[] = {&mg_split_params, &mg_segment_params, NULL};

static MgParams *
split_params(const char *split, int seed)
{
  MgParams *params = mg_params_new(tables);
  g_assert_true(mg_params_set(params, "split", split, NULL));
  mg_params_set_int(params, "seed", seed);
  return params;
}

static MgManifest *
empty_manifest(int classes)
{
  MgManifest *manifest = g_new0(MgManifest, 1);
  manifest->path = g_strdup("made up");
  manifest->labels = g_ptr_array_new_with_free_func(g_free);
  manifest->tracks = g_ptr_array_new();
  manifest->problems = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < classes; i++)
    g_ptr_array_add(manifest->labels, g_strdup_printf("class %d", i));
  return manifest;
}

static MgTrack *
add(MgManifest *manifest, int label, const char *group, int fold)
{
  MgTrack *track = g_new0(MgTrack, 1);
  track->path = g_strdup_printf("/%u.wav", manifest->tracks->len);
  track->label = label;
  track->group = g_strdup(group);
  track->fold = fold;
  track->duration = 60;
  g_ptr_array_add(manifest->tracks, track);
  return track;
}

static void
free_made(MgManifest *manifest)
{
  for (guint i = 0; i < manifest->tracks->len; i++) {
    MgTrack *track = mg_manifest_track(manifest, i);
    g_free(track->path);
    g_free(track->group);
    g_free(track);
  }
  g_ptr_array_set_size(manifest->tracks, 0);
  mg_manifest_free(manifest);
}

static guint
count(const MgManifest *manifest, int label, MgSplit split)
{
  guint n = 0;
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    n += (label < 0 || track->label == label) && track->split == split;
  }
  return n;
}

/* No group has tracks in two splits, and every track is in one. */
static void
assert_honest(const MgManifest *manifest)
{
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *a = mg_manifest_track(manifest, i);
    g_assert_cmpint(a->split, !=, MG_SPLIT_NONE);
    for (guint k = 0; k < i && a->group; k++) {
      const MgTrack *b = mg_manifest_track(manifest, k);
      if (g_strcmp0(a->group, b->group) == 0)
        g_assert_cmpint(a->split, ==, b->split);
    }
  }
}

static MgManifest *
random_manifest(MgRng *rng)
{
  int classes = 2 + mg_rng_below(rng, 5), groups = 3 + mg_rng_below(rng, 20);
  MgManifest *manifest = empty_manifest(classes);
  for (int i = 0; i < 20 + (int)mg_rng_below(rng, 100); i++) {
    g_autofree char *group = mg_rng_below(rng, 4) ? g_strdup_printf("g%u", mg_rng_below(rng, groups)) : NULL;
    add(manifest, mg_rng_below(rng, classes), group, mg_rng_below(rng, 5));
  }
  return manifest;
}

static void
test_never_straddles(void)
{
  static const char *const splits[] = {"6:2:2", "8:1:1", "5:5:0", "1:1:1"};
  MgRng rng = mg_rng_new(7);
  for (int round = 0; round < 300; round++) {
    MgManifest *manifest = random_manifest(&rng);
    g_autoptr(MgParams) params = split_params(splits[round % G_N_ELEMENTS(splits)], round);
    g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
    assert_honest(manifest);
    /* Segments take their tracks' side. */
    g_autoptr(GArray) segments = mg_segments_cut(manifest, params);
    for (guint i = 0; i < segments->len; i++) {
      const MgSegment *segment = &g_array_index(segments, MgSegment, i);
      g_assert_cmpint(segment->split, ==, mg_manifest_track(manifest, segment->track)->split);
    }
    free_made(manifest);
  }
}

/* Where folds leave the validation open, its groups leave the training whole. */
static void
test_fold_tenth(void)
{
  MgRng rng = mg_rng_new(8);
  for (int round = 0; round < 50; round++) {
    MgManifest *manifest = empty_manifest(3);
    for (int i = 0; i < 300; i++) { /* a group lies within a fold */
      int group = mg_rng_below(&rng, 60);
      g_autofree char *name = g_strdup_printf("g%d", group);
      add(manifest, mg_rng_below(&rng, 3), name, group % 5);
    }
    g_autoptr(MgParams) params = split_params("fold:test=2", round);
    g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
    assert_honest(manifest);
    for (guint i = 0; i < manifest->tracks->len; i++) {
      const MgTrack *track = mg_manifest_track(manifest, i);
      g_assert_cmpint(track->split == MG_SPLIT_TEST, ==, track->fold == 2);
    }
    guint rest = 300 - count(manifest, -1, MG_SPLIT_TEST), val = count(manifest, -1, MG_SPLIT_VAL);
    g_assert_cmpuint(val, >=, rest / 20);
    g_assert_cmpuint(val, <=, rest / 5);
    free_made(manifest);
  }
}

static void
test_exact_shares(void)
{
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 20; i++)
    add(manifest, i % 2, NULL, -1);
  for (int seed = 0; seed < 20; seed++) {
    g_autoptr(MgParams) params = split_params("6:2:2", seed);
    g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
    for (int label = 0; label < 2; label++) {
      g_assert_cmpuint(count(manifest, label, MG_SPLIT_TRAIN), ==, 6);
      g_assert_cmpuint(count(manifest, label, MG_SPLIT_VAL), ==, 2);
      g_assert_cmpuint(count(manifest, label, MG_SPLIT_TEST), ==, 2);
    }
  }
  free_made(manifest);
}

static void
test_every_class_everywhere(void)
{
  MgManifest *manifest = empty_manifest(3);
  static const int tracks[] = {3, 5, 40};
  for (int label = 0; label < 3; label++)
    for (int i = 0; i < tracks[label]; i++)
      add(manifest, label, NULL, -1);
  g_autoptr(MgParams) params = split_params("6:2:2", 1);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
  g_assert_true(mg_split_apply(manifest, params, warnings, NULL));
  for (int label = 0; label < 3; label++)
    for (MgSplit split = MG_SPLIT_TRAIN; split <= MG_SPLIT_TEST; split++)
      g_assert_cmpuint(count(manifest, label, split), >, 0);
  g_assert_cmpuint(warnings->len, ==, 0);
  free_made(manifest);
}

static void
test_seed(void)
{
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 40; i++)
    add(manifest, i % 2, NULL, -1);
  GString *texts[3];
  static const int seeds[] = {4, 4, 5};
  for (int k = 0; k < 3; k++) {
    g_autoptr(MgParams) params = split_params("6:2:2", seeds[k]);
    g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
    texts[k] = g_string_new(NULL);
    for (guint i = 0; i < manifest->tracks->len; i++)
      g_string_append(texts[k], mg_split_name(mg_manifest_track(manifest, i)->split));
  }
  g_assert_cmpstr(texts[0]->str, ==, texts[1]->str);
  g_assert_cmpstr(texts[0]->str, !=, texts[2]->str);
  for (int k = 0; k < 3; k++)
    g_string_free(texts[k], TRUE);
  free_made(manifest);
}

static void
test_folds(void)
{
  static const struct {
    const char *split;
    const char *sides; /* of folds 0 to 9: t train or val, v val, T test */
  } cases[] = {
      {"fold:test=0-4", "TTTTTttttt"}, {"fold:test=1+3+8-9,val=0", "vTtTttttTT"},
      {"fold:val=5", "tttttvtttt"},    {"fold:val=2,test=7", "ttvttttTtt"},
      {"group:test=g3", "tttTtttttt"}, {"group:test=g0+g9,val=g1", "TvtttttttT"},
      {"group:val=g5", "tttttvtttt"},
  };
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 200; i++) {
    const char group[] = {'g', '0' + i / 20, 0};
    add(manifest, i % 2, group, i / 20);
  }
  for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
    g_autoptr(MgParams) params = split_params(cases[k].split, 1);
    g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
    for (guint i = 0; i < manifest->tracks->len; i++) {
      const MgTrack *track = mg_manifest_track(manifest, i);
      char side = cases[k].sides[track->fold];
      g_assert_cmpint(track->split == MG_SPLIT_TEST, ==, side == 'T');
      if (side == 'v')
        g_assert_cmpint(track->split, ==, MG_SPLIT_VAL);
    }
  }
  free_made(manifest);
}

static void
test_refused(void)
{
  static const char *const splits[] = {"",
                                       "6:2",
                                       "6:2:x",
                                       "0:1:1",
                                       "fold:",
                                       "fold:test=",
                                       "fold:k=1",
                                       "fold:test=9",
                                       "fold:test=1-",
                                       "leaky:6:2",
                                       "fold:test=1,test=2",
                                       "fold:test=1,val=1",
                                       "fold:test=0-2,val=2+3",
                                       "column",
                                       "-1:1:1",
                                       "fold:test=4-2",
                                       "group:",
                                       "group:test=",
                                       "group:test=a+",
                                       "group:test=a,val=a",
                                       "group:test=nobody"};
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 20; i++)
    add(manifest, i % 2, "a", i / 5);
  for (size_t i = 0; i < G_N_ELEMENTS(splits); i++) {
    g_autoptr(MgParams) params = split_params(splits[i], 1);
    g_autoptr(GError) error = NULL;
    g_test_message("%s", splits[i]);
    g_assert_false(mg_split_apply(manifest, params, NULL, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  }
  free_made(manifest);
}

static void
test_column(void)
{
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 12; i++)
    add(manifest, i % 2, "one", -1)->split = i < 6 ? MG_SPLIT_TRAIN : i < 8 ? MG_SPLIT_VAL : MG_SPLIT_TEST;
  g_autoptr(MgParams) params = split_params("column", 1);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
  g_assert_true(mg_split_apply(manifest, params, warnings, NULL));
  g_assert_cmpuint(count(manifest, -1, MG_SPLIT_TEST), ==, 4);
  g_assert_cmpuint(warnings->len, ==, 1);
  g_assert_nonnull(strstr(warnings->pdata[0], "one"));
  free_made(manifest);
}

static void
test_leaky(void)
{
  MgManifest *manifest = empty_manifest(2);
  for (int i = 0; i < 10; i++)
    add(manifest, i % 2, NULL, -1)->duration = 300;
  g_autoptr(MgParams) params = split_params("leaky:6:2:2", 1);
  g_assert_true(mg_split_is_leaky(params));
  g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
  g_autoptr(GArray) segments = mg_segments_cut(manifest, params);
  mg_split_segments(segments, manifest, params);
  g_autofree guint *counts = mg_split_counts(manifest, segments);
  for (int label = 0; label < 2; label++) {
    g_assert_cmpuint(counts[label * 3], ==, 60);
    g_assert_cmpuint(counts[label * 3 + 1], ==, 20);
    g_assert_cmpuint(counts[label * 3 + 2], ==, 20);
  }
  free_made(manifest);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/split/never-straddles", test_never_straddles);
  g_test_add_func("/split/fold-tenth", test_fold_tenth);
  g_test_add_func("/split/exact-shares", test_exact_shares);
  g_test_add_func("/split/every-class-everywhere", test_every_class_everywhere);
  g_test_add_func("/split/seed", test_seed);
  g_test_add_func("/split/folds", test_folds);
  g_test_add_func("/split/refused", test_refused);
  g_test_add_func("/split/column", test_column);
  g_test_add_func("/split/leaky", test_leaky);
  return g_test_run();
}
