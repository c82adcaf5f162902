/* What a picture shows, in words and figures: for those who do not see it. Texts are to be g_free()d. */
#pragma once
#include "plot/bars.h"
#include "plot/image.h"

/* "rap 12, classique 10": in the order of the bars, the first of very many. */
char *mg_bars_summary(const MgBars *bars);
/* "rap: 20 right, 3 as classique; …": matrix[truth * classes + prediction]. */
char *mg_confusion_summary(const guint *matrix, int classes, const char *const *labels);
/* "64 × 44, values from −0.2 to 3.1, the largest in number 5": pictures that lie side by side. */
char *mg_maps_summary(MgMatrix *const *maps, size_t n);

/* The largest value seen in the world [x0, x1] s x [y0, y1], and where; of very many columns only some are asked.
 * FALSE: nothing is known there. */
gboolean mg_image_peak(const MgImageSource *source, MgFrequencyScale scale, const MgGeometry *world, double *seconds,
                       double *y, double *value);
