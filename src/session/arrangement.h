/* What a list of panes is at a moment: which there are, in which order, how tall, with which parameters and overlays.
 * Two of them are a step that can be taken back. The direction that a surface is seen from is no part of it, as zooming
 * is none. */
#pragma once
#include "session/pane.h"

typedef struct MgArrangement MgArrangement;

MgArrangement *mg_arrangement_new(MgPaneList *list);
void mg_arrangement_free(MgArrangement *arrangement); /* accepts NULL */
/* What differs between the two. */
typedef enum {
  MG_ARRANGED_ALIKE,
  MG_ARRANGED_ONE_VALUE, /* one parameter of one pane */
  MG_ARRANGED_ELSE
} MgArranged;
/* `pane` and `name`, either may be NULL: whose value which, where it is one; both are borrowed. */
MgArranged mg_arrangement_compare(const MgArrangement *from, const MgArrangement *to, MgPane **pane, const char **name);
/* Makes the list what differs from `from` in `to`; everything else stays. */
void mg_arrangement_apply(MgPaneList *list, const MgArrangement *from, const MgArrangement *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgArrangement, mg_arrangement_free)
