/* Where a table's columns are. */
#include "ui/widgets/table-private.h"
#include "ui/widgets/drawing.h"
#include <math.h>

static void
clear_column(gpointer data)
{
  g_free(((MgColumnPlace *)data)->title);
}

MgTableLayout *
mg_table_layout_new(const MgTableFuncs *funcs, gpointer data)
{
  MgTableLayout *layout = g_new0(MgTableLayout, 1);
  layout->funcs = funcs;
  layout->data = data;
  layout->columns = g_array_new(FALSE, TRUE, sizeof(MgColumnPlace));
  g_array_set_clear_func(layout->columns, clear_column);
  layout->laid_for = -1;
  return layout;
}

void
mg_table_layout_free(MgTableLayout *layout)
{
  if (!layout)
    return;
  g_array_unref(layout->columns);
  g_free(layout);
}

void
mg_table_layout_set(MgTableLayout *layout, const MgTableColumn *columns, size_t n)
{
  g_array_set_size(layout->columns, 0);
  for (size_t i = 0; i < n; i++) {
    MgColumnPlace place = {columns[i], g_strdup(columns[i].title), 0, columns[i].width};
    place.told.title = place.title;
    place.told.width = place.width = (int)ceil(columns[i].width * mg_text_scale());
    g_array_append_val(layout->columns, place);
  }
  layout->laid_for = -1;
}

MgColumnPlace *
mg_table_layout_column(const MgTableLayout *layout, guint i)
{
  return &g_array_index(layout->columns, MgColumnPlace, i);
}

int
mg_table_layout_least(const MgTableLayout *layout)
{
  int least = 0;
  for (guint i = 0; i < layout->columns->len; i++)
    least += mg_table_layout_column(layout, i)->told.width;
  return least;
}

void
mg_table_layout_place(MgTableLayout *layout, int width)
{
  if (layout->laid_for == width)
    return;
  int left = MAX(0, width - mg_table_layout_least(layout)), n_expanding = 0, x = 0;
  for (guint i = 0; i < layout->columns->len; i++)
    n_expanding += mg_table_layout_column(layout, i)->told.expands;
  for (guint i = 0; i < layout->columns->len; i++) {
    MgColumnPlace *column = mg_table_layout_column(layout, i);
    int more = column->told.expands ? left / n_expanding : 0;
    left -= more;
    n_expanding -= column->told.expands;
    column->x = x;
    column->width = column->told.width + more;
    x += column->width;
  }
  layout->laid_for = width;
}

guint
mg_table_layout_column_at(const MgTableLayout *layout, double x)
{
  for (guint i = 0; i < layout->columns->len; i++) {
    const MgColumnPlace *column = mg_table_layout_column(layout, i);
    if (x >= column->x && x < column->x + column->width)
      return i;
  }
  return G_MAXUINT;
}
