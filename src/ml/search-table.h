/* What search.c lists. */
#pragma once
#include "ml/search.h"

extern const MgSampler mg_sampler_grid, mg_sampler_random, mg_sampler_tpe;
extern const MgScheduler mg_scheduler_none, mg_scheduler_median, mg_scheduler_asha;
