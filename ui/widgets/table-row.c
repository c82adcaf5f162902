/* One row of a table, which paints its cells. */
#include "ui/widgets/table-private.h"
#include <glib/gi18n.h>

#define MG_TYPE_TABLE_ROW (mg_table_row_get_type())
G_DECLARE_FINAL_TYPE(MgTableRow, mg_table_row, MG, TABLE_ROW, GtkWidget)

struct _MgTableRow {
  GtkWidget parent;
  MgTableLayout *layout;
  GObject *item; /* NULL: none */
  GArray *cells; /* MgTableCell, one a column */
};

G_DEFINE_FINAL_TYPE(MgTableRow, mg_table_row, GTK_TYPE_WIDGET)

enum { ROOM_ABOVE = 4, MARK_SIZE = 12, MARK_GAP = 6, BAR_HEIGHT = 6, BAR_GAP = 8, LEAST_BAR = 12 };

static void
clear_cell(gpointer data)
{
  g_free(((MgTableCell *)data)->text);
}

/* Filling */

static const char *
mark_text(MgCellMark mark)
{
  return mark == MG_CELL_WRONG ? _("wrong") : mark == MG_CELL_RIGHT ? _("right") : NULL;
}

/* What assistive tools read: the cells, one after the other. */
static void
name_row(MgTableRow *row)
{
  g_autoptr(GString) name = g_string_new(NULL);
  for (guint i = 0; i < row->cells->len; i++) {
    const MgTableCell *cell = &g_array_index(row->cells, MgTableCell, i);
    const char *mark = mark_text(cell->mark);
    if (!cell->text || !*cell->text)
      continue;
    g_string_append_printf(name, "%s%s%s%s", name->len ? ", " : "", cell->text, mark ? " " : "", mark ? mark : "");
  }
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str, -1);
}

static void
fill(MgTableRow *row)
{
  const MgTableLayout *layout = row->layout;
  g_array_set_size(row->cells, 0);
  for (guint i = 0; row->item && i < layout->columns->len; i++) {
    MgTableCell cell = {.opacity = 1, .share = -1};
    layout->funcs->fill(&cell, row->item, mg_table_layout_column(layout, i)->told.id, layout->data);
    g_array_append_val(row->cells, cell);
  }
  name_row(row);
  gtk_widget_queue_draw(GTK_WIDGET(row));
}

static gboolean
tells_changes(GObject *item)
{
  return g_signal_lookup("changed", G_OBJECT_TYPE(item)) != 0;
}

void
mg_table_row_show(GtkWidget *widget, gpointer item)
{
  MgTableRow *row = MG_TABLE_ROW(widget);
  if (row->item && tells_changes(row->item))
    g_signal_handlers_disconnect_by_func(row->item, fill, row);
  g_set_object(&row->item, item);
  if (item && tells_changes(item))
    g_signal_connect_swapped(item, "changed", G_CALLBACK(fill), row);
  fill(row);
}

void
mg_table_row_lay_out_again(GtkWidget *row, gpointer unused)
{
  gtk_widget_queue_resize(row);
}

void
mg_table_row_fill_again(GtkWidget *row, gpointer unused)
{
  fill(MG_TABLE_ROW(row));
}

/* Painting */

typedef struct {
  GtkSnapshot *snapshot;
  PangoLayout *text; /* set for each cell */
  GdkRGBA plain, accent, error;
  int height;
  gboolean mirrored;
} Brush;

static PangoAttrList *
attributes(gboolean strong)
{
  static PangoAttrList *kinds[2];
  if (!kinds[strong]) {
    kinds[strong] = pango_attr_list_new();
    pango_attr_list_insert(kinds[strong], pango_attr_font_features_new("tnum=1"));
    if (strong)
      pango_attr_list_insert(kinds[strong], pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  }
  return kinds[strong];
}

static GdkRGBA
colour_of(const Brush *brush, const MgTableCell *cell)
{
  GdkRGBA colour = cell->tone == MG_CELL_ACCENT  ? brush->accent
                   : cell->tone == MG_CELL_ERROR ? brush->error
                                                 : brush->plain;
  colour.alpha *= (float)(cell->opacity * (cell->tone == MG_CELL_DIM ? 0.55 : 1));
  return colour;
}

/* ✓ and ✗ as strokes: they differ in shape too. */
static void
paint_mark(const Brush *brush, const MgTableCell *cell, double x, const GdkRGBA *colour)
{
  double y = (brush->height - MARK_SIZE) / 2.0;
  cairo_t *cr =
      gtk_snapshot_append_cairo(brush->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, MARK_SIZE, MARK_SIZE));
  gdk_cairo_set_source_rgba(cr, colour);
  cairo_set_line_width(cr, 2);
  if (cell->mark == MG_CELL_RIGHT) {
    cairo_move_to(cr, x + 2, y + 6.5);
    cairo_line_to(cr, x + 5, y + 9.5);
    cairo_line_to(cr, x + 10.5, y + 2.5);
  } else {
    cairo_move_to(cr, x + 2.5, y + 2.5);
    cairo_line_to(cr, x + 9.5, y + 9.5);
    cairo_move_to(cr, x + 9.5, y + 2.5);
    cairo_line_to(cr, x + 2.5, y + 9.5);
  }
  cairo_stroke(cr);
  cairo_destroy(cr);
}

