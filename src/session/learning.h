/* What a network has learned so far, anew after every epoch: its first filters, what they make of one chosen segment,
 * and how it takes the validation segments. Read from the run folder on a thread. */
#pragma once
#include "base/matrix.h"
#include "session/run.h"

#define MG_TYPE_LEARNING (mg_learning_get_type())
G_DECLARE_FINAL_TYPE(MgLearning, mg_learning, MG, LEARNING, GObject)

/* Signal "changed": something that the functions below tell is different. */
MgLearning *mg_learning_new(void);
/* NULL: nothing. A run that is being trained is followed until another one is. */
void mg_learning_follow(MgLearning *learning, MgRun *run);
/* The segment whose maps are wanted: part (from 1) of a validation track. */
void mg_learning_choose(MgLearning *learning, guint track, int part);

const char *const *mg_learning_tracks(MgLearning *learning); /* paths of the validation tracks; NULL-terminated */
guint mg_learning_track(MgLearning *learning);
int mg_learning_part(MgLearning *learning);
int mg_learning_n_parts(MgLearning *learning);       /* of that track; 0: not known */
const char *mg_learning_layer(MgLearning *learning); /* whose filters and maps these are; "" where there is none */
const GPtrArray *mg_learning_filters(MgLearning *learning); /* MgMatrix *; NULL: none */
const GPtrArray *mg_learning_maps(MgLearning *learning);
const MgMatrix *mg_learning_input(MgLearning *learning); /* the segment's picture; NULL: none */
/* matrix[truth * classes + prediction] of the validation segments; NULL: none yet. */
const guint *mg_learning_confusion(MgLearning *learning, const char *const **labels, int *epoch);
const char *mg_learning_message(MgLearning *learning); /* why there are no maps, or "" */
