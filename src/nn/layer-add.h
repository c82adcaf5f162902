/* What a plan's fusions need of an addition. */
#pragma once
#include "nn/layer.h"

typedef struct {
  MgLayer base;
  float scale; /* of the inputs after the first */
} MgAdd;
