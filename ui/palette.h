/* Ctrl+K: everything that can be done, found by a few letters. A command is one line in a table. */
#pragma once
#include <adwaita.h>

typedef struct {
  const char *title;  /* N_() */
  const char *action; /* "win.open"; of a page that is turned to first "explore.fit" */
  const char *target; /* of the action, a text; NULL: none */
  const char *keys;   /* accelerator, for actions that are no accelerators of the application; NULL: none */
} MgCommandLine;

extern const MgCommandLine mg_palette_commands[]; /* ends with a title of NULL */

/* How well `text` holds the letters of `wanted` in their order, any case: the more of them follow one another or begin
 * a word, the more; negative: it does not hold them. */
int mg_palette_score(const char *text, const char *wanted);
/* The window; `run` (an action's name and target, which may be NULL) is called for what was chosen. */
GtkWidget *mg_palette_new(GtkWindow *parent, void (*run)(const char *action, const char *target, gpointer data),
                          gpointer data);
