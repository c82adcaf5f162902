/* What a plan's fusions need of a max pooling. */
#pragma once
#include "nn/layer-window.h"

typedef struct {
  MgLayer base;
  MgWindow window;
} MgMaxPool;
