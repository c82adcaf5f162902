/* A feature of a file for the eye: computed on a thread, block by block, for what is seen, and kept.
 *
 * A short file is one block and has the values that the whole file gives; of a longer one each block is computed with
 * as much sound around it as the feature says that its values depend on. What all of the file decides (a tuning, the
 * largest level) is found once the first blocks are seen, which are made anew then. Pictures are kept as pyramids: a
 * column of level L holds for every bin the largest of 2^L frames. All functions belong to the main thread; "changed"
 * tells there that more is known, "failed" (with a message) that nothing more will be. */
#pragma once
#include "dsp/feature.h"
#include <gio/gio.h>

#define MG_TYPE_ANALYSIS (mg_analysis_get_type())
G_DECLARE_FINAL_TYPE(MgAnalysis, mg_analysis, MG, ANALYSIS, GObject)

/* `params`: the feature's own with mg_audio_params; for a feature that is a sound mg_stft_params too, since its picture
 * is that sound's STFT. `duration` (s) and `native_sr` are the file's. MG_ERROR_USAGE where sr makes no sense. */
MgAnalysis *mg_analysis_new(const char *path, double duration, int native_sr, const MgFeature *feature,
                            const MgParams *params, GError **error);
const MgFeature *mg_analysis_feature(MgAnalysis *analysis);
const MgParams *mg_analysis_params(MgAnalysis *analysis);
int mg_analysis_sr(MgAnalysis *analysis);

/* Asks for what is seen, [from, to) s; what was asked for earlier and is not seen is given up. */
void mg_analysis_want(MgAnalysis *analysis, int level, double from, double to);
/* TRUE while something wanted is not there; `fraction` of it is done, `seconds_left` is negative while it cannot be
 * told. Both may be NULL. */
gboolean mg_analysis_working(MgAnalysis *analysis, double *fraction, double *seconds_left);
const char *mg_analysis_failure(MgAnalysis *analysis); /* NULL: all is well */
/* Gives up all work; no more signals. */
void mg_analysis_stop(MgAnalysis *analysis);

/* Pictures and curves. The values are decibels where the feature's scale says power or amplitude. */
size_t mg_analysis_bins(MgAnalysis *analysis); /* 0 while none is known */
gint64 mg_analysis_columns(MgAnalysis *analysis, int level);
int mg_analysis_level(MgAnalysis *analysis, double seconds_per_pixel);
/* Time of the middle of column 0 and from one column to the next, s. */
void mg_analysis_times(MgAnalysis *analysis, int level, double *first, double *step);
/* The `bins` values of a column, NULL where it is not there. Valid until the main loop runs again. */
const float *mg_analysis_column(MgAnalysis *analysis, int level, gint64 column);
/* The range of what has been seen so far, FALSE while that is nothing. Of pictures with several rows one row that
 * reaches farther than all others (MFCC's coefficient 0, lag 0 of a tempogram) does not count. */
gboolean mg_analysis_range(MgAnalysis *analysis, double *low, double *high);
gboolean mg_analysis_is_decibels(MgAnalysis *analysis);
/* n values of a curve from frame `first` on; NaN where there is none. */
void mg_analysis_values(MgAnalysis *analysis, gint64 first, size_t n, float *values);
/* Times (s) of events in [from, to], ascending; double. g_array_unref() it. */
GArray *mg_analysis_events(MgAnalysis *analysis, double from, double to);
/* A number's value; FALSE while it is not known. */
gboolean mg_analysis_number(MgAnalysis *analysis, double *value);
size_t mg_analysis_bytes(MgAnalysis *analysis);
