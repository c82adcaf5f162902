/* A table of very many rows: titles that sort and whose edges are dragged, above an item view (ui/widgets/item-view.h)
 * with one widget a row, which paints all of its cells.
 *
 * Signals "sorted" (the order of the titles is another) and "activate" (guint position). */
#pragma once
#include <gtk/gtk.h>

typedef enum { MG_CELL_PLAIN, MG_CELL_DIM, MG_CELL_STRONG, MG_CELL_ACCENT, MG_CELL_ERROR } MgCellTone;
/* Before the text; NO_MARK takes none of its room, BLANK does. */
typedef enum { MG_CELL_NO_MARK, MG_CELL_BLANK, MG_CELL_RIGHT, MG_CELL_WRONG } MgCellMark;

typedef struct {
  char *text; /* owned; NULL: nothing */
  MgCellTone tone;
  MgCellMark mark;
  double opacity;
  double share; /* a bar of 0 to 1 before the text; negative: none */
} MgTableCell;

typedef struct {
  const char *title; /* copied */
  guint id;          /* what the funcs call it */
  int width;         /* pixels; the least where it expands */
  float xalign;
  gboolean expands;             /* takes what the others leave */
  gboolean sorts;               /* a click on its title sorts by it */
  PangoEllipsizeMode ellipsize; /* of a text that is too long */
} MgTableColumn;

typedef struct {
  /* `cell` is plain and empty before. */
  void (*fill)(MgTableCell *cell, gpointer item, guint column, gpointer data);
  /* What is said where the pointer rests, newly allocated; NULL: the cell's text, where it has no room. */
  char *(*tell)(gpointer item, guint column, gpointer data);
} MgTableFuncs;

#define MG_TYPE_TABLE_VIEW (mg_table_view_get_type())
G_DECLARE_FINAL_TYPE(MgTableView, mg_table_view, MG, TABLE_VIEW, GtkWidget)

/* `label` names it for assistive tools. `funcs` and `data` outlive it. Items with a signal "changed" are followed. */
GtkWidget *mg_table_view_new(const char *label, const MgTableFuncs *funcs, gpointer data);
/* Also forgets what it is sorted by. */
void mg_table_view_set_columns(MgTableView *table, const MgTableColumn *columns, size_t n);
void mg_table_view_set_model(MgTableView *table, GtkSelectionModel *model);
void mg_table_view_scroll_to(MgTableView *table, guint position);
/* By which column it is sorted; FALSE: by none. */
gboolean mg_table_view_sorted(MgTableView *table, guint *column, gboolean *descending);
/* The item at a point of `widget`, which holds the table or is in it; borrowed, NULL: none. */
gpointer mg_table_view_item_at(MgTableView *table, GtkWidget *widget, double x, double y);
/* The item that the keys are at; borrowed, NULL: none. */
gpointer mg_table_view_item(MgTableView *table);
