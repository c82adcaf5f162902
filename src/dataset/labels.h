/* Labels of places in a sound, and the files that other programs keep them in. A format is one file (labels-NAME.c)
 * with one MgLabelFormat, and one line in labels.c. */
#pragma once
#include <glib.h>

typedef struct {
  gint64 id;         /* in the workspace; 0: not kept there */
  double start, end; /* s; end = start: a mark */
  double low, high;  /* Hz; high <= low: all frequencies */
  char *text;        /* UTF-8, one line; may be empty */
} MgLabel;

typedef struct {
  const char *name;   /* "audacity" */
  const char *title;  /* as its program calls it. N_() */
  const char *ending; /* of file names, by which mg_labels_format_of() knows it */
  /* TRUE where a text whose first line is this may be of the format. */
  gboolean (*knows)(const char *line);
  /* Appends MgLabel * from the text; FALSE with MG_ERROR_FORMAT that tells `name` and the line. */
  gboolean (*parse)(const char *text, const char *name, GPtrArray *labels, GError **error);
  void (*write)(const GPtrArray *labels, GString *text);
} MgLabelFormat;

extern const MgLabelFormat mg_labels_audacity, mg_labels_raven, mg_labels_csv;

const MgLabelFormat *const *mg_label_formats(void);                          /* NULL-terminated */
const MgLabelFormat *mg_label_format_find(const char *name, GError **error); /* MG_ERROR_USAGE lists the names */
/* The format that a file of this name is written in; CSV, where it tells nothing. */
const MgLabelFormat *mg_labels_format_of(const char *path);

/* MgLabel *, by time; the format is recognised by the contents. g_ptr_array_unref() it. */
GPtrArray *mg_labels_load(const char *path, GError **error);
GPtrArray *mg_labels_parse(const char *text, const char *name, GError **error);
gboolean mg_labels_save(const GPtrArray *labels, const MgLabelFormat *format, const char *path, GError **error);
GPtrArray *mg_labels_new(void); /* an empty array that frees its labels */

MgLabel *mg_label_copy(const MgLabel *label);
void mg_label_free(MgLabel *label);                     /* accepts NULL */
int mg_label_compare(gconstpointer a, gconstpointer b); /* of pointers to MgLabel *: by time */

/* For the formats: a label from the texts of its fields (low and high may be NULL or empty: none), which it checks. */
gboolean mg_labels_add(GPtrArray *labels, const char *name, guint line, const char *start, const char *end,
                       const char *low, const char *high, const char *text, GError **error);
/* A number as all formats write it: at most six decimals, a point. */
void mg_labels_append_number(GString *text, double value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgLabel, mg_label_free)
