#include "ui/explore/pane-stack.h"
#include <glib/gi18n.h>
#include <math.h>

#define GRIP 5 /* logical pixels between two panes */

struct _MgPaneStack {
  GtkWidget parent;
  MgPaneList *panes;
  MgTimeline *timeline;
  MgSelection *selection;
  MgTools *tools;
  GPtrArray *frames; /* MgPaneFrame *, in the list's order */
  GPtrArray *grips;  /* GtkWidget *: grip i lies below frame i */
  GArray *heights;   /* double: what each frame got at last */
  double grabbed_above, grabbed_below;
};

G_DEFINE_FINAL_TYPE(MgPaneStack, mg_pane_stack, GTK_TYPE_WIDGET)

enum { SELECTED, ACT, RESIZED, CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

MgPaneFrame *
mg_pane_stack_frame(MgPaneStack *stack, MgPane *pane)
{
  for (guint i = 0; i < stack->frames->len; i++)
    if (mg_pane_frame_pane(stack->frames->pdata[i]) == pane)
      return stack->frames->pdata[i];
  return NULL;
}

void
mg_pane_stack_select(MgPaneStack *stack, MgPane *pane)
{
  for (guint i = 0; i < stack->frames->len; i++)
    mg_pane_frame_set_selected(stack->frames->pdata[i], mg_pane_frame_pane(stack->frames->pdata[i]) == pane);
}

static void
pass_selected(MgPaneFrame *frame, MgPaneStack *stack)
{
  g_signal_emit(stack, signals[SELECTED], 0, mg_pane_frame_pane(frame));
}

static void
pass_act(MgPaneFrame *frame, const char *what, MgPaneStack *stack)
{
  g_signal_emit(stack, signals[ACT], 0, mg_pane_frame_pane(frame), what);
}

static double
height_of(MgPaneStack *stack, guint i)
{
  return i < stack->heights->len ? g_array_index(stack->heights, double, i) : 0;
}

/* The frame goes where the pointer is: past the middle of a neighbour they change places. */
static void
drag_frame(MgPaneFrame *frame, double y, MgPaneStack *stack)
{
  MgPane *pane = mg_pane_frame_pane(frame);
  guint i = mg_pane_list_find(stack->panes, pane);
  if (i > 0 && y < -GRIP - height_of(stack, i - 1) / 2)
    mg_pane_list_move(stack->panes, pane, -1);
  else if (i + 1 < stack->frames->len && y > height_of(stack, i) + GRIP + height_of(stack, i + 1) / 2)
    mg_pane_list_move(stack->panes, pane, 1);
}

static MgPaneFrame *
new_frame(MgPaneStack *stack, MgPane *pane)
{
  GtkWidget *frame = mg_pane_frame_new(pane, stack->timeline, stack->selection, stack->tools);
  g_signal_connect(frame, "selected", G_CALLBACK(pass_selected), stack);
  g_signal_connect(frame, "act", G_CALLBACK(pass_act), stack);
  g_signal_connect(frame, "dragged", G_CALLBACK(drag_frame), stack);
  gtk_widget_set_parent(frame, GTK_WIDGET(stack));
  return MG_PANE_FRAME(frame);
}

/* Heights beyond the least ones become the shares, so that all other panes stay as they are. */
static void
take_heights(MgPaneStack *stack)
{
  for (guint i = 0; i < stack->frames->len; i++) {
    MgPaneFrame *frame = stack->frames->pdata[i];
    mg_pane_set_height(mg_pane_frame_pane(frame), MAX(1, height_of(stack, i) - mg_pane_frame_least(frame)));
  }
}

void
mg_pane_stack_scale(MgPaneStack *stack, MgPane *pane, double factor)
{
  take_heights(stack);
  mg_pane_set_height(pane, mg_pane_height(pane) * factor);
  gtk_widget_queue_allocate(GTK_WIDGET(stack));
  g_signal_emit(stack, signals[RESIZED], 0);
}

static guint
place_of_grip(MgPaneStack *stack, GtkGestureDrag *gesture)
{
  guint i = 0;
  g_ptr_array_find(stack->grips, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture)), &i);
  return i;
}

