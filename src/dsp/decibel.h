/* Decibels, as librosa.power_to_db and amplitude_to_db. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_decibel_params; /* ref ("max" or a number) amin top_db ("auto": no limit) */

/* In place, 10 log10(max(amin, v) / ref) clipped at top_db below the largest. amplitude: 20 log10 with amin
 * squared. */
void mg_power_to_db(float *values, size_t n, double ref, double amin, double top_db); /* top_db < 0: none */
void mg_amplitude_to_db(float *values, size_t n, double ref, double amin, double top_db);
/* ref = the largest value. */
void mg_matrix_power_to_db_max(MgMatrix *power, double top_db);
/* In place, by mg_decibel_params; MG_ERROR_USAGE where ref is neither max nor a number. */
gboolean mg_matrix_to_db(MgMatrix *matrix, gboolean amplitude, const MgParams *params, GError **error);
