/* Predictions on stdout, as tables for a person or as JSON. */
#pragma once
#include "train/prediction-figures.h"
#include <jansson.h>

void mg_print_segments(const MgPredictions *predictions); /* the per-segment table */
void mg_print_votes(const MgPredictions *predictions);    /* one line a track */
void mg_print_confusion(const MgPredictions *predictions);
/* A line on stderr where the figures pretend. */
void mg_print_leaky(const MgPredictions *predictions);

/* What evaluate and predict are asked for: `out` (or NULL) ends in .csv, `threads` is 0 (all) or more. */
gboolean mg_check_table_options(const char *command, const char *out, int threads, GError **error);

/* New references. */
json_t *mg_votes_json(const MgPredictions *predictions);
json_t *mg_segments_json(const MgPredictions *predictions);
/* Adds f1_micro, precision_macro, recall_macro, auc_ovr, log_loss, ece and accuracy_interval (95%: low, high). */
void mg_figures_to_json(json_t *object, const MgFigures *figures);
json_t *mg_number_json(double value); /* null where it is not a number */
void mg_print_json(json_t *json);     /* on one line; takes the reference */
