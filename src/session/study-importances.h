/* How much a trained classifier's answers owe to each feature: by how much worse it gets when the feature's values are
 * dealt out anew, where that was measured, else by its own account. Read from a run folder on a thread; measured by a
 * process `melograph-cli importances`. */
#pragma once
#include "plot/bars.h"
#include <gio/gio.h>

#define MG_TYPE_STUDY_IMPORTANCES (mg_study_importances_get_type())
G_DECLARE_FINAL_TYPE(MgStudyImportances, mg_study_importances, MG, STUDY_IMPORTANCES, GObject)

/* Signal "changed". */
MgStudyImportances *mg_study_importances_new(void);
void mg_study_importances_open(MgStudyImportances *importances, const char *run); /* NULL: nothing */
gboolean mg_study_importances_is_reading(MgStudyImportances *importances);
const char *mg_study_importances_message(MgStudyImportances *importances); /* why they cannot be read, or "" */
/* The features, the most important first; n is 0 where the classifier has no account. Valid until the next "changed".
 */
const MgBar *mg_study_importances_bars(MgStudyImportances *importances, size_t *n);
/* Whether they are the fall of macro F1 on rows that were not learned from, with its deviation. */
gboolean mg_study_importances_are_permuted(MgStudyImportances *importances);

/* Measures them for the run that is open; another may be opened meanwhile. "changed" tells of progress, of the end and
 * of the bars that came out. Not while it measures. */
gboolean mg_study_importances_measure(MgStudyImportances *importances, GError **error);
void mg_study_importances_stop(MgStudyImportances *importances);
gboolean mg_study_importances_is_measuring(MgStudyImportances *importances);
double mg_study_importances_fraction(MgStudyImportances *importances);
const char *mg_study_importances_failure(MgStudyImportances *importances); /* of the last measuring, or "" */
