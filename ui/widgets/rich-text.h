/* Text in a small Markdown: headings (#), paragraphs, lists (-, 1.), code between ``` or indented, tables, pictures on
 * a line of their own, and inside of lines **bold**, *italic*, `code` and [text](address). */
#pragma once
#include <gtk/gtk.h>

/* A box of labels. Pictures lie below `folder` (NULL: none are shown). A link calls `follow` (NULL: links are text). */
GtkWidget *mg_rich_text_new(const char *text, const char *folder,
                            gboolean (*follow)(const char *address, gpointer data), gpointer data);
/* One line as Pango's markup. g_free() it. */
char *mg_rich_text_markup(const char *line, gboolean links);
