#include "plot/summary.h"
#include "plot/text.h"
#include "train/explain-summary.h"
#include "ui/results/why-private.h"
#include "ui/widgets/format.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define BRUSH 9.0 /* pixels from its middle to its edge */
#define USUAL_STRENGTH 0.75

/* The picture. */

static MgEvidencePicture
picture_of(const MgWhyPane *pane)
{
  const MgWhyEvidence *evidence = &pane->evidence;
  const MgExplanation *why = pane->explanation;
  return (MgEvidencePicture){.picture = why->input,
                             .map = evidence->answer ? evidence->answer->map : evidence->partial,
                             .kept = evidence->kept,
                             .strength = gtk_range_get_value(GTK_RANGE(evidence->strength)),
                             .start = why->start,
                             .end = why->end,
                             .edges = why->edges,
                             .mel = why->mel};
}

static void
draw_picture(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgWhyPane *pane = data;
  if (!pane->explanation)
    return;
  MgEvidencePicture picture = picture_of(pane);
  MgGeometry g = mg_evidence_layout(&picture, style, width, height);
  mg_evidence_draw(cr, &g, style, &picture);
}

/* The cursor, and the brush under the pointer. */
static void
draw_live(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgWhyPane *pane = data;
  if (!pane->explanation || pane->cursor < 0)
    return;
  MgEvidencePicture picture = picture_of(pane);
  MgGeometry g = mg_evidence_layout(&picture, style, width, height);
  cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
  mg_line_vertical(cr, g.x + pane->cursor * g.width, g.y, g.y + g.height);
  if (pane->evidence.brush_x < 0)
    return;
  cairo_arc(cr, pane->evidence.brush_x, pane->evidence.brush_y, BRUSH, 0, 2 * G_PI);
  cairo_set_line_width(cr, 1.5);
  cairo_stroke(cr);
}

static MgGeometry
geometry_of(MgWhyPane *pane)
{
  MgEvidencePicture picture = picture_of(pane);
  GtkWidget *widget = pane->evidence.picture;
  return mg_evidence_layout(&picture, mg_drawing_style(), gtk_widget_get_width(widget), gtk_widget_get_height(widget));
}

static void
tell_picture(MgWhyPane *pane)
{
  const MgExplanation *why = pane->explanation;
  gtk_widget_set_visible(pane->evidence.picture, why != NULL);
  if (!why)
    return;
  const MgExplainAnswer *answer = pane->evidence.answer;
  g_autofree char *figures = mg_maps_summary(&why->input, 1);
  g_autofree char *picture =
      g_strdup_printf(_("Picture of the segment, %.2f to %.2f s, %s"), why->start, why->end, figures);
  g_autofree char *text = answer ? g_strconcat(picture, ". ", answer->summary, NULL) : g_strdup(picture);
  mg_drawing_set_text(MG_DRAWING(pane->evidence.picture),
                      why->mel ? _("Input: mel spectrogram") : _("Input: spectrogram"), text);
  mg_drawing_changed(MG_DRAWING(pane->evidence.picture));
}

void
mg_why_evidence_pictured(MgWhyPane *pane)
{
  tell_picture(pane);
}

/* The brush. */

/* How far a point is from the way between two others. */
static double
distance_from(double x, double y, double x0, double y0, double x1, double y1)
{
  double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
  double at = length > 0 ? CLAMP(((x - x0) * dx + (y - y0) * dy) / length, 0, 1) : 0;
  return hypot(x - x0 - at * dx, y - y0 - at * dy);
}

/* From where the brush is to (x, y). */
static void
mute_under_brush(MgWhyPane *pane, double x, double y)
{
  MgWhyEvidence *evidence = &pane->evidence;
  MgGeometry g = geometry_of(pane);
  MgMatrix *kept = evidence->kept;
  for (size_t r = 0; r < kept->rows; r++)
    for (size_t c = 0; c < kept->cols; c++) {
      double at_x = g.x + (c + 0.5) / kept->cols * g.width, at_y = g.y + g.height - (r + 0.5) / kept->rows * g.height;
      if (distance_from(at_x, at_y, evidence->brush_x, evidence->brush_y, x, y) <= BRUSH)
        mg_matrix_row(kept, r)[c] = 0;
    }
  evidence->brush_x = x;
  evidence->brush_y = y;
  mg_drawing_changed(MG_DRAWING(evidence->picture));
}

