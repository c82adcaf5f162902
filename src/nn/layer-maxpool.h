/* What a plan's fusions need of a max pooling. */
#pragma once
#include "nn/layer.h"

typedef struct {
  MgLayer base;
  int kernel, stride, padding;
} MgMaxPool;
