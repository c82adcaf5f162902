/* What can be found out about a lesson's sound and parameters: names for checks and for what the page tells. One line a
 * fact in a table. */
#pragma once
#include "learn/lesson-state.h"
#include "base/matrix.h"
#include "base/param.h"

typedef struct {
  const char *name;
  const char *meaning; /* for the documentation */
  /* FALSE: not known (yet). */
  gboolean (*find)(const MgLessonState *state, double *value);
} MgLessonFact;

extern const MgLessonFact mg_lesson_facts[]; /* ends with a name of NULL */
const MgLessonFact *mg_lesson_fact(const char *name);

/* Parameters of the STFT, the mel bands and the MFCC by the controls of the same names. */
MgParams *mg_lesson_params(const MgLessonState *state);
/* The spectrum of the frame in the middle of the sound, bins values in dB: 0 is a sine of amplitude 1. */
MgMatrix *mg_lesson_spectrum(const MgLessonState *state, GError **error);
/* The mel spectrogram in dB, (n_mels, frames). */
MgMatrix *mg_lesson_mel(const MgLessonState *state, GError **error);
/* (2, n_mels): the mel spectrum (dB) of the frame in the middle, and what its first n_mfcc coefficients give back. */
MgMatrix *mg_lesson_cepstrum(const MgLessonState *state, GError **error);
/* What a 3 x 3 kernel makes of a picture, which is repeated beyond its edges: "along" sees changes along time, "across"
 * along frequency, "blur" takes the mean, "same" leaves all as it is. NULL: no such kernel. */
MgMatrix *mg_lesson_convolve(const MgMatrix *picture, const char *kernel);
