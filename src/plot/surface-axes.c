#include "plot/surface-axes.h"
#include "plot/axis.h"
#include "plot/text.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const double depth_ratio = 0.62; /* length of the frequency axis against the time axis */
static const double eye_distance = 5;   /* far enough for a mild perspective */

static void
project(const MgCamera *camera, double x, double y, double z, double *screen_x, double *screen_y, double *depth)
{
  double box_y = y * depth_ratio, box_z = (z - 0.5) * camera->height;
  double right = x * camera->cos_azimuth - box_y * camera->sin_azimuth;
  double away = x * camera->sin_azimuth + box_y * camera->cos_azimuth;
  double up = away * camera->sin_elevation + box_z * camera->cos_elevation;
  *depth = eye_distance + away * camera->cos_elevation - box_z * camera->sin_elevation;
  double factor = camera->scale * eye_distance / MAX(*depth, 0.1);
  *screen_x = camera->centre_x + right * factor;
  *screen_y = camera->centre_y - up * factor;
}

MgVertex
mg_camera_vertex(const MgCamera *camera, double x, double y, double z)
{
  double screen_x, screen_y, depth;
  project(camera, x, y, z, &screen_x, &screen_y, &depth);
  return (MgVertex){(float)screen_x, (float)screen_y, (float)depth, (float)(z * 255)};
}

void
mg_camera_unproject(const MgCamera *camera, double screen_x, double screen_y, double depth, double *x, double *y)
{
  double factor = camera->scale * eye_distance / MAX(depth, 0.1);
  double right = (screen_x - camera->centre_x) / factor, up = (camera->centre_y - screen_y) / factor;
  double away = up * camera->sin_elevation + (depth - eye_distance) * camera->cos_elevation;
  *x = right * camera->cos_azimuth + away * camera->sin_azimuth;
  *y = (away * camera->cos_azimuth - right * camera->sin_azimuth) / depth_ratio;
}

void
mg_camera_scale(MgCamera *camera, double factor)
{
  camera->scale *= factor;
  camera->centre_x *= factor;
  camera->centre_y *= factor;
}

static void
turn(MgCamera *camera, double azimuth)
{
  camera->cos_azimuth = cos(azimuth);
  camera->sin_azimuth = sin(azimuth);
}

/* The box on the screen. */
typedef struct {
  double left, right, top, bottom;
} Limits;

static void
add_limits(Limits *limits, MgCamera camera)
{
  camera.scale = 1;
  camera.centre_x = camera.centre_y = 0;
  for (int corner = 0; corner < 8; corner++) {
    double x, y, depth;
    project(&camera, corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : 0, &x, &y, &depth);
    limits->left = MIN(limits->left, x);
    limits->right = MAX(limits->right, x);
    limits->top = MIN(limits->top, y);
    limits->bottom = MAX(limits->bottom, y);
  }
}

/* For scale 1 and centre 0; over a whole turn where turning shall not change the size. */
static Limits
limits_of_box(MgCamera camera, gboolean whole_turn)
{
  Limits limits = {0, 0, 0, 0};
  add_limits(&limits, camera);
  for (int step = 0; whole_turn && step < 32; step++) {
    turn(&camera, step * G_PI / 16);
    add_limits(&limits, camera);
  }
  return limits;
}

MgCamera
mg_camera_fit(double width, double height, const MgStyle *style, const MgParams *params)
{
  double azimuth = mg_params_float(params, "azimuth") * G_PI / 180;
  double elevation = mg_params_float(params, "elevation") * G_PI / 180;
  MgCamera camera = {
      .cos_elevation = cos(elevation), .sin_elevation = sin(elevation), .height = mg_params_float(params, "height")};
  turn(&camera, azimuth);
  camera.far_x = camera.sin_azimuth > 0 ? 1 : -1;
  camera.far_y = camera.cos_azimuth > 0 ? 1 : -1;
  Limits box = limits_of_box(camera, mg_params_bool(params, "steady"));
  double line = mg_text_line(style); /* room for numbers and titles */
  double margin_x = MIN(5 * line, width * 0.15), margin_y = MIN(3 * line, height * 0.12);
  double fit = MIN((width - 2 * margin_x) / (box.right - box.left), (height - 2 * margin_y) / (box.bottom - box.top));
  camera.scale = fit * mg_params_float(params, "zoom");
  camera.centre_x = width * (0.5 + mg_params_float(params, "pan_x")) - (box.left + box.right) / 2 * camera.scale;
  camera.centre_y = height * (0.5 + mg_params_float(params, "pan_y")) - (box.top + box.bottom) / 2 * camera.scale;
  return camera;
}

