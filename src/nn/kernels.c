/* The table of one instruction set. Compiled several times: MG_KERNELS_NAME is its text. */
#include "nn/kernels-isa.h"
#include "nn/vector.h"

extern const MgRecurrentKernels MG_ISA(recurrent_kernels);
extern const MgKernels MG_ISA(kernels);

const MgKernels MG_ISA(kernels) = {
    .name = MG_KERNELS_NAME,
    .lanes = LANES,
    .channels_once = CHANNELS,
    .recurrent = &MG_ISA(recurrent_kernels),
    .convolve = MG_ISA(convolve),
    .correlate = MG_ISA(correlate),
    .transpose_in = MG_ISA(transpose_in),
    .transpose_out = MG_ISA(transpose_out),
    .tile_input = MG_ISA(tile_input),
    .tile_output = MG_ISA(tile_output),
    .tile_gradient = MG_ISA(tile_gradient),
    .tile_weights = MG_ISA(tile_weights),
    .tile_weights_gradient = MG_ISA(tile_weights_gradient),
    .combine = MG_ISA(combine),
    .multiply_half = MG_ISA(multiply_half),
    .correlate_half = MG_ISA(correlate_half),
    .moments = MG_ISA(moments),
    .sum = MG_ISA(sum),
    .affine = MG_ISA(affine),
    .norm_sums = MG_ISA(norm_sums),
    .norm_gradient = MG_ISA(norm_gradient),
    .pool_row = MG_ISA(pool_row),
    .pool_sums = MG_ISA(pool_sums),
    .unpool_row = MG_ISA(unpool_row),
};
