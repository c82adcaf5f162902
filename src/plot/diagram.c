#include "plot/diagram.h"
#include "plot/text.h"
#include <math.h>

static const double box_width = 232, gap = 16, inset = 8, side = 14, margin = 12;

typedef struct Sheet Sheet;

typedef struct {
  const MgGraphNode *node;
  int row, lane;
  double width, height;
  Sheet *inner;
} Box;

/* Boxes in rows, each below all that feed it, and lanes, so that a chain runs straight down. */
struct Sheet {
  Box *boxes;
  int n, rows, lanes;
  double *top, *tall;  /* of each row */
  double *left, *wide; /* of each lane */
  double width, height;
};

static double
head_height(const MgStyle *style)
{
  return 2 * mg_text_line(style) + inset;
}

static gboolean
is_taken(const Sheet *sheet, int n, int row, int lane)
{
  for (int i = 0; i < n; i++)
    if (sheet->boxes[i].row == row && sheet->boxes[i].lane == lane)
      return TRUE;
  return FALSE;
}

/* In the lane of the leftmost box that feeds it, or the next free one. */
static void
place(Sheet *sheet, int i)
{
  Box *box = &sheet->boxes[i];
  int lane = G_MAXINT, row = 0;
  for (guint k = 0; k < box->node->from->len; k++) {
    int source = g_array_index(box->node->from, int, k);
    row = MAX(row, source < 0 ? 0 : sheet->boxes[source].row + 1);
    lane = MIN(lane, source < 0 ? 0 : sheet->boxes[source].lane);
  }
  lane = lane == G_MAXINT ? 0 : lane;
  while (is_taken(sheet, i, row, lane))
    lane++;
  box->row = row;
  box->lane = lane;
  sheet->rows = MAX(sheet->rows, row + 1);
  sheet->lanes = MAX(sheet->lanes, lane + 1);
}

static Sheet *sheet_new(const MgStyle *style, const GPtrArray *graph);

static void
sheet_free(Sheet *sheet)
{
  if (!sheet)
    return;
  for (int i = 0; i < sheet->n; i++)
    sheet_free(sheet->boxes[i].inner);
  g_free(sheet->boxes);
  g_free(sheet->top);
  g_free(sheet->tall);
  g_free(sheet->left);
  g_free(sheet->wide);
  g_free(sheet);
}

static void
size_box(Box *box, const MgStyle *style)
{
  box->inner = box->node->inner ? sheet_new(style, box->node->inner) : NULL;
  box->width = box->inner ? box->inner->width + 2 * inset : box_width;
  box->height = head_height(style) + (box->inner ? box->inner->height + inset : 0);
}

/* Ways beside the boxes have room at the right. */
static void
stack(Sheet *sheet)
{
  for (int i = 0; i < sheet->n; i++) {
    const Box *box = &sheet->boxes[i];
    sheet->tall[box->row] = MAX(sheet->tall[box->row], box->height);
    sheet->wide[box->lane] = MAX(sheet->wide[box->lane], box->width);
  }
  sheet->height = gap;
  for (int r = 0; r < sheet->rows; r++) {
    sheet->top[r] = sheet->height;
    sheet->height += sheet->tall[r] + gap;
  }
  sheet->width = side;
  for (int l = 0; l < sheet->lanes; l++) {
    sheet->left[l] = sheet->width;
    sheet->width += sheet->wide[l] + side;
  }
}

static Sheet *
sheet_new(const MgStyle *style, const GPtrArray *graph)
{
  Sheet *sheet = g_new0(Sheet, 1);
  sheet->n = graph->len;
  sheet->boxes = g_new0(Box, graph->len);
  for (int i = 0; i < sheet->n; i++) {
    sheet->boxes[i].node = graph->pdata[i];
    place(sheet, i);
    size_box(&sheet->boxes[i], style);
  }
  sheet->top = g_new0(double, sheet->rows);
  sheet->tall = g_new0(double, sheet->rows);
  sheet->left = g_new0(double, sheet->lanes);
  sheet->wide = g_new0(double, sheet->lanes);
  stack(sheet);
  return sheet;
}

static double
middle(const Sheet *sheet, int lane)
{
  return sheet->left[lane] + sheet->wide[lane] / 2;
}

/* Whether nothing stands in the lane between two rows. */
static gboolean
is_free(const Sheet *sheet, int lane, int after, int before)
{
  for (int i = 0; i < sheet->n; i++)
    if (sheet->boxes[i].lane == lane && sheet->boxes[i].row > after && sheet->boxes[i].row < before)
      return FALSE;
  return TRUE;
}

static void
draw_arrow(cairo_t *cr, double x, double y)
{
  cairo_stroke(cr);
  cairo_move_to(cr, x, y);
  cairo_rel_line_to(cr, -3.5, -6);
  cairo_rel_line_to(cr, 7, 0);
  cairo_close_path(cr);
  cairo_fill(cr);
}

