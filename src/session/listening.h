/* Live classification of what an input device hears, by several models at once. A thread of its own reads the device,
 * classifies and keeps the last minutes; the audio callback waits for nothing. All functions belong to the main thread.
 *
 * Property "active" (boolean; notify). Signals: "decided" with a `const MgLiveDecision *`, as soon as there is one;
 * "mapped" with a `const MgFeatureMaps *`, after it, while they are wanted; "ended" with a `const GError *` (NULL: it
 * was stopped). What was heard can be saved until the next start. */
#pragma once
#include "session/mel-strip.h"
#include "train/live.h"
#include <gio/gio.h>

#define MG_TYPE_LISTENING (mg_listening_get_type())
G_DECLARE_FINAL_TYPE(MgListening, mg_listening, MG, LISTENING, GObject)

MgListening *mg_listening_new(void);
/* `models` (paths) end with NULL; `device` NULL: the default one; `params` of mg_live_params. `log` (may be NULL) is a
 * CSV file for the decisions. Fails by "ended". */
void mg_listening_start(MgListening *listening, const char *const *models, const char *device, const MgParams *params,
                        const char *log);
void mg_listening_stop(MgListening *listening);
gboolean mg_listening_active(MgListening *listening);

/* What follows is there once it has begun to hear; before, there are 0 models. */
guint mg_listening_n_models(MgListening *listening);
const GPtrArray *mg_listening_labels(MgListening *listening, guint model); /* char *; borrowed */
const char *mg_listening_model_name(MgListening *listening, guint model);
double mg_listening_segment_seconds(MgListening *listening, guint model);
double mg_listening_seconds(MgListening *listening);   /* heard so far */
double mg_listening_kept_from(MgListening *listening); /* s: what is older is forgotten */
double mg_listening_peak(MgListening *listening);      /* since the last call, dB of full scale, at most 0 */
guint mg_listening_gaps(MgListening *listening);       /* overruns of the device, and decisions that were skipped */
/* While "decided" is told: when the last sample of the decision's segment had come, as g_get_monotonic_time(). */
gint64 mg_listening_due(MgListening *listening);
MgMelStrip *mg_listening_strip(MgListening *listening); /* NULL: nothing heard yet; borrowed until the next start */

/* Whether the maps of the first convolution are wanted, of the first model that has one; not so at first. */
void mg_listening_want_maps(MgListening *listening, gboolean wanted);
void mg_listening_set_threshold(MgListening *listening, double threshold);
void mg_listening_set_smoothing(MgListening *listening, double seconds);

/* Writes [start, end) s of what was heard as a WAV file, in a thread. */
void mg_listening_save_async(MgListening *listening, double start, double end, const char *path,
                             GAsyncReadyCallback callback, gpointer data);
gboolean mg_listening_save_finish(MgListening *listening, GAsyncResult *result, GError **error);
