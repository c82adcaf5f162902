/* How a training goes, read off its curves: whether what the network learns of the training segments still helps with
 * others. Every verdict comes with the figures that it rests on. */
#pragma once
#include <glib.h>

typedef enum {
  MG_FIT_EARLY,    /* too few epochs, or no validation segments: nothing can be said */
  MG_FIT_NOTHING,  /* the training loss does not fall */
  MG_FIT_LEARNING, /* the validation loss still falls */
  MG_FIT_GOOD,     /* it stands, and both sides are alike */
  MG_FIT_GAP,      /* it stands, but the training segments are told far better than others */
  MG_FIT_OVER,     /* it rises while the training loss falls */
} MgFitVerdict;

/* What is known of an epoch; NaN where it is not. */
typedef struct {
  double train_loss, train_accuracy; /* means over the epoch's steps */
  double val_loss, val_accuracy;
} MgFitEpoch;

/* Losses and accuracies of now are means over the last MG_FIT_WINDOW epochs, so that one lucky epoch counts little. */
#define MG_FIT_WINDOW 3

typedef struct {
  MgFitVerdict verdict;
  int epochs;                          /* that were looked at */
  int lowest;                          /* from 1: where the mean validation loss was lowest */
  double val_then, val_now;            /* validation loss there, and now */
  double train_then, train_now;        /* training loss there (of NOTHING and LEARNING: at the start), and now */
  double train_accuracy, val_accuracy; /* of now */
  double trend;                        /* of the validation loss, per epoch, over the last half of the epochs */
} MgFitLight;

MgFitLight mg_fit_light(const MgFitEpoch *epochs, size_t n);
const char *mg_fit_verdict_name(MgFitVerdict verdict); /* "early" … "over", as the command line says it */
/* One or two sentences with the figures, translated. g_free() it. */
char *mg_fit_light_text(const MgFitLight *light);
