/* What a table's files share. */
#pragma once
#include "ui/widgets/table-view.h"

typedef struct {
  MgTableColumn told;
  char *title;
  int x, width; /* within a row, for the width laid out last */
} MgColumnPlace;

typedef struct {
  const MgTableFuncs *funcs;
  gpointer data;
  GArray *columns; /* MgColumnPlace */
  int laid_for;    /* width, px; -1: none */
} MgTableLayout;

enum { MG_CELL_PADDING = 8 };

MgTableLayout *mg_table_layout_new(const MgTableFuncs *funcs, gpointer data);
void mg_table_layout_free(MgTableLayout *layout);
void mg_table_layout_set(MgTableLayout *layout, const MgTableColumn *columns, size_t n);
MgColumnPlace *mg_table_layout_column(const MgTableLayout *layout, guint i);
/* Places the columns in a row of this width. */
void mg_table_layout_place(MgTableLayout *layout, int width);
/* The width under which a row is not laid out. */
int mg_table_layout_least(const MgTableLayout *layout);
/* G_MAXUINT: none. `x` counts from the side where rows begin. */
guint mg_table_layout_column_at(const MgTableLayout *layout, double x);

/* A row; `layout` outlives it. */
GtkWidget *mg_table_row_new(MgTableLayout *layout);
void mg_table_row_show(GtkWidget *row, gpointer item); /* NULL: nothing */
void mg_table_row_lay_out_again(GtkWidget *row, gpointer unused);
void mg_table_row_fill_again(GtkWidget *row, gpointer unused); /* the columns are others */

/* The titles. Calls `sorted` when a title was clicked, `resized` when an edge was dragged. */
#define MG_TYPE_TABLE_HEADER (mg_table_header_get_type())
G_DECLARE_FINAL_TYPE(MgTableHeader, mg_table_header, MG, TABLE_HEADER, GtkWidget)
/* Signals "sorted" and "resized". */
GtkWidget *mg_table_header_new(MgTableLayout *layout);
/* The columns are others. */
void mg_table_header_make(MgTableHeader *header);
/* Rows are `width` wide, of which `offset` are out of sight. */
void mg_table_header_follow(MgTableHeader *header, int width, double offset);
gboolean mg_table_header_sorted(MgTableHeader *header, guint *column, gboolean *descending);
