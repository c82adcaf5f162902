/* Saves or copies what the panes show. */
#pragma once
#include "ui/explore/view.h"

typedef struct {
  MgView *ruler, *panes[3];
  double width;     /* of the panes, logical pixels */
  const char *name; /* of the track, for the file name */
} MgExportScene;

/* Asks for a file name; .png, .svg or .pdf decides. */
void mg_export_ask(GtkWidget *widget, const MgExportScene *scene);
void mg_export_copy(GtkWidget *widget, const MgExportScene *scene);
/* Without asking. */
gboolean mg_export_scene(const MgExportScene *scene, const char *path, GError **error);
