/* Classifiers trained on the same rows, side by side: a child process `melograph-cli table-train` works through them,
 * each in a run folder of its own below the study's folder, and writes what came out into its results.csv. A GListModel
 * of MgStudyRow: those of former studies too. */
#pragma once
#include <gio/gio.h>

#define MG_TYPE_STUDY_ROW (mg_study_row_get_type())
G_DECLARE_FINAL_TYPE(MgStudyRow, mg_study_row, MG, STUDY_ROW, GObject)

typedef enum { MG_STUDY_WAITING, MG_STUDY_TRAINING, MG_STUDY_DONE, MG_STUDY_FAILED, MG_STUDY_STOPPED } MgStudyState;

typedef enum {
  MG_STUDY_DATA, /* name of the study's folder: of what it was trained on, and a number */
  MG_STUDY_MODEL,
  MG_STUDY_F1,
  MG_STUDY_ACCURACY,
  MG_STUDY_PARAMETERS,
  MG_STUDY_SECONDS,
  MG_STUDY_MACHINE,
  MG_STUDY_N_COLUMNS,
} MgStudyColumn;

/* Signal "changed". */
MgStudyState mg_study_row_state(MgStudyRow *row);
const char *mg_study_row_message(MgStudyRow *row);                    /* why it failed, or "" */
const char *mg_study_row_text(MgStudyRow *row, MgStudyColumn column); /* of the columns of text; "" elsewhere */
double mg_study_row_number(MgStudyRow *row, MgStudyColumn column);    /* NaN where it is not known */
double mg_study_row_deviation(MgStudyRow *row);                       /* of the macro F1 over the folds */
const char *mg_study_row_folder(MgStudyRow *row);                     /* its run folder */

#define MG_TYPE_STUDY (mg_study_get_type())
G_DECLARE_FINAL_TYPE(MgStudy, mg_study, MG, STUDY, GObject)

typedef struct {
  const char *folder;             /* new; its name tells the data */
  const char *const *data;        /* options of table-train that tell what is learned from, ending with NULL */
  const char *const *classifiers; /* "svc:C=3", ending with NULL */
  const char *const *settings;    /* NAME=VALUE for all of them, ending with NULL */
} MgStudyRequest;

/* Finds former studies in the folders below `root`. Signal "changed": it begins, goes on or ends. */
MgStudy *mg_study_new(const char *root);
gboolean mg_study_start(MgStudy *study, const MgStudyRequest *request, GError **error);
void mg_study_stop(MgStudy *study);
gboolean mg_study_is_running(MgStudy *study);
double mg_study_fraction(MgStudy *study);
double mg_study_seconds_left(MgStudy *study); /* negative while unknown */
const char *mg_study_message(MgStudy *study); /* why the last one failed, or "" */
