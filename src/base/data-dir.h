/* Where the program's own files are (models/, lessons/ …): $MELOGRAPH_DATA_DIR, else the source tree where the program
 * runs from its build folder, else the installed data folder. */
#pragma once
#include <glib.h>

/* The path of `relative` ("models/small-cnn.json") below the first of those folders that holds it; NULL and an error
 * naming the folders searched where none does. g_free() it. */
char *mg_data_dir_find(const char *relative, GError **error);

/* The page `name` ("tutorial") of the guide in the user's language, docs/LANGUAGE/NAME.md, where somebody has
 * translated it, else in English, docs/NAME.md; NULL and an error where there is none. g_free() it. */
char *mg_data_dir_find_page(const char *name, GError **error);

/* Where the translations are: the build folder's where the program runs from there, else the installed ones. Static. */
const char *mg_data_dir_locale(void);
