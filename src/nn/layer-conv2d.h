/* What a plan's fusions need of a convolution. */
#pragma once
#include "nn/compute.h"
#include "nn/layer.h"

typedef struct {
  MgLayer base;
  MgConvolution conv;
  gboolean biased;
  MgTensor *weight, *bias; /* bias is NULL unless biased */
} MgConv2d;
