/* Between the files blocked-*.c. */
#pragma once
#include "nn/blocked.h"
#include <omp.h>
#include <string.h>

/* `rows` x `columns` vectors of `step` floats from (top, left) of a plane on; zeros where that is over its edges. */
void mg_copy_window(const float *plane, int height, int width, int step, int top, int left, int rows, int columns,
                    float *out);

/* The weights of one block of outputs and one of inputs as (inputs · taps, lanes of output); a stem's inputs are all of
 * its channels. */
void mg_read_weights(const MgBlocked *conv, const float *weight, const float *scale, int out_block, int in_block,
                     float *square);
void mg_write_weights(const MgBlocked *conv, const float *square, int out_block, int in_block, float *weight);

/* Distance of the packed weights of one block of outputs (of inputs, backward) from those of the next, in floats. */
size_t mg_packed_outputs(const MgBlocked *conv, gboolean backward, MgBlockedWay way);
/* Packs the weights of such a block and another of inputs, or of two where Winograd's words are half: `packed` is that
 * of the outputs, `point` the distance of Winograd's points. */
void mg_pack_inputs(const MgBlocked *conv, const float *weight, const float *scale, gboolean backward, MgBlockedWay way,
                    int to, int from, size_t point, float *packed);
/* All weights as a pass wants them, packed where they are not. */
const float *mg_packed_weights(const MgBlocked *conv, int threads, const MgBlockedWeights *weights, gboolean backward,
                               MgBlockedWay way);

void mg_direct_convolve(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *packed,
                        const MgEpilogue *epilogue, float *y);
void mg_direct_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, const float *dy, const float *packed,
                             gboolean add, float *dx);
void mg_direct_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *dy,
                                float *dweight);
size_t mg_direct_shared(const MgBlocked *conv);
size_t mg_direct_workspace(const MgBlocked *conv);

void mg_winograd_convolve(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                          const MgBlockedWeights *weights, const MgEpilogue *epilogue, float *y);
void mg_winograd_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *dy,
                               const MgBlockedWeights *weights, gboolean add, float *dx);
void mg_winograd_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                                  const float *dy, float *dweight);
/* Floats between the points of packed weights. */
size_t mg_winograd_packed_point(const MgBlocked *conv);
size_t mg_winograd_shared(const MgBlocked *conv);
size_t mg_winograd_workspace(const MgBlocked *conv);