static void
begin_resize(GtkGestureDrag *gesture, double x, double y, MgPaneStack *stack)
{
  guint i = place_of_grip(stack, gesture);
  stack->grabbed_above = height_of(stack, i);
  stack->grabbed_below = height_of(stack, i + 1);
  take_heights(stack);
}

/* The grip moves with the pointer, and with it the point that offsets are counted from. */
static void
resize(GtkGestureDrag *gesture, double dx, double dy, MgPaneStack *stack)
{
  guint i = place_of_grip(stack, gesture);
  if (i + 1 >= stack->frames->len)
    return;
  MgPaneFrame *above = stack->frames->pdata[i], *below = stack->frames->pdata[i + 1];
  double least_above = mg_pane_frame_least(above), least_below = mg_pane_frame_least(below);
  double moved = height_of(stack, i) - stack->grabbed_above + dy;
  moved = CLAMP(moved, least_above - stack->grabbed_above + 1, MAX(1, stack->grabbed_below - least_below - 1));
  mg_pane_set_height(mg_pane_frame_pane(above), stack->grabbed_above + moved - least_above);
  mg_pane_set_height(mg_pane_frame_pane(below), stack->grabbed_below - moved - least_below);
  gtk_widget_queue_allocate(GTK_WIDGET(stack));
}

static void
end_resize(GtkGestureDrag *gesture, double dx, double dy, MgPaneStack *stack)
{
  g_signal_emit(stack, signals[RESIZED], 0);
}

static GtkWidget *
new_grip(MgPaneStack *stack)
{
  GtkWidget *grip = gtk_separator_new(GTK_ORIENTATION_HORIZONTAL);
  GtkGesture *gesture = gtk_gesture_drag_new();
  gtk_widget_add_css_class(grip, "pane-grip");
  gtk_widget_set_cursor_from_name(grip, "row-resize");
  gtk_widget_set_tooltip_text(grip, _("Drag to resize the panes (Alt+Plus, Alt+Minus)"));
  g_signal_connect(gesture, "drag-begin", G_CALLBACK(begin_resize), stack);
  g_signal_connect(gesture, "drag-update", G_CALLBACK(resize), stack);
  g_signal_connect(gesture, "drag-end", G_CALLBACK(end_resize), stack);
  gtk_widget_add_controller(grip, GTK_EVENT_CONTROLLER(gesture));
  gtk_widget_set_parent(grip, GTK_WIDGET(stack));
  return grip;
}

static void
fit_grips(MgPaneStack *stack)
{
  guint wanted = stack->frames->len > 0 ? stack->frames->len - 1 : 0;
  while (stack->grips->len < wanted)
    g_ptr_array_add(stack->grips, new_grip(stack));
  while (stack->grips->len > wanted)
    gtk_widget_unparent(g_ptr_array_steal_index(stack->grips, stack->grips->len - 1));
}

static void
follow_list(MgPaneStack *stack)
{
  g_autoptr(GPtrArray) former = stack->frames;
  stack->frames = g_ptr_array_new();
  for (guint i = 0; i < mg_pane_list_n(stack->panes); i++) {
    MgPane *pane = mg_pane_list_get(stack->panes, i);
    MgPaneFrame *frame = NULL;
    for (guint k = 0; k < former->len && !frame; k++)
      if (mg_pane_frame_pane(former->pdata[k]) == pane)
        frame = g_ptr_array_steal_index(former, k);
    frame = frame ? frame : new_frame(stack, pane);
    gtk_widget_insert_before(GTK_WIDGET(frame), GTK_WIDGET(stack), NULL); /* the order of the Tab key */
    g_ptr_array_add(stack->frames, frame);
  }
  for (guint k = 0; k < former->len; k++)
    gtk_widget_unparent(former->pdata[k]);
  fit_grips(stack);
  gtk_widget_queue_resize(GTK_WIDGET(stack));
  g_signal_emit(stack, signals[CHANGED], 0);
}

