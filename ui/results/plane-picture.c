#include "ui/results/plane-picture.h"
#include "plot/scatter.h"
#include "plot/summary.h"
#include "plot/text.h"
#include "ui/widgets/drawing.h"
#include <glib/gi18n.h>
#include <math.h>

#define REACH 9         /* pixels from the pointer to a point */
#define NEAR_RADIUS 7.5 /* of the circle around a neighbour: beyond the ring of a wrong one */
#define STILL 4         /* a drag that is shorter is a click */
#define CORNERS 5       /* pixels from one corner of the lasso to the next */

struct _MgPlanePicture {
  AdwBin parent_instance;
  MgPlane *plane;
  MgDrawing *drawing;
  MgPoint *points;
  MgScatter scatter; /* of the plane; n is 0 while it is not ready */
  const char *shapes[MG_N_POINT_SHAPES];
  gssize hovered, chosen; /* -1: none */
  GArray *marked;         /* guint32 */
  GArray *lasso;          /* double[2]: corners while it is drawn */
  double from_x, from_y;  /* of the drag */
};

G_DEFINE_FINAL_TYPE(MgPlanePicture, mg_plane_picture, ADW_TYPE_BIN)

static guint chosen_signal, picked_signal;

static MgGeometry
geometry_of(MgPlanePicture *picture)
{
  GtkWidget *widget = GTK_WIDGET(picture->drawing);
  return mg_scatter_geometry(gtk_widget_get_width(widget), gtk_widget_get_height(widget), mg_drawing_style(),
                             &picture->scatter);
}

/* Drawing. */

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgPlanePicture *picture = data;
  if (picture->scatter.n > 0)
    mg_scatter_draw(cr, width, height, style, &picture->scatter);
}

