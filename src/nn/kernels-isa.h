/* The names of one instruction set's kernels: MG_KERNELS is its suffix, given by meson.build. */
#pragma once
#include "nn/kernels.h"

#define MG_JOIN_(a, b) mg_##a##_##b
#define MG_JOIN(a, b) MG_JOIN_(a, b)
#define MG_ISA(name) MG_JOIN(name, MG_KERNELS)
#define MG_DECLARE(name) __typeof__(*((MgKernels *)0)->name) MG_ISA(name)

/* kernels-convolve.c */
MG_DECLARE(convolve);
MG_DECLARE(correlate);
/* kernels-half.c */
MG_DECLARE(combine);
MG_DECLARE(multiply_half);
MG_DECLARE(correlate_half);
/* kernels-layout.c */
MG_DECLARE(transpose_in);
MG_DECLARE(transpose_out);
/* kernels-tiles.c */
MG_DECLARE(tile_input);
MG_DECLARE(tile_output);
MG_DECLARE(tile_gradient);
MG_DECLARE(tile_weights);
MG_DECLARE(tile_weights_gradient);
/* kernels-norm.c */
MG_DECLARE(moments);
MG_DECLARE(sum);
MG_DECLARE(affine);
MG_DECLARE(norm_sums);
MG_DECLARE(norm_gradient);
/* kernels-pool.c */
MG_DECLARE(pool_row);
MG_DECLARE(pool_sums);
MG_DECLARE(unpool_row);
