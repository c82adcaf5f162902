/* The pages of the window: a page is one folder that exports an MgPage, and one line in pages.c. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

typedef struct {
  const char *name;  /* for the action win.page('NAME') */
  const char *title; /* N_() */
  const char *icon;
  /* The page's widget. It keeps a reference to the workspace, and follows its selection. */
  GtkWidget *(*create)(MgWorkspace *workspace);
  /* What the window shows at the right while the page is seen, made once; NULL where a page has no parameters. */
  GtkWidget *(*parameters)(GtkWidget *page);
  /* TRUE where the page takes this path (a file or a folder that was dropped, or given on the command line); the window
   * then turns to it. The first page that takes a path has it. NULL: takes none. */
  gboolean (*open)(GtkWidget *page, const char *path);
  /* Shows what an import of folders and tables would find, before anything is done; NULL: of one page alone. */
  void (*import)(GtkWidget *page, const char *const *paths);
  /* TRUE where the page, being seen, does something of its own with what was dropped on it; NULL, and otherwise: it is
   * opened. `paths` ends with NULL and is not empty. */
  gboolean (*drop)(GtkWidget *page, const char *const *paths);
  /* An action of the page's widget that plays what it shows; NULL: the selected stretch is played. */
  const char *play_action;
} MgPage;

extern const MgPage *const mg_pages[];        /* NULL-terminated, in the window's order */
const MgPage *mg_page_find(const char *name); /* NULL where there is none */