/* Down the lane of the source, of the target, or beside all boxes: the first that is free. */
static void
draw_way(cairo_t *cr, const Sheet *sheet, int source, const Box *target)
{
  const Box *from = source < 0 ? NULL : &sheet->boxes[source];
  int row = from ? from->row : -1, lane = from ? from->lane : 0;
  double x = middle(sheet, lane), y = from ? sheet->top[row] + from->height : 0;
  double below = from ? sheet->top[row] + sheet->tall[row] + gap / 2 : gap / 2;
  double to_x = middle(sheet, target->lane), to_y = sheet->top[target->row], above = to_y - gap / 2;
  double way = is_free(sheet, lane, row, target->row)           ? x
               : is_free(sheet, target->lane, row, target->row) ? to_x
                                                                : sheet->width - side / 2;
  cairo_move_to(cr, x, y);
  cairo_line_to(cr, x, below);
  cairo_line_to(cr, way, below);
  cairo_line_to(cr, way, above);
  cairo_line_to(cr, to_x, above);
  cairo_line_to(cr, to_x, to_y);
  draw_arrow(cr, to_x, to_y);
}

static void
rounded(cairo_t *cr, double x, double y, double width, double height)
{
  const double radius = 5;
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc(cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc(cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

/* Two lines: name and shape, layers and parameters. */
static void
draw_texts(cairo_t *cr, const MgStyle *style, const MgGraphNode *node, double x, double y, double width)
{
  double line = mg_text_line(style), right = x + width - inset, room, height;
  g_autofree char *name =
      node->repeats > 1 ? g_strdup_printf("%s ×%d", node->name, node->repeats) : g_strdup(node->name);
  g_autofree char *number = node->parameters ? mg_graph_number(node->parameters) : g_strdup("");
  const char *left[] = {name, node->detail}, *at_right[] = {node->shape, number};
  for (int i = 0; i < 2; i++) {
    MgTextLook look = {.bold = i == 0, .alpha = i ? 0.75 : 1}, plain = {.alpha = i ? 0.75 : 1};
    double top = y + inset / 2 + i * line;
    mg_text_measure(style, at_right[i], &plain, &room, &height);
    look.max_width = MAX(20, width - 3 * inset - room);
    mg_text_draw_look(cr, style, left[i], x + inset, top, 0, 0, &look);
    mg_text_draw_look(cr, style, at_right[i], right, top, 1, 0, &plain);
  }
}

static void draw_sheet(cairo_t *cr, const MgStyle *style, const Sheet *sheet, double whole);

static void
draw_box(cairo_t *cr, const MgStyle *style, const Sheet *sheet, const Box *box, double whole)
{
  double x = middle(sheet, box->lane) - box->width / 2, y = sheet->top[box->row];
  double share = whole > 0 ? box->node->parameters / whole : 0;
  rounded(cr, x, y, box->width, box->height);
  mg_source(cr, style->background);
  cairo_fill_preserve(cr);
  mg_source_alpha(cr, style->accent, box->inner ? 0.05 : 0.08 + 0.5 * sqrt(share));
  cairo_fill_preserve(cr);
  mg_source_alpha(cr, style->accent, 0.6);
  cairo_stroke(cr);
  draw_texts(cr, style, box->node, x, y, box->width);
  if (!box->inner)
    return;
  cairo_save(cr);
  cairo_translate(cr, x + inset, y + head_height(style));
  draw_sheet(cr, style, box->inner, whole);
  cairo_restore(cr);
}

static void
draw_sheet(cairo_t *cr, const MgStyle *style, const Sheet *sheet, double whole)
{
  cairo_set_line_width(cr, 1.25);
  for (int i = 0; i < sheet->n; i++)
    for (guint k = 0; k < sheet->boxes[i].node->from->len; k++) {
      mg_source_alpha(cr, style->accent, 0.8);
      draw_way(cr, sheet, g_array_index(sheet->boxes[i].node->from, int, k), &sheet->boxes[i]);
    }
  for (int i = 0; i < sheet->n; i++)
    draw_box(cr, style, sheet, &sheet->boxes[i], whole);
}

static double
title_height(const MgStyle *style)
{
  return 2 * mg_text_line(style) + margin;
}

void
mg_diagram_measure(const MgStyle *style, const GPtrArray *graph, double *width, double *height)
{
  Sheet *sheet = sheet_new(style, graph);
  *width = ceil(sheet->width + 2 * margin);
  *height = ceil(sheet->height + title_height(style) + margin);
  sheet_free(sheet);
}

void
mg_diagram_draw(cairo_t *cr, double width, double height, const MgStyle *style, const char *title, const char *input,
                const GPtrArray *graph)
{
  Sheet *sheet = sheet_new(style, graph);
  double left = MAX(margin, floor((width - sheet->width) / 2)), top = title_height(style);
  double x = sheet->lanes > 0 ? left + middle(sheet, 0) : width / 2;
  mg_background(cr, style, width, height);
  mg_text_draw_look(cr, style, title, width / 2, margin / 2, 0.5, 0,
                    &(MgTextLook){.bold = TRUE, .max_width = width - 2 * margin});
  mg_text_draw_look(cr, style, input, x, top, 0.5, 1, &(MgTextLook){.alpha = 0.75});
  cairo_save(cr);
  cairo_translate(cr, left, top);
  draw_sheet(cr, style, sheet, mg_graph_parameters(graph));
  cairo_restore(cr);
  sheet_free(sheet);
}
