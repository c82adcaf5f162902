/* Layouts of data sets: one file each (importer-NAME.c) and one line in the table of manifest.c. An importer names the
 * tracks; reading their headers, numbering the classes and checking is the same for all. */
#pragma once
#include "dataset/manifest.h"

typedef struct {
  char *path;  /* absolute */
  char *label; /* the class's name */
  char *group; /* NULL: none */
  int fold;    /* -1: none */
  MgSplit split;
  double start, end; /* s; end 0: to the end of the file */
  gint64 id;         /* of a workspace's track; 0: none */
  double duration;   /* s; with sr above 0 the header is not read again */
  int sr;            /* 0: not known */
} MgImportRow;

typedef struct {
  char *path;         /* of the data set, absolute */
  const char *layout; /* name of the importer; NULL: none knows it */
  const MgImportOptions *options;
  GRegex *label_from, *group_from, *fold_from; /* NULL: not given */
  GPtrArray *rows;                             /* MgImportRow * */
  GPtrArray *classes;  /* char *: classes that the layout names, whether or not they have tracks */
  GPtrArray *problems; /* char * */
} MgImport;

typedef struct {
  const char *name; /* N_(), or a name that is one in every language */
  gboolean (*recognises)(const char *path, const MgImportOptions *options);
  gboolean (*run)(MgImport *import, GError **error);
} MgImporter;

extern const MgImporter mg_importer_csv, mg_importer_esc50, mg_importer_class_folders, mg_importer_flat;
extern const MgImporter mg_importer_workspace, mg_importer_gtzan, mg_importer_fma;

/* What a data set's tables and names say, by the importer that recognises it; to be cleared in any case. */
gboolean mg_import_read(MgImport *import, const char *path, const MgImportOptions *options, GError **error);
void mg_import_clear(MgImport *import);

/* Adds a track; what the file name says by group_from and fold_from is filled in where the row is without. */
MgImportRow *mg_import_add(MgImport *import, const char *path, const char *label);
void mg_import_problem(MgImport *import, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Names of a folder's entries in the order of their names, hidden ones left out; NULL and MG_ERROR_IO where it cannot
 * be read. */
GPtrArray *mg_import_entries(const char *folder, GError **error);
/* The sound files of a folder (names); other files become one problem line. */
GPtrArray *mg_import_sound_files(MgImport *import, const char *folder, GError **error);
/* A folder that holds sounds and no folders: one class of a data set, not a data set. */
gboolean mg_import_is_class_folder(const char *path);
/* The first capture (or where there is none, the whole match) of a file's name; NULL where it does not match. */
char *mg_import_capture(const GRegex *regex, const char *name);
/* A split's name as CSV files have it ("validation", "valid" …); MG_SPLIT_NONE and a problem line where it is none. */
MgSplit mg_import_split(MgImport *import, const char *path, const char *text);
/* A fold's number from its text; -1 and a problem line where it is none. */
int mg_import_fold(MgImport *import, const char *path, const char *text);
