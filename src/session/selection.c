#include "session/selection.h"
#include <string.h>

struct _MgSelection {
  GObject parent;
  char *track;
  double values[4]; /* start, end, low, high */
};

enum { PROP_TRACK = 1, PROP_START, PROP_END, PROP_LOW, PROP_HIGH, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(MgSelection, mg_selection, G_TYPE_OBJECT)

MgSelection *
mg_selection_new(void)
{
  return g_object_new(MG_TYPE_SELECTION, NULL);
}

static void
set(MgSelection *selection, const char *track, const double values[4])
{
  g_object_freeze_notify(G_OBJECT(selection));
  if (g_strcmp0(selection->track, track) != 0) {
    g_autofree char *former = selection->track;
    selection->track = g_strdup(track);
    g_object_notify_by_pspec(G_OBJECT(selection), props[PROP_TRACK]);
  }
  for (int i = 0; i < 4; i++)
    if (selection->values[i] != values[i]) {
      selection->values[i] = values[i];
      g_object_notify_by_pspec(G_OBJECT(selection), props[PROP_START + i]);
    }
  g_object_thaw_notify(G_OBJECT(selection));
}

void
mg_selection_set(MgSelection *selection, const char *track, double start, double end)
{
  set(selection, track, (double[4]){start, end, 0, 0});
}

void
mg_selection_set_box(MgSelection *selection, const char *track, double start, double end, double low, double high)
{
  set(selection, track, (double[4]){start, end, low, high});
}

const char *
mg_selection_track(MgSelection *selection)
{
  return selection->track;
}

double
mg_selection_start(MgSelection *selection)
{
  return selection->values[0];
}

double
mg_selection_end(MgSelection *selection)
{
  return selection->values[1];
}

gboolean
mg_selection_is_stretch(MgSelection *selection)
{
  return selection->track && selection->values[1] > selection->values[0];
}

double
mg_selection_low(MgSelection *selection)
{
  return selection->values[2];
}

double
mg_selection_high(MgSelection *selection)
{
  return selection->values[3];
}

gboolean
mg_selection_is_box(MgSelection *selection)
{
  return mg_selection_is_stretch(selection) && selection->values[3] > selection->values[2];
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  MgSelection *self = MG_SELECTION(object);
  if (id == PROP_TRACK)
    g_value_set_string(value, self->track);
  else
    g_value_set_double(value, self->values[id - PROP_START]);
}

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  MgSelection *self = MG_SELECTION(object);
  double values[4];
  memcpy(values, self->values, sizeof values);
  if (id != PROP_TRACK)
    values[id - PROP_START] = g_value_get_double(value);
  set(self, id == PROP_TRACK ? g_value_get_string(value) : self->track, values);
}

static void
finalize(GObject *object)
{
  g_free(MG_SELECTION(object)->track);
  G_OBJECT_CLASS(mg_selection_parent_class)->finalize(object);
}

static void
mg_selection_class_init(MgSelectionClass *class)
{
  static const char *const numbers[] = {"start", "end", "low", "high"};
  GObjectClass *object = G_OBJECT_CLASS(class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  object->get_property = get_property;
  object->set_property = set_property;
  object->finalize = finalize;
  props[PROP_TRACK] = g_param_spec_string("track", NULL, NULL, NULL, flags);
  for (int i = 0; i < 4; i++)
    props[PROP_START + i] = g_param_spec_double(numbers[i], NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  g_object_class_install_properties(object, N_PROPS, props);
}

static void
mg_selection_init(MgSelection *self)
{
}