static void
on_brush_begin(GtkGestureDrag *gesture, double x, double y, MgWhyPane *pane)
{
  if (!pane->explanation)
    return;
  if (!pane->evidence.kept) {
    const MgMatrix *input = pane->explanation->input;
    MgMatrix *kept = pane->evidence.kept = mg_matrix_new(input->rows, input->cols, NULL);
    for (size_t i = 0; kept && i < kept->rows * kept->cols; i++)
      kept->data[i] = 1;
  }
  pane->evidence.brush_x = x;
  pane->evidence.brush_y = y;
  if (pane->evidence.kept)
    mute_under_brush(pane, x, y);
}

static void
on_brush(GtkGestureDrag *gesture, double dx, double dy, MgWhyPane *pane)
{
  double x, y;
  if (pane->evidence.kept && gtk_gesture_drag_get_start_point(gesture, &x, &y))
    mute_under_brush(pane, x + dx, y + dy);
}

static void
on_brush_end(GtkGestureDrag *gesture, double dx, double dy, MgWhyPane *pane)
{
  if (pane->evidence.kept)
    mg_why_change_show(pane);
}

void
mg_why_evidence_unmute(MgWhyPane *pane)
{
  g_clear_pointer(&pane->evidence.kept, mg_matrix_free);
  mg_drawing_changed(MG_DRAWING(pane->evidence.picture));
}

/* Time, frequency and level of the place under the pointer. */
static void
tell_readout(MgWhyPane *pane, const MgGeometry *g, double x, double y)
{
  const MgExplanation *why = pane->explanation;
  double row = mg_geometry_from_y(g, y), share = (x - g->x) / g->width;
  gboolean inside = row >= 0 && row < why->input->rows && share >= 0 && share < 1;
  if (!inside) {
    mg_window_set_readout(GTK_WIDGET(pane), NULL, NULL, NULL);
    return;
  }
  size_t r = (size_t)row, frame = (size_t)(share * why->input->cols);
  double hz = why->edges ? why->edges[r] + (row - r) * (why->edges[r + 1] - why->edges[r]) : NAN;
  double db = why->edges ? mg_matrix_row(why->input, r)[frame] : NAN;
  g_autofree char *text = mg_format_readout(why->start + share * (why->end - why->start), hz, db);
  mg_window_set_readout(GTK_WIDGET(pane), text, NULL, NULL);
}

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, MgWhyPane *pane)
{
  if (!pane->explanation)
    return;
  MgGeometry g = geometry_of(pane);
  if (!gtk_gesture_is_active(pane->evidence.drag)) { /* it leads the brush itself */
    pane->evidence.brush_x = x;
    pane->evidence.brush_y = y;
  }
  mg_why_set_cursor(pane, CLAMP((x - g.x) / g.width, 0, 1));
  tell_readout(pane, &g, x, y);
}

static void
on_leave(GtkEventControllerMotion *motion, MgWhyPane *pane)
{
  pane->evidence.brush_x = -1;
  mg_why_set_cursor(pane, -1);
  mg_window_set_readout(GTK_WIDGET(pane), NULL, NULL, NULL);
}

/* Asking. */

static void
show_answer(MgWhyPane *pane)
{
  MgWhyEvidence *evidence = &pane->evidence;
  const MgExplainAnswer *answer = evidence->answer;
  gtk_label_set_text(GTK_LABEL(evidence->sentence), answer ? answer->summary : "");
  gtk_widget_set_visible(evidence->sentence, answer != NULL);
  gtk_widget_set_sensitive(evidence->sounds[1], answer && answer->evidence);
  gtk_widget_set_sensitive(evidence->sounds[2], answer && answer->rest);
  tell_picture(pane);
}

static void
set_working(MgWhyPane *pane, gboolean working)
{
  mg_work_row_set(pane->evidence.working, working, 0, -1);
}

static void
on_progress(double fraction, MgMatrix *map, gpointer data)
{
  MgWhyPane *pane = data;
  if (!map) {
    mg_work_row_set(pane->evidence.working, TRUE, fraction, -1);
    return;
  }
  mg_matrix_free(pane->evidence.partial);
  pane->evidence.partial = map;
  mg_drawing_changed(MG_DRAWING(pane->evidence.picture));
}

/* The list names the method that the answer is of: who has chosen none gets the first that fits the network. */
static void
show_method(MgWhyPane *pane, const MgExplainMethod *method)
{
  guint i = 0;
  while (mg_explain_methods()[i] != method)
    i++;
  pane->evidence.filling = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(pane->evidence.method), i);
  gtk_widget_set_tooltip_text(pane->evidence.method, _(method->help));
  pane->evidence.filling = FALSE;
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgWhyPane) pane = data;
  g_autoptr(GError) error = NULL;
  MgExplainAnswer *answer = mg_explainer_ask_finish(MG_EXPLAINER(source), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_working(pane, FALSE);
  g_clear_pointer(&pane->evidence.partial, mg_matrix_free);
  g_clear_pointer(&pane->evidence.answer, mg_explain_answer_free);
  pane->evidence.answer = answer;
  if (answer)
    show_method(pane, answer->method);
  mg_notice_set(pane->evidence.problem, MG_NOTICE_ERROR, error ? error->message : NULL);
  show_answer(pane);
}