/* An edge of the box that carries an axis. */
typedef struct {
  double from[3], to[3];
  double outward[3]; /* from the box, where its texts go */
  MgTicks kind;
  double world0, world1;
  const char *title;
  gboolean htk; /* the ticks are placed on HTK's scale, though their world is Slaney's */
} Edge;

static Edge
time_edge(const MgCamera *camera, const MgSurfaceWorld *world)
{
  double y = -camera->far_y;
  return (Edge){{-1, y, 0}, {1, y, 0}, {0, y, 0}, MG_TICKS_TIME, world->start, world->start + world->seconds,
                _("Time"),  FALSE};
}

static Edge
frequency_edge(const MgCamera *camera, const MgSurfaceWorld *world)
{
  double x = -camera->far_x, low = world->low_hz, high = world->high_hz;
  Edge edge = {{x, -1, 0}, {x, 1, 0}, {x, 0, 0}, MG_TICKS_HZ, low, high, _("Frequency (Hz)"), world->mel && world->htk};
  if (world->mel) {
    edge.kind = MG_TICKS_MEL;
    edge.world0 = mg_axis_mel(low);
    edge.world1 = mg_axis_mel(high);
  }
  return edge;
}

/* Another axis that is seen almost end on, at the left: its numbers need the room there. */
static gboolean
left_is_taken(const MgCamera *camera)
{
  const double end_on = 0.2; /* sine of the angle to that */
  gboolean frequency = fabs(camera->sin_azimuth) < end_on, time = fabs(camera->cos_azimuth) < end_on;
  return (frequency && -camera->far_x * camera->cos_azimuth < 0) || (time && camera->far_y * camera->sin_azimuth < 0);
}

/* The vertical edge that is leftmost on the screen, or the rightmost. */
static Edge
level_edge(const MgCamera *camera, const MgSurfaceWorld *world)
{
  double way = left_is_taken(camera) ? -1 : 1, least = INFINITY, best_x = 0, best_y = 0;
  for (int corner = 0; corner < 4; corner++) {
    double x = corner & 1 ? 1 : -1, y = corner & 2 ? 1 : -1, at, screen_y, depth;
    project(camera, x, y, 0, &at, &screen_y, &depth);
    if (at * way >= least)
      continue;
    least = at * way;
    best_x = x;
    best_y = y;
  }
  return (Edge){{best_x, best_y, 0}, {best_x, best_y, 1}, {-way, 0, 0}, /* on the screen */
                MG_TICKS_DB,         world->low_db,       world->high_db, _("dB"), FALSE};
}

typedef struct {
  double x, y;
} Point;

static Point
on_screen(const MgCamera *camera, const double at[3])
{
  Point p;
  double depth;
  project(camera, at[0], at[1], at[2], &p.x, &p.y, &depth);
  return p;
}

static void
along(const Edge *edge, double share, double at[3])
{
  for (int i = 0; i < 3; i++)
    at[i] = edge->from[i] + (edge->to[i] - edge->from[i]) * share;
}

static double
htk_mel(double slaney)
{
  return log(1 + mg_axis_mel_hz(slaney) / 700);
}

double
mg_surface_world_hz(const MgSurfaceWorld *world, double share)
{
  double low = world->low_hz, high = world->high_hz;
  if (world->mel && world->htk)
    return (700 + low) * pow((700 + high) / (700 + low), share) - 700;
  if (world->mel)
    return mg_axis_mel_hz(mg_axis_mel(low) + share * (mg_axis_mel(high) - mg_axis_mel(low)));
  return low + share * (high - low);
}

static double
share_of(const Edge *edge, const MgTick *tick)
{
  double at = tick->at, from = edge->world0, to = edge->world1;
  if (edge->htk)
    return (htk_mel(at) - htk_mel(from)) / (htk_mel(to) - htk_mel(from));
  return (at - from) / (to - from);
}

static Point
unit_vector(Point from, Point to)
{
  double length = hypot(to.x - from.x, to.y - from.y);
  if (!(length > 1e-9))
    return (Point){0, 0};
  return (Point){(to.x - from.x) / length, (to.y - from.y) / length};
}

