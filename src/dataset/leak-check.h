/* Proof that a split leaks nothing: what must not lie on two of its sides, counted. */
#pragma once
#include "dataset/manifest.h"

typedef struct {
  guint tracks[4];                               /* by MgSplit */
  guint groups, files;                           /* how many there are on the sides */
  guint copies;                                  /* sets of tracks that sound the same, or nearly */
  guint apart_groups, apart_files, apart_copies; /* of these, on several sides */
  guint unheard;                                 /* tracks whose sound was not looked at */
  double difference; /* largest one of a class's share between two sides, 0 to 1: how far it is stratified */
  char *example;     /* a name of what lies apart; NULL: nothing does */
} MgLeakCheck;

/* Of a manifest whose tracks have their splits. `scans` (MgTrackScan *, one a track) may be NULL: nothing was heard. */
MgLeakCheck *mg_leak_check(const MgManifest *manifest, const GPtrArray *scans, double near_distance);
gboolean mg_leak_check_is_clean(const MgLeakCheck *check);
/* One sentence with these figures, translated. g_free() it. */
char *mg_leak_check_text(const MgLeakCheck *check);
void mg_leak_check_free(MgLeakCheck *check); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLeakCheck, mg_leak_check_free)