GtkWidget *
mg_pane_stack_new(MgPaneList *panes, MgTimeline *timeline, MgSelection *selection, MgTools *tools)
{
  MgPaneStack *stack = g_object_new(MG_TYPE_PANE_STACK, NULL);
  stack->panes = g_object_ref(panes);
  stack->timeline = g_object_ref(timeline);
  stack->selection = g_object_ref(selection);
  stack->tools = g_object_ref(tools);
  g_signal_connect_object(panes, "items-changed", G_CALLBACK(follow_list), stack, G_CONNECT_SWAPPED);
  follow_list(stack);
  return GTK_WIDGET(stack);
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *least, int *natural, int *least_baseline,
        int *natural_baseline)
{
  MgPaneStack *stack = MG_PANE_STACK(widget);
  *least = 0;
  for (guint i = 0; i < stack->frames->len; i++) {
    int one;
    gtk_widget_measure(stack->frames->pdata[i], orientation, -1, &one, NULL, NULL, NULL);
    *least = orientation == GTK_ORIENTATION_VERTICAL ? *least + one + (i > 0 ? GRIP : 0) : MAX(*least, one);
  }
  *natural = *least;
}

static void
share_heights(MgPaneStack *stack, int height)
{
  double spare = height, shares = 0;
  guint n = stack->frames->len;
  for (guint i = 0; i < n; i++) {
    spare -= mg_pane_frame_least(stack->frames->pdata[i]) + (i > 0 ? GRIP : 0);
    shares += mg_pane_height(mg_pane_frame_pane(stack->frames->pdata[i]));
  }
  g_array_set_size(stack->heights, n);
  double taken = 0, given = 0; /* rounded together, so that nothing is left over */
  for (guint i = 0; i < n; i++) {
    MgPaneFrame *frame = stack->frames->pdata[i];
    taken += mg_pane_height(mg_pane_frame_pane(frame)) / shares * MAX(spare, 0);
    double more = round(taken) - given;
    given += more;
    g_array_index(stack->heights, double, i) = mg_pane_frame_least(frame) + more;
  }
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  MgPaneStack *stack = MG_PANE_STACK(widget);
  int y = 0;
  share_heights(stack, height);
  for (guint i = 0; i < stack->frames->len; i++) {
    int own = (int)height_of(stack, i);
    gtk_widget_size_allocate(stack->frames->pdata[i], &(GtkAllocation){0, y, width, own}, -1);
    y += own;
    if (i >= stack->grips->len)
      break;
    gtk_widget_measure(stack->grips->pdata[i], GTK_ORIENTATION_VERTICAL, -1, NULL, NULL, NULL, NULL);
    gtk_widget_size_allocate(stack->grips->pdata[i], &(GtkAllocation){0, y, width, GRIP}, -1);
    y += GRIP;
  }
}

static void
dispose(GObject *object)
{
  MgPaneStack *stack = MG_PANE_STACK(object);
  for (guint i = 0; stack->frames && i < stack->frames->len; i++)
    gtk_widget_unparent(stack->frames->pdata[i]);
  for (guint i = 0; stack->grips && i < stack->grips->len; i++)
    gtk_widget_unparent(stack->grips->pdata[i]);
  g_clear_pointer(&stack->frames, g_ptr_array_unref);
  g_clear_pointer(&stack->grips, g_ptr_array_unref);
  g_clear_object(&stack->panes);
  g_clear_object(&stack->timeline);
  g_clear_object(&stack->selection);
  g_clear_object(&stack->tools);
  G_OBJECT_CLASS(mg_pane_stack_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_array_unref(MG_PANE_STACK(object)->heights);
  G_OBJECT_CLASS(mg_pane_stack_parent_class)->finalize(object);
}

static void
mg_pane_stack_class_init(MgPaneStackClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  GTK_WIDGET_CLASS(class)->measure = measure;
  GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "panes");
  signals[SELECTED] =
      g_signal_new("selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MG_TYPE_PANE);
  signals[ACT] =
      g_signal_new("act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, MG_TYPE_PANE, G_TYPE_STRING);
  signals[RESIZED] = g_signal_new("resized", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_pane_stack_init(MgPaneStack *stack)
{
  stack->frames = g_ptr_array_new();
  stack->grips = g_ptr_array_new();
  stack->heights = g_array_new(FALSE, FALSE, sizeof(double));
}
