#include "ui/dataset/n-table.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

enum { CLASS, TRACKS, DURATION, TRAIN, N_COLUMNS = TRAIN + 3 };

static const guint most_rows = 400; /* further classes are only counted */

static GtkWidget *
add_cell(GtkGrid *grid, int column, int row, const char *text, const char *css)
{
  GtkWidget *label = mg_figure_label_new(column == CLASS ? 0 : 1);
  gtk_label_set_text(GTK_LABEL(label), text);
  if (css)
    gtk_widget_add_css_class(label, css);
  if (column == CLASS) {
    gtk_widget_set_hexpand(label, TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_width_chars(GTK_LABEL(label), 10);
  }
  gtk_grid_attach(grid, label, column, row, 1, 1);
  return label;
}

static void
add_header(GtkGrid *grid)
{
  const char *const titles[] = {_("Class"), _("Tracks"), _("Duration"), _("Train"), _("Validate"), _("Test")};
  for (int column = 0; column < N_COLUMNS; column++)
    add_cell(grid, column, 0, titles[column], "caption-heading");
}

static void
add_number(GtkGrid *grid, int column, int row, guint number, const char *css)
{
  g_autofree char *text = mg_format_count(number);
  GtkWidget *label = add_cell(grid, column, row, text, css);
  if (number == 0 && column >= TRAIN)
    gtk_widget_add_css_class(label, "warning"); /* nothing to learn from or to judge by */
}

static void
add_row(GtkGrid *grid, int row, const MgDatasetClass *class, const char *css)
{
  g_autofree char *duration = mg_format_clock(class->seconds, 0);
  add_cell(grid, CLASS, row, class->label, css);
  add_number(grid, TRACKS, row, class->tracks, css);
  add_cell(grid, DURATION, row, duration, css);
  for (int split = 0; split < 3; split++)
    add_number(grid, TRAIN + split, row, class->segments[split], css);
}

static void
add_rule(GtkGrid *grid, int row)
{
  gtk_grid_attach(grid, gtk_separator_new(GTK_ORIENTATION_HORIZONTAL), 0, row, N_COLUMNS, 1);
}

static void
add_to_total(MgDatasetClass *total, const MgDatasetClass *class)
{
  total->tracks += class->tracks;
  total->seconds += class->seconds;
  for (int split = 0; split < 3; split++)
    total->segments[split] += class->segments[split];
}

/* Copying. */

static char *
text_of_row(GtkGrid *grid, int row)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new();
  for (int column = 0; column < N_COLUMNS; column++) {
    GtkWidget *cell = gtk_grid_get_child_at(grid, column, row);
    if (GTK_IS_LABEL(cell))
      g_ptr_array_add(cells, (char *)gtk_label_get_text(GTK_LABEL(cell)));
  }
  return cells->len == N_COLUMNS ? mg_copy_join(cells) : NULL; /* NULL: a rule, or the end */
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    graphene_rect_t place;
    int row;
    if (!gtk_widget_compute_bounds(child, widget, &place) || y < place.origin.y ||
        y > place.origin.y + place.size.height)
      continue;
    gtk_grid_query_child(GTK_GRID(widget), child, NULL, &row, NULL, NULL);
    return text_of_row(GTK_GRID(widget), row);
  }
  return NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  GString *text = g_string_new(NULL);
  for (int row = 0; gtk_grid_get_child_at(GTK_GRID(widget), 0, row); row++) {
    g_autofree char *line = text_of_row(GTK_GRID(widget), row);
    if (line)
      g_string_append_printf(text, "%s\n", line);
  }
  return g_string_free(text, FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

GtkWidget *
mg_n_table_new(MgDatasetModel *model)
{
  GtkGrid *grid = GTK_GRID(gtk_grid_new());
  gtk_grid_set_column_spacing(grid, 18);
  gtk_grid_set_row_spacing(grid, 6);
  gtk_accessible_update_property(GTK_ACCESSIBLE(grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Segments by class and split"),
                                 -1);
  add_header(grid);
  add_rule(grid, 1);
  MgDatasetClass total = {.label = _("All classes")};
  size_t n = mg_dataset_model_n_classes(model);
  int row = 2;
  for (size_t i = 0; i < n; i++) {
    add_to_total(&total, mg_dataset_model_class(model, i));
    if (i < most_rows)
      add_row(grid, row++, mg_dataset_model_class(model, i), NULL);
  }
  add_rule(grid, row++);
  add_row(grid, row, &total, "total");
  mg_copy_menu_add(GTK_WIDGET(grid), &copy_funcs);
  return GTK_WIDGET(grid);
}
