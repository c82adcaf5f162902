/* Labels that a trained model proposes for a workspace's tracks that have none. A suggestion is open while its track is
 * without a class. Of those taken over unseen, a sample is to be checked by a person. */
#pragma once
#include "dataset/store.h"

typedef struct {
  gint64 track; /* id */
  char *run;    /* name of what proposes it */
  char *label;
  double probability; /* of the label */
  double margin;      /* to the second most probable one: small where the model is unsure */
} MgSuggestion;

/* Replaces what was proposed for the track before. */
gboolean mg_store_suggest(MgStore *store, const MgSuggestion *suggestion, GError **error);
gboolean mg_store_forget_suggestions(MgStore *store, GError **error);
/* NULL: nothing is proposed. mg_suggestion_free() it. */
MgSuggestion *mg_store_suggestion(MgStore *store, gint64 track);
void mg_suggestion_free(MgSuggestion *suggestion); /* accepts NULL */
/* How many open ones have at least this probability. */
guint mg_store_open_suggestions(MgStore *store, double least);

/* Gives all open suggestions of at least this probability to their tracks as one edit (its id; 0: none, or a failure),
 * and draws up to `sample` of them to be checked, in the order of `seed`. Checks of former ones are forgotten. */
gint64 mg_store_take_suggestions(MgStore *store, double least, guint sample, guint64 seed, GError **error);

/* What the person found of the sample. */
typedef struct {
  guint taken, checked, wrong, to_check; /* tracks */
  double error, low, high;               /* share of wrong ones and its 95 % interval (Wilson); of 0 checked: 0 to 1 */
} MgSuggestionCheck;
MgSuggestionCheck mg_store_suggestion_check(MgStore *store);
/* The person has looked at a sampled track: it has `label` (which the caller has edited where it was another). */
gboolean mg_store_check_suggestion(MgStore *store, gint64 track, const char *label, GError **error);
/* Wilson's 95 % interval of a share. */
void mg_wilson_interval(guint hits, guint n, double *low, double *high);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSuggestion, mg_suggestion_free)
