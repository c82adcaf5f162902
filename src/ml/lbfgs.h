/* Minimises a smooth function by limited-memory BFGS (Liu and Nocedal, 1989) with a line search for the strong Wolfe
 * conditions (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6). */
#pragma once
#include "base/progress.h"

/* The value at x[n]; fills gradient[n]. */
typedef double (*MgObjective)(const double *x, double *gradient, gpointer data);

/* From x, in place, until no part of the gradient is beyond `tolerance`, the value no longer falls, or max_iter steps
 * are done. Returns the number of steps. Where it is cancelled it stops early. */
int mg_lbfgs(double *x, size_t n, MgObjective objective, gpointer data, double tolerance, int max_iter,
             MgProgress *progress);
