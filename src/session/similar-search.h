/* Stretches of the library's sounds that are like one (dataset/similar.h), looked for in a child process.
 *
 * Main thread only. "changed": progress, the end, or a failure. */
#pragma once
#include "dataset/similar.h"
#include "session/library.h"

#define MG_TYPE_SIMILAR_SEARCH (mg_similar_search_get_type())
G_DECLARE_FINAL_TYPE(MgSimilarSearch, mg_similar_search, MG, SIMILAR_SEARCH, GObject)

MgSimilarSearch *mg_similar_search_new(void);
/* Looks among the library's tracks and in `path` itself for what is like [start, end) s of it; what was found or looked
 * for before is given up. By the statistics of a feature where `run` is NULL, else by what the network of that run (its
 * folder) makes of them. */
void mg_similar_search_start(MgSimilarSearch *search, MgLibrary *library, const char *path, double start, double end,
                             const char *feature, const char *run);
void mg_similar_search_stop(MgSimilarSearch *search);
gboolean mg_similar_search_working(MgSimilarSearch *search);
/* 0 to 1, and s that are left (negative while they cannot be told). */
void mg_similar_search_progress(MgSimilarSearch *search, double *fraction, double *seconds_left);
const GPtrArray *mg_similar_search_found(MgSimilarSearch *search); /* MgSimilar *, the nearest first; NULL: none yet */
const char *mg_similar_search_failure(MgSimilarSearch *search);    /* NULL: all is well */
/* TRUE where a feature can be looked for: it has statistics. */
gboolean mg_similar_search_can(const char *feature);
