#include "session/selection.h"

struct _MgSelection {
  GObject parent;
  char *track;
  double start, end;
};

enum { PROP_TRACK = 1, PROP_START, PROP_END, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(MgSelection, mg_selection, G_TYPE_OBJECT)

MgSelection *
mg_selection_new(void)
{
  return g_object_new(MG_TYPE_SELECTION, NULL);
}

void
mg_selection_set(MgSelection *selection, const char *track, double start, double end)
{
  g_object_freeze_notify(G_OBJECT(selection));
  if (g_strcmp0(selection->track, track) != 0) {
    g_autofree char *former = selection->track;
    selection->track = g_strdup(track);
    g_object_notify_by_pspec(G_OBJECT(selection), props[PROP_TRACK]);
  }
  if (selection->start != start) {
    selection->start = start;
    g_object_notify_by_pspec(G_OBJECT(selection), props[PROP_START]);
  }
  if (selection->end != end) {
    selection->end = end;
    g_object_notify_by_pspec(G_OBJECT(selection), props[PROP_END]);
  }
  g_object_thaw_notify(G_OBJECT(selection));
}

const char *
mg_selection_track(MgSelection *selection)
{
  return selection->track;
}

double
mg_selection_start(MgSelection *selection)
{
  return selection->start;
}

double
mg_selection_end(MgSelection *selection)
{
  return selection->end;
}

gboolean
mg_selection_is_stretch(MgSelection *selection)
{
  return selection->track && selection->end > selection->start;
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  MgSelection *self = MG_SELECTION(object);
  if (id == PROP_TRACK)
    g_value_set_string(value, self->track);
  else
    g_value_set_double(value, id == PROP_START ? self->start : self->end);
}

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  MgSelection *self = MG_SELECTION(object);
  mg_selection_set(self, id == PROP_TRACK ? g_value_get_string(value) : self->track,
                   id == PROP_START ? g_value_get_double(value) : self->start,
                   id == PROP_END ? g_value_get_double(value) : self->end);
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
  GObjectClass *object = G_OBJECT_CLASS(class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  object->get_property = get_property;
  object->set_property = set_property;
  object->finalize = finalize;
  props[PROP_TRACK] = g_param_spec_string("track", NULL, NULL, NULL, flags);
  props[PROP_START] = g_param_spec_double("start", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  props[PROP_END] = g_param_spec_double("end", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  g_object_class_install_properties(object, N_PROPS, props);
}

static void
mg_selection_init(MgSelection *self)
{
}