static void
paint_bar(const Brush *brush, const MgTableCell *cell, float x, float width)
{
  GdkRGBA ground = brush->plain, colour = cell->tone == MG_CELL_STRONG ? brush->accent : brush->plain;
  float y = (float)(brush->height - BAR_HEIGHT) / 2, share = (float)CLAMP(cell->share, 0, 1);
  ground.alpha *= 0.12F;
  colour.alpha *= cell->tone == MG_CELL_STRONG ? 1 : 0.45F;
  gtk_snapshot_append_color(brush->snapshot, &ground, &GRAPHENE_RECT_INIT(x, y, width, BAR_HEIGHT));
  gtk_snapshot_append_color(
      brush->snapshot, &colour,
      &GRAPHENE_RECT_INIT(brush->mirrored ? x + width * (1 - share) : x, y, width * share, BAR_HEIGHT));
}

/* Sets the text, shortened where it is longer than the room; returns its width, px. */
static int
set_text(const Brush *brush, const MgTableCell *cell, PangoEllipsizeMode ellipsize, int room)
{
  int width, height;
  pango_layout_set_attributes(brush->text, attributes(cell->tone == MG_CELL_STRONG && cell->share < 0));
  pango_layout_set_width(brush->text, -1);
  pango_layout_set_text(brush->text, cell->text, -1);
  pango_layout_get_pixel_size(brush->text, &width, &height);
  if (width > room) {
    pango_layout_set_ellipsize(brush->text, ellipsize == PANGO_ELLIPSIZE_NONE ? PANGO_ELLIPSIZE_END : ellipsize);
    pango_layout_set_width(brush->text, room * PANGO_SCALE);
    width = room;
  }
  return width;
}

static void
paint_text(const Brush *brush, const MgTableCell *cell, double x, double y)
{
  GdkRGBA colour = colour_of(brush, cell);
  if (cell->share >= 0) /* the bar tells which is strong */
    colour.alpha *= cell->tone == MG_CELL_STRONG ? 1 : 0.7F;
  gtk_snapshot_save(brush->snapshot);
  gtk_snapshot_translate(brush->snapshot, &GRAPHENE_POINT_INIT((float)x, (float)y));
  gtk_snapshot_append_layout(brush->snapshot, brush->text, &colour);
  gtk_snapshot_restore(brush->snapshot);
}

/* Within [x, x + width), text at the end of a bar, or where the column has it. */
static void
paint_cell(const Brush *brush, const MgTableCell *cell, const MgTableColumn *column, int x, int width)
{
  int mark = cell->mark == MG_CELL_NO_MARK ? 0 : MARK_SIZE + MARK_GAP, text_height;
  int text_width = set_text(brush, cell, column->ellipsize, MAX(0, width - mark));
  double at = column->xalign;
  GdkRGBA colour = colour_of(brush, cell);
  pango_layout_get_pixel_size(brush->text, NULL, &text_height);
  if (cell->share >= 0) {
    int bar = width - text_width - BAR_GAP;
    if (bar >= LEAST_BAR)
      paint_bar(brush, cell, (float)(brush->mirrored ? x + width - bar : x), (float)bar);
    at = 1;
  }
  if (cell->mark >= MG_CELL_RIGHT) {
    GdkRGBA faint = colour;
    faint.alpha *= cell->mark == MG_CELL_RIGHT ? 0.55F : 1;
    paint_mark(brush, cell, brush->mirrored ? x + width - MARK_SIZE : x, &faint);
  }
  if (brush->mirrored)
    at = 1 - at;
  paint_text(brush, cell, x + (brush->mirrored ? 0 : mark) + at * (width - mark - text_width),
             (int)((brush->height - text_height) / 2));
}

