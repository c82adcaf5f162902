/* Decibels, as librosa.power_to_db and amplitude_to_db. */
#pragma once
#include "base/matrix.h"
#include "base/param.h"

extern const MgParamTable mg_decibel_params; /* ref ("max" or a number) amin top_db ("auto": no limit) */

/* In place, 10 log10(max(amin, v) / ref) clipped at top_db below the largest. amplitude: 20 log10 with amin
 * squared. */
void mg_power_to_db(float *values, size_t n, double ref, double amin, double top_db); /* top_db < 0: none */
void mg_amplitude_to_db(float *values, size_t n, double ref, double amin, double top_db);
/* The same in two steps, for a signal that comes in stretches: the lowest decibels that count where `largest` is the
 * largest power of all (-INFINITY where top_db is below 0), and a stretch's decibels not below them. */
float mg_floor_db(float largest, double ref, double amin, double top_db);
void mg_power_to_db_above(float *power, size_t n, double ref, double amin, float floor_db);
float mg_largest(const float *values, size_t n); /* 0 where none is above */
/* The way back, in place: ref 10^(dB / 10) and ref 10^(dB / 20), librosa.db_to_power and db_to_amplitude. */
void mg_db_to_power(float *decibels, size_t n, double ref);
void mg_db_to_amplitude(float *decibels, size_t n, double ref);
/* ref = the largest value. */
void mg_matrix_power_to_db_max(MgMatrix *power, double top_db);
/* In place, by mg_decibel_params; MG_ERROR_USAGE where ref is neither max nor a number. */
gboolean mg_matrix_to_db(MgMatrix *matrix, gboolean amplitude, const MgParams *params, GError **error);
