/* Demo tracks: "classique" and "rap", made from a seed. */
#pragma once
#include "base/param.h"
#include "base/progress.h"

extern const MgParamTable mg_synth_params; /* seed tracks seconds */

/* Writes DIR/classique/NN-….wav and DIR/rap/NN-….wav, mono 16-bit 22050 Hz, `tracks` a class, the crossover tracks
 * among them. The same seed gives the same bytes. Existing files of the same names are replaced. */
gboolean mg_synth_write(const char *folder, const MgParams *params, int threads, MgProgress *progress, GError **error);