static void
look_up(GtkStyleContext *context, const char *name, GdkRGBA *colour, const GdkRGBA *instead)
{
  if (!gtk_style_context_lookup_color(context, name, colour))
    *colour = *instead;
}

static void
snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgTableRow *row = MG_TABLE_ROW(widget);
  GtkStyleContext *context = gtk_widget_get_style_context(widget);
  int width = gtk_widget_get_width(widget);
  g_autoptr(PangoLayout) text = gtk_widget_create_pango_layout(widget, NULL);
  Brush brush = {.snapshot = snapshot,
                 .text = text,
                 .height = gtk_widget_get_height(widget),
                 .mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL};
  gtk_style_context_get_color(context, &brush.plain);
  look_up(context, "accent_color", &brush.accent, &brush.plain);
  look_up(context, "error_color", &brush.error, &brush.plain);
  mg_table_layout_place(row->layout, width);
  for (guint i = 0; i < MIN(row->cells->len, row->layout->columns->len); i++) {
    const MgTableCell *cell = &g_array_index(row->cells, MgTableCell, i);
    const MgColumnPlace *column = mg_table_layout_column(row->layout, i);
    int x = brush.mirrored ? width - column->x - column->width : column->x, room = column->width - 2 * MG_CELL_PADDING;
    if (cell->text && room > 0)
      paint_cell(&brush, cell, &column->told, x + MG_CELL_PADDING, room);
  }
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  MgTableRow *row = MG_TABLE_ROW(widget);
  int height;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = *natural = mg_table_layout_least(row->layout);
    return;
  }
  g_autoptr(PangoLayout) text = gtk_widget_create_pango_layout(widget, "0");
  pango_layout_get_pixel_size(text, NULL, &height);
  *minimum = *natural = MAX(height, MARK_SIZE) + 2 * ROOM_ABOVE;
}

static gboolean
is_cut(MgTableRow *row, const MgTableCell *cell, int room)
{
  g_autoptr(PangoLayout) text = gtk_widget_create_pango_layout(GTK_WIDGET(row), cell->text);
  int width, mark = cell->mark == MG_CELL_NO_MARK ? 0 : MARK_SIZE + MARK_GAP;
  pango_layout_set_attributes(text, attributes(cell->tone == MG_CELL_STRONG && cell->share < 0));
  pango_layout_get_pixel_size(text, &width, NULL);
  return width > room - mark;
}

/* What the table tells of a cell, or else a text that has no room. */
static gboolean
query_tooltip(GtkWidget *widget, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  MgTableRow *row = MG_TABLE_ROW(widget);
  const MgTableLayout *layout = row->layout;
  int width = gtk_widget_get_width(widget);
  gboolean mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  guint i = mg_table_layout_column_at(layout, mirrored ? width - 1 - x : x);
  if (by_keys || !row->item || i >= row->cells->len)
    return FALSE;
  const MgColumnPlace *column = mg_table_layout_column(layout, i);
  const MgTableCell *cell = &g_array_index(row->cells, MgTableCell, i);
  g_autofree char *told = layout->funcs->tell ? layout->funcs->tell(row->item, column->told.id, layout->data) : NULL;
  gboolean cut = !told && cell->text && is_cut(row, cell, column->width - 2 * MG_CELL_PADDING);
  gtk_tooltip_set_text(tooltip, told ? told : cut ? cell->text : NULL);
  return told || cut;
}

static void
dispose(GObject *object)
{
  MgTableRow *row = MG_TABLE_ROW(object);
  if (row->item && tells_changes(row->item))
    g_signal_handlers_disconnect_by_func(row->item, fill, row);
  g_clear_object(&row->item);
  G_OBJECT_CLASS(mg_table_row_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_array_unref(MG_TABLE_ROW(object)->cells);
  G_OBJECT_CLASS(mg_table_row_parent_class)->finalize(object);
}

static void
mg_table_row_class_init(MgTableRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget->measure = measure;
  widget->snapshot = snapshot;
  widget->query_tooltip = query_tooltip;
  gtk_widget_class_set_css_name(widget, "row");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
mg_table_row_init(MgTableRow *row)
{
  row->cells = g_array_new(FALSE, TRUE, sizeof(MgTableCell));
  g_array_set_clear_func(row->cells, clear_cell);
  gtk_widget_set_has_tooltip(GTK_WIDGET(row), TRUE);
}

GtkWidget *
mg_table_row_new(MgTableLayout *layout)
{
  MgTableRow *row = g_object_new(MG_TYPE_TABLE_ROW, NULL);
  row->layout = layout;
  return GTK_WIDGET(row);
}