/* Without smooth edges of the fill, which the line covers: with them a frame took up to 13 ms. */
static void
draw_lasso(cairo_t *cr, const MgStyle *style, const GArray *corners)
{
  cairo_new_path(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
  for (guint i = 0; i < corners->len; i++) {
    const double *corner = ((const double(*)[2])corners->data)[i];
    cairo_line_to(cr, corner[0], corner[1]);
  }
  cairo_close_path(cr);
  mg_source_alpha(cr, style->accent, 0.14);
  cairo_fill_preserve(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
  mg_source(cr, style->accent);
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
}

char *
mg_plane_point_text(MgPlane *plane, size_t i)
{
  const MgPrediction *segment = mg_plane_prediction(plane, i);
  int n;
  const char *predicted = mg_plane_labels(plane, &n)[segment->y_pred];
  double probability = segment->probabilities[segment->y_pred];
  if (segment->y_test < 0 || segment->y_test == segment->y_pred)
    return g_strdup_printf(_("%s · %s %.2f"), segment->songname, predicted, probability);
  return g_strdup_printf(_("%s · %s heard as %s %.2f"), segment->songname, segment->genre, predicted, probability);
}

/* Beside the point, on the side where there is room. */
static void
draw_label(cairo_t *cr, double width, double height, const MgStyle *style, MgPlanePicture *picture, const MgGeometry *g)
{
  const MgPoint *point = &picture->points[picture->hovered];
  g_autofree char *text = mg_plane_point_text(picture->plane, (size_t)picture->hovered);
  MgTextLook look = {.max_width = width - 24};
  double text_width, text_height, x = mg_geometry_to_x(g, point->x), y = mg_geometry_to_y(g, point->y);
  mg_text_measure(style, text, &look, &text_width, &text_height);
  double box_width = text_width + 16, box_height = text_height + 8;
  double left = CLAMP(x + 12, 2, MAX(2, width - box_width - 2)), top = y - box_height - 10;
  if (top < 2)
    top = MIN(y + 12, height - box_height - 2);
  cairo_rectangle(cr, left, top, box_width, box_height);
  mg_source_alpha(cr, style->background, 0.93);
  cairo_fill_preserve(cr);
  mg_source_alpha(cr, style->foreground, 0.35);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
  mg_text_draw_look(cr, style, text, left + 8, top + box_height / 2, 0, 0.5, &look);
}

static void
draw_near(cairo_t *cr, const MgStyle *style, const MgGeometry *g, const MgPoint *point)
{
  cairo_new_path(cr);
  cairo_arc(cr, mg_geometry_to_x(g, point->x), mg_geometry_to_y(g, point->y), NEAR_RADIUS, 0, 2 * G_PI);
  mg_source(cr, style->accent);
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
}

static void
draw_live(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgPlanePicture *picture = data;
  if (picture->scatter.n == 0)
    return;
  MgGeometry g = geometry_of(picture);
  for (guint i = 0; picture->chosen >= 0 && i < picture->marked->len; i++)
    draw_near(cr, style, &g, &picture->points[g_array_index(picture->marked, guint32, i)]);
  if (picture->chosen >= 0)
    mg_scatter_draw_mark(cr, &g, style, &picture->scatter, (size_t)picture->chosen);
  if (picture->lasso->len > 1)
    draw_lasso(cr, style, picture->lasso);
  else if (picture->hovered >= 0)
    draw_label(cr, width, height, style, picture, &g);
}

/* Following the plane. */

static void
tell(MgPlanePicture *picture)
{
  int n = picture->scatter.n_groups;
  g_autofree MgBar *classes = g_new0(MgBar, n + 1);
  size_t wrong = 0;
  for (int i = 0; i < n; i++)
    classes[i].name = picture->scatter.groups[i];
  for (size_t i = 0; i < picture->scatter.n; i++) {
    wrong += picture->points[i].wrong;
    classes[MIN(picture->points[i].group, n - 1)].value++;
  }
  g_autofree char *label = g_strdup_printf(_("Embedding: %zu segments, %zu wrong"), picture->scatter.n, wrong);
  g_autofree char *text = picture->chosen >= 0 && picture->scatter.n > 0
                              ? mg_plane_point_text(picture->plane, (size_t)picture->chosen)
                              : mg_bars_summary(&(MgBars){classes, (size_t)n, NULL, 0});
  mg_drawing_set_text(picture->drawing, label, text);
}

/* A class beyond the labels, of another data set, takes the hue of the first. */
static void
take_point(MgPlanePicture *picture, size_t i)
{
  static const MgPointShape shape_of[] = {
      [MG_SPLIT_TRAIN] = MG_POINT_DISC, [MG_SPLIT_VAL] = MG_POINT_SQUARE, [MG_SPLIT_TEST] = MG_POINT_TRIANGLE};
  static const char *const names[] = {N_("Train"), N_("Validation"), N_("Test")};
  const MgPrediction *segment = mg_plane_prediction(picture->plane, i);
  const float *place = mg_matrix_row(mg_plane_places(picture->plane), i);
  MgPoint *point = &picture->points[i];
  *point = (MgPoint){.x = place[0],
                     .y = place[1],
                     .group = MAX(segment->y_test, 0),
                     .shape = shape_of[mg_plane_split(picture->plane, i)],
                     .wrong = segment->y_test >= 0 && segment->y_test != segment->y_pred};
  picture->shapes[point->shape] = _(names[point->shape]);
  if (point->wrong)
    picture->scatter.wrong = _("Wrong");
}

static void
follow(MgPlanePicture *picture)
{
  gboolean ready = mg_plane_state(picture->plane) == MG_PLANE_READY;
  size_t n = ready ? mg_plane_n(picture->plane) : 0;
  g_clear_pointer(&picture->points, g_free);
  picture->points = g_new0(MgPoint, n + 1);
  for (int i = 0; i < MG_N_POINT_SHAPES; i++)
    picture->shapes[i] = NULL;
  picture->scatter = (MgScatter){.points = picture->points, .n = n, .shapes = picture->shapes};
  picture->scatter.groups = mg_plane_labels(picture->plane, &picture->scatter.n_groups);
  for (size_t i = 0; i < n; i++)
    take_point(picture, i);
  picture->hovered = picture->chosen = -1;
  g_array_set_size(picture->marked, 0);
  g_array_set_size(picture->lasso, 0);
  tell(picture);
  mg_drawing_changed(picture->drawing);
}

void
mg_plane_picture_choose(MgPlanePicture *picture, gssize point)
{
  picture->chosen = point < (gssize)picture->scatter.n ? point : -1;
  tell(picture);
  mg_drawing_live_changed(picture->drawing);
}

gssize
mg_plane_picture_chosen(MgPlanePicture *picture)
{
  return picture->chosen;
}

void
mg_plane_picture_mark(MgPlanePicture *picture, const guint32 *points, size_t n)
{
  g_array_set_size(picture->marked, 0);
  g_array_append_vals(picture->marked, points, (guint)n);
  mg_drawing_live_changed(picture->drawing);
}

/* The pointer. */

static gssize
point_at(MgPlanePicture *picture, double x, double y)
{
  MgGeometry g = geometry_of(picture);
  return mg_scatter_find(&g, &picture->scatter, x, y, REACH);
}

static void
hover(MgPlanePicture *picture, gssize point)
{
  if (point == picture->hovered)
    return;
  picture->hovered = point;
  mg_drawing_live_changed(picture->drawing);
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgPlanePicture *picture)
{
  hover(picture, point_at(picture, x, y));
}

static void
on_leave(GtkEventControllerMotion *motion, MgPlanePicture *picture)
{
  hover(picture, -1);
}

static void
on_drag_begin(GtkGestureDrag *drag, double x, double y, MgPlanePicture *picture)
{
  picture->from_x = x;
  picture->from_y = y;
  gtk_widget_grab_focus(GTK_WIDGET(picture->drawing));
}

static void
add_corner(MgPlanePicture *picture, double dx, double dy)
{
  const double corner[2] = {picture->from_x + dx, picture->from_y + dy};
  g_array_append_vals(picture->lasso, corner, 1);
}

static void
on_drag_update(GtkGestureDrag *drag, double dx, double dy, MgPlanePicture *picture)
{
  if (picture->lasso->len == 0 && dx * dx + dy * dy < STILL * STILL)
    return;
  if (picture->lasso->len == 0)
    add_corner(picture, 0, 0);
  const double *last = ((const double(*)[2])picture->lasso->data)[picture->lasso->len - 1];
  if (hypot(picture->from_x + dx - last[0], picture->from_y + dy - last[1]) < CORNERS)
    return;
  add_corner(picture, dx, dy);
  mg_drawing_live_changed(picture->drawing);
}

static void
on_drag_end(GtkGestureDrag *drag, double dx, double dy, MgPlanePicture *picture)
{
  if (picture->lasso->len == 0) {
    gssize point = point_at(picture, picture->from_x, picture->from_y);
    if (point >= 0)
      g_signal_emit(picture, chosen_signal, 0, (guint)point, TRUE);
    return;
  }
  MgGeometry g = geometry_of(picture);
  g_autoptr(GArray) caught =
      mg_scatter_within(&g, &picture->scatter, (const double(*)[2])picture->lasso->data, picture->lasso->len);
  g_array_set_size(picture->lasso, 0);
  mg_drawing_live_changed(picture->drawing);
  g_signal_emit(picture, picked_signal, 0, caught->len > 0 ? caught : NULL);
}

static void
on_drag_cancel(GtkGesture *drag, GdkEventSequence *sequence, MgPlanePicture *picture)
{
  g_array_set_size(picture->lasso, 0);
  mg_drawing_live_changed(picture->drawing);
}

/* Keys. */

static gboolean
on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType modifiers, MgPlanePicture *picture)
{
  static const struct {
    guint key;
    double dx, dy;
  } arrows[] = {{GDK_KEY_Left, -1, 0}, {GDK_KEY_Right, 1, 0}, {GDK_KEY_Up, 0, -1}, {GDK_KEY_Down, 0, 1}};
  if (picture->scatter.n == 0 || (modifiers & gtk_accelerator_get_default_mod_mask()))
    return FALSE;
  gboolean play = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space;
  gssize point = play ? picture->chosen : -1;
  MgGeometry g = geometry_of(picture);
  for (size_t i = 0; i < G_N_ELEMENTS(arrows); i++)
    if (arrows[i].key == key)
      point = picture->chosen < 0
                  ? 0
                  : mg_scatter_towards(&g, &picture->scatter, (size_t)picture->chosen, arrows[i].dx, arrows[i].dy);
  if (point >= 0)
    g_signal_emit(picture, chosen_signal, 0, (guint)point, play);
  return play || (key >= GDK_KEY_Left && key <= GDK_KEY_Down);
}

static void
add_hands(MgPlanePicture *picture)
{
  GtkWidget *widget = GTK_WIDGET(picture->drawing);
  GtkEventController *motion = gtk_event_controller_motion_new(), *keys = gtk_event_controller_key_new();
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), picture);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), picture);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), picture);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), picture);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), picture);
  g_signal_connect(drag, "cancel", G_CALLBACK(on_drag_cancel), picture);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), picture);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(widget, keys);
  gtk_widget_set_focusable(widget, TRUE);
}