static void
ask(MgWhyPane *pane)
{
  MgWhyEvidence *evidence = &pane->evidence;
  MgExplainRequest request;
  guint method = gtk_drop_down_get_selected(GTK_DROP_DOWN(evidence->method));
  guint class = gtk_drop_down_get_selected(GTK_DROP_DOWN(evidence->class));
  if (evidence->filling || class == GTK_INVALID_LIST_POSITION || !mg_why_request(pane, &request))
    return;
  g_clear_pointer(&evidence->answer, mg_explain_answer_free);
  g_clear_pointer(&evidence->partial, mg_matrix_free);
  mg_notice_set(evidence->problem, MG_NOTICE_ERROR, NULL);
  show_answer(pane);
  set_working(pane, TRUE);
  request.method = evidence->chosen ? mg_explain_methods()[method] : NULL;
  request.label = (int)class;
  mg_explainer_ask_async(pane->explainer, &request, on_progress, mg_why_restart(&evidence->cancellable), on_answer,
                         g_object_ref(pane));
}

static void
stop_asking(MgWhyPane *pane)
{
  g_cancellable_cancel(pane->evidence.cancellable);
  set_working(pane, FALSE);
}

static void
on_method(MgWhyPane *pane)
{
  if (pane->evidence.filling)
    return;
  guint method = gtk_drop_down_get_selected(GTK_DROP_DOWN(pane->evidence.method));
  gtk_widget_set_tooltip_text(pane->evidence.method, _(mg_explain_methods()[method]->help));
  pane->evidence.chosen = TRUE;
  ask(pane);
}

/* The classes of the table, the predicted one chosen. */
static void
fill_classes(MgWhyPane *pane)
{
  int n = mg_result_row_n_classes(pane->row);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (int c = 0; c < n; c++)
    gtk_string_list_append(names, mg_result_row_class(pane->row, c));
  pane->evidence.filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(pane->evidence.class), G_LIST_MODEL(names));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(pane->evidence.class), mg_result_row_prediction(pane->row)->y_pred);
  pane->evidence.filling = FALSE;
}

void
mg_why_evidence_forget(MgWhyPane *pane)
{
  MgWhyEvidence *evidence = &pane->evidence;
  if (evidence->cancellable)
    g_cancellable_cancel(evidence->cancellable);
  g_clear_object(&evidence->cancellable);
  g_clear_pointer(&evidence->answer, mg_explain_answer_free);
  g_clear_pointer(&evidence->partial, mg_matrix_free);
  g_clear_pointer(&evidence->kept, mg_matrix_free);
}

void
mg_why_evidence_show(MgWhyPane *pane)
{
  MgExplainRequest request;
  gboolean any = mg_why_request(pane, &request);
  gtk_widget_set_visible(pane->evidence.box, any);
  set_working(pane, FALSE);
  mg_notice_set(pane->evidence.problem, MG_NOTICE_ERROR, NULL);
  show_answer(pane);
  tell_picture(pane);
  if (!any)
    return;
  fill_classes(pane);
  ask(pane);
}

/* Hearing. */

static void
play_evidence(MgWhyPane *pane)
{
  if (pane->evidence.answer)
    mg_why_sound(pane, pane->evidence.answer->evidence, 0, pane->evidence.answer->seconds);
}

static void
play_rest(MgWhyPane *pane)
{
  if (pane->evidence.answer)
    mg_why_sound(pane, pane->evidence.answer->rest, 0, pane->evidence.answer->seconds);
}

static GtkWidget *
new_sounds(MgWhyPane *pane)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  const char *const names[] = {_("Original"), _("Evidence"), _("Rest")};
  const char *const tips[] = {_("Hear the segment"), _("Hear what holds most of the evidence"),
                              _("Hear the segment without that evidence")};
  const GCallback plays[] = {G_CALLBACK(mg_why_pane_play), G_CALLBACK(play_evidence), G_CALLBACK(play_rest)};
  gtk_widget_add_css_class(box, "linked");
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    pane->evidence.sounds[i] = mg_button_new("media-playback-start-symbolic", names[i], tips[i]);
    gtk_widget_set_hexpand(pane->evidence.sounds[i], TRUE);
    g_signal_connect_swapped(pane->evidence.sounds[i], "clicked", plays[i], pane);
    gtk_box_append(GTK_BOX(box), pane->evidence.sounds[i]);
  }
  return box;
}

