/* Saves or copies what the panes show. */
#pragma once
#include "ui/explore/views/view.h"

typedef struct {
  MgView *view;
  const char *title;
} MgExportPane;

typedef struct {
  MgView *ruler;
  GArray *panes;    /* MgExportPane */
  double width;     /* of the panes, logical pixels */
  const char *name; /* of the track, for the file name */
} MgExportScene;

/* Asks for a file name; .png, .svg or .pdf decides. */
void mg_export_ask(GtkWidget *widget, const MgExportScene *scene);
void mg_export_copy(GtkWidget *widget, const MgExportScene *scene);
/* Without asking. */
gboolean mg_export_scene(const MgExportScene *scene, const char *path, GError **error);
