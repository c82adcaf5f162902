/* Half the sample rate. The filter is that of MgResampler from 2 to 1 (soxr HQ), as its answer to an impulse tells it;
 * blocks go through Fourier transforms. Equal to soxr up to rounding and several times as fast. */
#pragma once
#include <glib.h>

enum { MG_HALVE_REACH = 200 }; /* samples on either side that a result depends on */

typedef struct MgHalver MgHalver; /* plans and room; used by one thread at a time */

MgHalver *mg_halver_new(void);
void mg_halver_free(MgHalver *halver); /* accepts NULL */
/* Fills out[(n + 1) / 2], the first at the time of the first sample; beyond the ends there are zeros. */
void mg_halve(MgHalver *halver, const float *samples, size_t n, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgHalver, mg_halver_free)
