/* What the text of the parameter `split` asks for. */
#pragma once
#include "base/param.h"

#define MG_SPLIT_LEAKY_PREFIX "leaky:"

enum { MG_N_SPLITS = 3 }; /* train, val, test */

typedef enum { MG_BY_RATIO, MG_BY_FOLD, MG_BY_GROUP, MG_BY_COLUMN, MG_BY_SEGMENT } MgSplitKind;

typedef struct {
  MgSplitKind kind;
  double shares[MG_N_SPLITS];     /* of MG_BY_RATIO and MG_BY_SEGMENT; they sum to 1 */
  GArray *folds[MG_N_SPLITS + 1]; /* of MG_BY_FOLD: numbers, by MgSplit; NULL: not named */
  GStrv groups[MG_N_SPLITS + 1];  /* of MG_BY_GROUP: names, by MgSplit; NULL: not named */
} MgSplitPlan;

/* MG_ERROR_USAGE tells what the text may be. */
gboolean mg_split_plan_read(const MgParams *params, MgSplitPlan *plan, GError **error);
void mg_split_plan_clear(MgSplitPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgSplitPlan, mg_split_plan_clear)