/* Building. */

static void
name_control(GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
new_choosers(MgWhyPane *pane)
{
  GtkWidget *box = mg_wrap_box_new(6);
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  for (size_t i = 0; mg_explain_methods()[i]; i++)
    gtk_string_list_append(titles, _(mg_explain_methods()[i]->title));
  pane->evidence.method = gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&titles)), NULL);
  pane->evidence.class = gtk_drop_down_new(NULL, NULL);
  name_control(pane->evidence.method, _("Method"));
  name_control(pane->evidence.class, _("What speaks for this class"));
  gtk_widget_set_tooltip_text(pane->evidence.method, _(mg_explain_methods()[0]->help));
  gtk_widget_set_tooltip_text(pane->evidence.class, _("What speaks for this class"));
  g_signal_connect_swapped(pane->evidence.method, "notify::selected", G_CALLBACK(on_method), pane);
  g_signal_connect_swapped(pane->evidence.class, "notify::selected", G_CALLBACK(ask), pane);
  mg_wrap_box_append(MG_WRAP_BOX(box), pane->evidence.method);
  mg_wrap_box_append(MG_WRAP_BOX(box), pane->evidence.class);
  return box;
}

static GtkWidget *
new_picture(MgWhyPane *pane)
{
  GtkWidget *picture = pane->evidence.picture = mg_drawing_new("evidence", 240, 200);
  GtkGesture *drag = pane->evidence.drag = gtk_gesture_drag_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  mg_drawing_set_funcs(MG_DRAWING(picture), draw_picture, draw_live, pane);
  gtk_widget_set_tooltip_text(picture, _("Drag to mute places, and see what the network says without them"));
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_brush_begin), pane);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_brush), pane);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_brush_end), pane);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), pane);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), pane);
  gtk_widget_add_controller(picture, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(picture, motion);
  return picture;
}

/* A square of the hue and what it says. */
static GtkWidget *
new_key(gboolean speaks_for)
{
  const double *hue = mg_evidence_hue(speaks_for);
  g_autofree char *text =
      g_strdup_printf("<span foreground=\"#%02x%02x%02x\">■</span> %s", (int)(255 * hue[0]), (int)(255 * hue[1]),
                      (int)(255 * hue[2]), speaks_for ? _("speaks for it") : _("speaks against it"));
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_markup(GTK_LABEL(label), text);
  gtk_widget_add_css_class(label, "caption");
  return label;
}

static GtkWidget *
new_strength(MgWhyPane *pane)
{
  GtkWidget *box = mg_wrap_box_new(12), *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.05);
  pane->evidence.strength = scale;
  gtk_range_set_value(GTK_RANGE(scale), USUAL_STRENGTH);
  mg_why_let_wheel_pass(scale);
  gtk_widget_set_size_request(scale, 80, -1);
  gtk_widget_set_hexpand(scale, TRUE);
  gtk_widget_set_tooltip_text(scale, _("Strength of the overlay"));
  name_control(scale, _("Strength of the overlay"));
  mg_wrap_box_append(MG_WRAP_BOX(box), new_key(TRUE));
  mg_wrap_box_append(MG_WRAP_BOX(box), new_key(FALSE));
  mg_wrap_box_append(MG_WRAP_BOX(box), scale);
  return box;
}

GtkWidget *
mg_why_evidence_new(MgWhyPane *pane)
{
  GtkWidget *box = pane->evidence.box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  pane->evidence.brush_x = -1;
  pane->evidence.sentence = mg_why_line(NULL);
  gtk_label_set_selectable(GTK_LABEL(pane->evidence.sentence), TRUE);
  pane->evidence.problem = mg_notice_new();
  pane->evidence.working = mg_why_working(_("What decided"), G_CALLBACK(stop_asking), pane);
  GtkWidget *strength = new_strength(pane), *picture = new_picture(pane);
  GtkWidget *const parts[] = {mg_why_heading(_("What decided")),
                              pane->evidence.sentence,
                              new_choosers(pane),
                              GTK_WIDGET(pane->evidence.working),
                              pane->evidence.problem,
                              picture,
                              strength,
                              new_sounds(pane)};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  g_signal_connect_swapped(pane->evidence.strength, "value-changed", G_CALLBACK(mg_drawing_changed), picture);
  return box;
}
