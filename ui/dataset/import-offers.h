/* Data sets that are to be imported, any number at once. */
#pragma once
#include "ui/dataset/import-window.h"

/* Each (a folder, a CSV table) is shown as an import would find it, one after another; folders of sounds alone are
 * shown together where they lie in one folder, a class each. */
void mg_offer_imports(GtkWidget *page, MgWorkspace *workspace, const char *const *paths, MgImportedFunc imported);
