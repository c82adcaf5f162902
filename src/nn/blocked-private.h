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

void mg_direct_convolve(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *packed,
                        const MgEpilogue *epilogue, float *y);
void mg_direct_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, const float *dy, const float *packed,
                             gboolean add, float *dx);
void mg_direct_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, const float *x, const float *dy,
                                float *dweight);
size_t mg_direct_shared(const MgBlocked *conv);
size_t mg_direct_workspace(const MgBlocked *conv);

void mg_winograd_convolve(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                          const float *packed, const MgEpilogue *epilogue, float *y);
void mg_winograd_convolve_data(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *dy,
                               const float *packed, gboolean add, float *dx);
void mg_winograd_convolve_weights(const MgBlocked *conv, const MgBlockedPass *pass, gboolean half, const float *x,
                                  const float *dy, float *dweight);
/* Floats between the points of packed weights. */
size_t mg_winograd_packed_point(const MgBlocked *conv);
size_t mg_winograd_shared(const MgBlocked *conv);
size_t mg_winograd_workspace(const MgBlocked *conv);
