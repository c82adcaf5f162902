/* A data set being looked at: opened on a thread with progress and cancelling, split and cut by parameters that can be
 * changed at any time. */
#pragma once
#include "base/param.h"
#include "dataset/leak-check.h"
#include "dataset/manifest.h"
#include <gio/gio.h>

#define MG_TYPE_DATASET_MODEL (mg_dataset_model_get_type())
G_DECLARE_FINAL_TYPE(MgDatasetModel, mg_dataset_model, MG, DATASET_MODEL, GObject)

typedef enum {
  MG_DATASET_EMPTY,
  MG_DATASET_SCANNING,
  MG_DATASET_READY,
  MG_DATASET_FAILED,
} MgDatasetState;

/* One class: a row of the N table. */
typedef struct {
  const char *label;
  guint tracks;
  double seconds;    /* of sound */
  guint segments[3]; /* train, validate, test */
} MgDatasetClass;

/* Signal "changed": anything below is different. Signal "progress": only fraction and time left are. */
MgDatasetModel *mg_dataset_model_new(void);

/* Starts reading; what was open before stays visible until it is done. NULL or "" options mean none. */
void mg_dataset_model_open(MgDatasetModel *model, const char *path, const MgImportOptions *options);
void mg_dataset_model_cancel(MgDatasetModel *model);

MgDatasetState mg_dataset_model_state(MgDatasetModel *model);
const char *mg_dataset_model_message(MgDatasetModel *model); /* why opening or splitting failed, or "" */
double mg_dataset_model_fraction(MgDatasetModel *model);
double mg_dataset_model_seconds_left(MgDatasetModel *model); /* negative: unknown */

const char *mg_dataset_model_path(MgDatasetModel *model); /* of what is or was last being opened; NULL: nothing yet */
const MgImportOptions *mg_dataset_model_options(MgDatasetModel *model);

/* Segment and split parameters. Setting one splits anew; a value that is not allowed changes nothing. */
const MgParams *mg_dataset_model_params(MgDatasetModel *model);
gboolean mg_dataset_model_set(MgDatasetModel *model, const char *name, const char *text, GError **error);

/* Valid until the next "changed"; NULL while nothing is ready. */
const MgManifest *mg_dataset_model_manifest(MgDatasetModel *model);
size_t mg_dataset_model_n_classes(MgDatasetModel *model);
const MgDatasetClass *mg_dataset_model_class(MgDatasetModel *model, size_t i);
const char *const *
mg_dataset_model_problems(MgDatasetModel *model); /* NULL-terminated: files left out, split warnings */
gboolean mg_dataset_model_has_groups(MgDatasetModel *model);
gboolean mg_dataset_model_has_folds(MgDatasetModel *model);
gboolean mg_dataset_model_is_leaky(MgDatasetModel *model);
/* What lies on several sides of the split; NULL while nothing is ready. Valid until the next "changed". */
const MgLeakCheck *mg_dataset_model_leaks(MgDatasetModel *model);