static void
mg_plane_picture_finalize(GObject *object)
{
  MgPlanePicture *picture = MG_PLANE_PICTURE(object);
  g_free(picture->points);
  g_array_unref(picture->marked);
  g_array_unref(picture->lasso);
  g_object_unref(picture->plane);
  G_OBJECT_CLASS(mg_plane_picture_parent_class)->finalize(object);
}

static void
mg_plane_picture_class_init(MgPlanePictureClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_plane_picture_finalize;
  chosen_signal = g_signal_new("chosen", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  picked_signal = g_signal_new("picked", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_ARRAY);
}

static void
mg_plane_picture_init(MgPlanePicture *picture)
{
  picture->hovered = picture->chosen = -1;
  picture->marked = g_array_new(FALSE, FALSE, sizeof(guint32));
  picture->lasso = g_array_new(FALSE, FALSE, sizeof(double[2]));
}

GtkWidget *
mg_plane_picture_new(MgPlane *plane)
{
  MgPlanePicture *picture = g_object_new(MG_TYPE_PLANE_PICTURE, NULL);
  picture->plane = g_object_ref(plane);
  picture->drawing = MG_DRAWING(mg_drawing_new("embedding", 200, 160));
  mg_drawing_keep_pixels(picture->drawing);
  mg_drawing_set_funcs(picture->drawing, draw, draw_live, picture);
  adw_bin_set_child(ADW_BIN(picture), GTK_WIDGET(picture->drawing));
  add_hands(picture);
  g_signal_connect_object(plane, "changed", G_CALLBACK(follow), picture, G_CONNECT_SWAPPED);
  follow(picture);
  return GTK_WIDGET(picture);
}
