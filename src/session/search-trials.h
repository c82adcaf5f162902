/* The trials of a search as its folder grows, read on a thread. */
#pragma once
#include "train/search-record.h"
#include <gio/gio.h>

#define MG_TYPE_SEARCH_TRIALS (mg_search_trials_get_type())
G_DECLARE_FINAL_TYPE(MgSearchTrials, mg_search_trials, MG, SEARCH_TRIALS, GObject)

/* Signal "changed": there is another record. */
MgSearchTrials *mg_search_trials_new(void);
/* Shows another folder; NULL: none. */
void mg_search_trials_open(MgSearchTrials *trials, const char *folder);
const char *mg_search_trials_folder(MgSearchTrials *trials); /* NULL: none */
/* Reads anew where the folder's trials.csv has grown. */
void mg_search_trials_refresh(MgSearchTrials *trials);
/* NULL until it is read, and where it cannot be. Valid until the next "changed". */
const MgSearchRecord *mg_search_trials_record(MgSearchTrials *trials);
const char *mg_search_trials_message(MgSearchTrials *trials); /* why it cannot be read; NULL: nothing is wrong */
