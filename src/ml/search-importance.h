/* How much each parameter matters in a search. */
#pragma once
#include "ml/search.h"

/* importance[params]: the share, 0 to 1, of the variance of the trials' scores that the parameter explains by itself, a
 * first-order effect of functional ANOVA (Hutter et al., 2014), estimated from groups of like values as omega squared
 * (Hays, 1963), which takes off what chance alone would explain. Trials are compared at the first rung, which all of
 * them have; where a sampler looked most counts most. 0 with fewer than two groups. */
void mg_search_importance(const MgSearch *search, double *importance);