/* Which way texts lie from the edge: from the dB axis sideways, from the others away from the box, down or sideways. */
static Point
outward_of(const MgCamera *camera, const Edge *edge)
{
  if (edge->kind == MG_TICKS_DB)
    return (Point){edge->outward[0], 0};
  double middle[3], beyond[3];
  along(edge, 0.5, middle);
  for (int i = 0; i < 3; i++)
    beyond[i] = middle[i] + edge->outward[i] * 0.2;
  Point out = unit_vector(on_screen(camera, middle), on_screen(camera, beyond));
  Point edge_way = unit_vector(on_screen(camera, edge->from), on_screen(camera, edge->to));
  Point normal = {-edge_way.y, edge_way.x}; /* square to the edge, so that numbers stand clear of it */
  double side = normal.x * out.x + normal.y * out.y < 0 ? -1 : 1;
  if (edge_way.x == 0 && edge_way.y == 0)
    return (Point){0, 1};
  return (Point){normal.x * side, normal.y * side};
}

static GArray *
ticks_of_edge(const MgStyle *style, const MgCamera *camera, const Edge *edge)
{
  Point from = on_screen(camera, edge->from), to = on_screen(camera, edge->to), way = unit_vector(from, to);
  double length = hypot(to.x - from.x, to.y - from.y);
  double spacing = MAX(fabs(way.x) * 4.5, fabs(way.y) * 2) * style->font_size;
  return mg_ticks(edge->kind, edge->world0, edge->world1, length, MAX(spacing, 1));
}

/* Walls */

static void
wall_line(cairo_t *cr, const MgCamera *camera, double x0, double y0, double z0, double x1, double y1, double z1)
{
  Point a = on_screen(camera, (double[]){x0, y0, z0}), b = on_screen(camera, (double[]){x1, y1, z1});
  cairo_move_to(cr, a.x, a.y);
  cairo_line_to(cr, b.x, b.y);
}

typedef void (*TickFunc)(cairo_t *cr, const MgCamera *camera, double share);

static void
time_line(cairo_t *cr, const MgCamera *camera, double share)
{
  double x = 2 * share - 1;
  wall_line(cr, camera, x, camera->far_y, 0, x, camera->far_y, 1);
}

static void
frequency_line(cairo_t *cr, const MgCamera *camera, double share)
{
  double y = 2 * share - 1;
  wall_line(cr, camera, camera->far_x, y, 0, camera->far_x, y, 1);
}

static void
level_line(cairo_t *cr, const MgCamera *camera, double share)
{
  wall_line(cr, camera, -1, camera->far_y, share, 1, camera->far_y, share);
  wall_line(cr, camera, camera->far_x, -1, share, camera->far_x, 1, share);
}

static void
draw_wall_grid(cairo_t *cr, const MgStyle *style, const MgCamera *camera, Edge edge, TickFunc draw)
{
  GArray *ticks = ticks_of_edge(style, camera, &edge);
  for (guint i = 0; i < ticks->len; i++)
    if (*g_array_index(ticks, MgTick, i).text)
      draw(cr, camera, share_of(&edge, &g_array_index(ticks, MgTick, i)));
  g_array_unref(ticks);
}

void
mg_surface_walls_draw(cairo_t *cr, const MgStyle *style, const MgCamera *camera, const MgSurfaceWorld *world)
{
  cairo_set_line_width(cr, 1);
  draw_wall_grid(cr, style, camera, time_edge(camera, world), time_line);
  draw_wall_grid(cr, style, camera, frequency_edge(camera, world), frequency_line);
  draw_wall_grid(cr, style, camera, level_edge(camera, world), level_line);
  mg_source_alpha(cr, style->foreground, 0.1);
  cairo_stroke(cr);
  time_line(cr, camera, 0);
  time_line(cr, camera, 1);
  frequency_line(cr, camera, 0);
  frequency_line(cr, camera, 1);
  level_line(cr, camera, 1);
  mg_source_alpha(cr, style->foreground, 0.3);
  cairo_stroke(cr);
}

/* Numbers */

typedef struct {
  cairo_t *cr;
  const MgStyle *style;
  double width, height;
  GArray *taken; /* cairo_rectangle_t */
} Sheet;

static gboolean
is_free(const Sheet *sheet, cairo_rectangle_t r)
{
  const double gap = 3;
  if (r.x < 1 || r.y < 1 || r.x + r.width > sheet->width - 1 || r.y + r.height > sheet->height - 1)
    return FALSE;
  for (guint i = 0; i < sheet->taken->len; i++) {
    const cairo_rectangle_t *t = &g_array_index(sheet->taken, cairo_rectangle_t, i);
    if (r.x < t->x + t->width + gap && t->x < r.x + r.width + gap && r.y < t->y + t->height && t->y < r.y + r.height)
      return FALSE;
  }
  return TRUE;
}

