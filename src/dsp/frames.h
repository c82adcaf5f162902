/* Frames of a sound as they are, without a transform: librosa.util.frame with its callers' padding. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"
#include "dsp/pad.h"

extern const MgParamTable mg_hop_params;   /* hop_length: 512 whatever n_fft is, librosa's default for features */
extern const MgParamTable mg_frame_params; /* frame_length hop_length center */

/* The value of one frame of `length` samples. Called on several threads. */
typedef float (*MgFrameFunc)(const float *frame, size_t length);
/* (1, frames) by mg_frame_params. Fails where there is no frame. */
MgMatrix *mg_map_frames(const float *samples, size_t n, const MgParams *params, MgPadMode mode, MgFrameFunc func,
                        int threads, GError **error);