/* Puts the text beside `at`, `distance` away in the direction `out`, where it hides nothing. */
static gboolean
place_text(Sheet *sheet, const char *text, Point at, Point out, double distance, double alpha, double *reach)
{
  cairo_rectangle_t r;
  MgTextLook look = {.alpha = alpha};
  mg_text_measure(sheet->style, text, &look, &r.width, &r.height);
  r.x = at.x + out.x * distance - r.width * (0.5 - 0.5 * out.x);
  r.y = at.y + out.y * distance - r.height * (0.5 - 0.5 * out.y);
  if (!is_free(sheet, r))
    return FALSE;
  g_array_append_val(sheet->taken, r);
  mg_text_draw_look(sheet->cr, sheet->style, text, r.x, r.y, 0, 0, &look);
  *reach = MAX(*reach, distance + fabs(out.x) * r.width + fabs(out.y) * r.height);
  return TRUE;
}

/* How far the box's upper rim stands out over the edge: seen from above, the surface would cover numbers beside it. */
static double
overhang(const MgCamera *camera, const Edge *edge, const double place[3], Point out)
{
  if (edge->kind == MG_TICKS_DB)
    return 0;
  Point foot = on_screen(camera, place), rim = on_screen(camera, (double[]){place[0], place[1], 1});
  return MAX(0, (rim.x - foot.x) * out.x + (rim.y - foot.y) * out.y);
}

static void
draw_ticks(Sheet *sheet, const MgCamera *camera, const Edge *edge, Point out, double *reach)
{
  GArray *ticks = ticks_of_edge(sheet->style, camera, edge);
  for (guint i = 0; i < ticks->len; i++) {
    const MgTick *tick = &g_array_index(ticks, MgTick, i);
    double place[3], length = *tick->text ? 5 : 3;
    along(edge, share_of(edge, tick), place);
    Point at = on_screen(camera, place);
    mg_source_alpha(sheet->cr, sheet->style->foreground, 0.5);
    cairo_move_to(sheet->cr, at.x, at.y);
    cairo_line_to(sheet->cr, at.x + out.x * length, at.y + out.y * length);
    cairo_stroke(sheet->cr);
    if (*tick->text)
      place_text(sheet, tick->text, at, out, 8 + overhang(camera, edge, place, out), 1, reach);
  }
  g_array_unref(ticks);
}

/* Beside the middle, or above the far end where there is no room; the dB axis has it above its topmost number. */
static void
draw_title(Sheet *sheet, const MgCamera *camera, const Edge *edge, Point out, double reach)
{
  double middle[3], unused = 0;
  along(edge, 0.5, middle);
  gboolean beside = edge->kind != MG_TICKS_DB;
  if (beside && place_text(sheet, edge->title, on_screen(camera, middle), out, reach + 4, 0.75, &unused))
    return;
  Point from = on_screen(camera, edge->from), to = on_screen(camera, edge->to);
  const double *end = to.y < from.y ? edge->to : edge->from;
  Point rim = on_screen(camera, (double[]){end[0], end[1], 1});
  place_text(sheet, edge->title, rim, (Point){0, -1}, beside ? 4 : 10, 0.75, &unused);
}

static void
draw_axis(Sheet *sheet, const MgCamera *camera, Edge edge)
{
  Point from = on_screen(camera, edge.from), to = on_screen(camera, edge.to);
  if (hypot(to.x - from.x, to.y - from.y) < 4 * sheet->style->font_size)
    return; /* seen end on */
  Point out = outward_of(camera, &edge);
  mg_source_alpha(sheet->cr, sheet->style->foreground, 0.5);
  cairo_set_line_width(sheet->cr, 1);
  cairo_move_to(sheet->cr, from.x, from.y);
  cairo_line_to(sheet->cr, to.x, to.y);
  cairo_stroke(sheet->cr);
  double reach = 8;
  draw_ticks(sheet, camera, &edge, out, &reach);
  draw_title(sheet, camera, &edge, out, reach);
}

void
mg_surface_axes_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgCamera *camera,
                     const MgSurfaceWorld *world)
{
  Sheet sheet = {cr, style, width, height, g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_t))};
  draw_axis(&sheet, camera, level_edge(camera, world));
  draw_axis(&sheet, camera, time_edge(camera, world));
  draw_axis(&sheet, camera, frequency_edge(camera, world));
  g_array_unref(sheet.taken);
}
