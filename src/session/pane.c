#include "session/pane.h"
#include "base/error.h"
#include "dsp/decibel.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "plot/surface-params.h"
#include <glib/gi18n-lib.h>

/* A pane that shows no feature. */
typedef struct {
  const char *type, *title; /* N_() */
  MgPaneShow shows;
  double height;
  const MgParamTable *tables[7]; /* NULL-terminated */
} Plain;

/* One line each. */
static const Plain plain[] = {
    {MG_PANE_WAVEFORM, N_("Waveform"), MG_PANE_WAVE, 1, {NULL}},
    {MG_PANE_LABELS, N_("Labels"), MG_PANE_MARKS, 0.01, {NULL}},
    {MG_PANE_PREDICTIONS, N_("Predictions"), MG_PANE_RIBBON, 1, {&mg_ribbon_params}},
    {MG_PANE_3D,
     N_("3D spectrogram"),
     MG_PANE_SURFACE,
     6,
     {&mg_surface_params, &mg_surface_pane_params, &mg_decibel_params, &mg_stft_params, &mg_mel_params,
      &mg_audio_params}},
};

struct _MgPane {
  GObject parent;
  const MgFeature *feature; /* NULL: */
  const Plain *plain;
  MgParams *params;
  GPtrArray *overlays; /* char *, NULL-terminated */
  double height;
};

G_DEFINE_FINAL_TYPE(MgPane, mg_pane, G_TYPE_OBJECT)

enum { CHANGED, OVERLAYS, N_SIGNALS };
static guint signals[N_SIGNALS];

gboolean
mg_pane_can_show(const MgFeature *feature)
{
  return feature->kind == MG_FEATURE_PICTURE || feature->kind == MG_FEATURE_SOUND || feature->kind == MG_FEATURE_CURVE;
}

static gboolean
is_in_hz(const MgFeature *feature)
{
  return g_strcmp0(feature->unit, "Hz") == 0;
}

gboolean
mg_pane_can_overlay(const MgFeature *feature)
{
  return feature->kind == MG_FEATURE_EVENTS || feature->kind == MG_FEATURE_NUMBER ||
         (feature->kind == MG_FEATURE_CURVE && is_in_hz(feature));
}

/* The STFT and the mel spectrogram are what the tiles are made of. */
static gboolean
is_of_tiles(const MgFeature *feature)
{
  return g_str_equal(feature->name, "stft") || g_str_equal(feature->name, "melspectrogram");
}

MgPaneShow
mg_pane_shows(MgPane *pane)
{
  const MgFeature *feature = pane->feature;
  if (!feature)
    return pane->plain->shows;
  if (feature->kind == MG_FEATURE_CURVE)
    return MG_PANE_CURVE;
  return is_of_tiles(feature) ? MG_PANE_TILES : MG_PANE_PICTURE;
}

gboolean
mg_pane_has_frequencies(MgPane *pane)
{
  const MgFeature *feature = pane->feature;
  if (!feature)
    return FALSE;
  if (feature->kind == MG_FEATURE_CURVE)
    return is_in_hz(feature);
  return feature->kind == MG_FEATURE_SOUND || feature->axis == MG_AXIS_HZ || feature->axis == MG_AXIS_MEL ||
         feature->axis == MG_AXIS_NOTE;
}

static void
add_table(GPtrArray *tables, const MgParamTable *table)
{
  if (!g_ptr_array_find(tables, table, NULL))
    g_ptr_array_add(tables, (gpointer)table);
}

static const MgParamTable *
look_of_values(const MgFeature *feature)
{
  if (feature->kind == MG_FEATURE_CURVE)
    return &mg_curve_params;
  return g_strcmp0(feature->unit, "rad") == 0 ? &mg_phase_params : &mg_value_params;
}

/* How it is shown comes first, then what is computed. */
static MgParams *
new_params(const MgFeature *feature, const Plain *without)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  gboolean levels = feature && (feature->kind == MG_FEATURE_SOUND ||
                                (feature->kind == MG_FEATURE_PICTURE && feature->scale != MG_SCALE_LINEAR));
  for (size_t i = 0; without && without->tables[i]; i++)
    add_table(tables, without->tables[i]);
  if (levels)
    add_table(tables, &mg_picture_params);
  else if (feature)
    add_table(tables, look_of_values(feature));
  if (levels)
    add_table(tables, &mg_decibel_params);
  for (size_t i = 0; feature && feature->tables[i]; i++)
    add_table(tables, feature->tables[i]);
  if (feature && feature->kind == MG_FEATURE_SOUND)
    add_table(tables, &mg_stft_params);
  if (feature)
    add_table(tables, &mg_audio_params);
  g_ptr_array_add(tables, NULL);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

static const Plain *
find_plain(const char *type)
{
  for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
    if (g_str_equal(plain[i].type, type))
      return &plain[i];
  return NULL;
}

MgPane *
mg_pane_new(const char *type, GError **error)
{
  const Plain *without = find_plain(type);
  const MgFeature *feature = without ? NULL : mg_feature_find(type, error);
  if (!without && !feature)
    return NULL;
  if (feature && !mg_pane_can_show(feature)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: expected a picture, a sound or a curve"), type);
    return NULL;
  }
  MgPane *pane = g_object_new(MG_TYPE_PANE, NULL);
  pane->feature = feature;
  pane->plain = without;
  pane->params = new_params(feature, without);
  pane->height = without ? without->height : mg_pane_shows(pane) == MG_PANE_TILES ? 2 : 1;
  return pane;
}

const char *
mg_pane_type(MgPane *pane)
{
  return pane->feature ? pane->feature->name : pane->plain->type;
}

const char *
mg_pane_title(MgPane *pane)
{
  return _(pane->feature ? pane->feature->title : pane->plain->title);
}

const MgFeature *
mg_pane_feature(MgPane *pane)
{
  return pane->feature;
}

const MgParams *
mg_pane_params(MgPane *pane)
{
  return pane->params;
}

gboolean
mg_pane_has_params(MgPane *pane)
{
  return *mg_params_tables(pane->params) != NULL;
}

void
mg_pane_take(MgPane *pane, const MgParams *params)
{
  g_autofree char *before = mg_params_key(pane->params, NULL);
  mg_params_take(pane->params, params);
  g_autofree char *after = mg_params_key(pane->params, NULL);
  if (!g_str_equal(before, after))
    g_signal_emit(pane, signals[CHANGED], 0);
}

static gboolean
is_of_the_look(const MgParamTable *table)
{
  return table == &mg_picture_params || table == &mg_phase_params || table == &mg_value_params ||
         table == &mg_curve_params || table == &mg_decibel_params || table == &mg_surface_params ||
         table == &mg_surface_pane_params;
}

char *
mg_pane_differences(MgPane *pane)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (const MgParamTable *const *table = mg_params_tables(pane->params); *table; table++)
    for (size_t i = 0; !is_of_the_look(*table) && i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (mg_params_spec(pane->params, name) == &(*table)->specs[i] && !mg_params_is_default(pane->params, name))
        g_string_append_printf(text, "%s%s %s", text->len ? " · " : "", name, mg_params_text(pane->params, name));
    }
  return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

double
mg_pane_height(MgPane *pane)
{
  return pane->height;
}

void
mg_pane_set_height(MgPane *pane, double height)
{
  pane->height = CLAMP(height, 0.01, 1e4);
}

const char *const *
mg_pane_overlays(MgPane *pane)
{
  return (const char *const *)pane->overlays->pdata;
}

gboolean
mg_pane_has_overlay(MgPane *pane, const char *name)
{
  return g_strv_contains(mg_pane_overlays(pane), name);
}

void
mg_pane_set_overlay(MgPane *pane, const char *name, gboolean on)
{
  if (mg_pane_has_overlay(pane, name) == on)
    return;
  if (on)
    g_ptr_array_insert(pane->overlays, (int)pane->overlays->len - 1, g_strdup(name));
  for (guint i = 0; !on && i + 1 < pane->overlays->len; i++)
    if (g_str_equal(pane->overlays->pdata[i], name)) {
      g_ptr_array_remove_index(pane->overlays, i);
      break;
    }
  g_signal_emit(pane, signals[OVERLAYS], 0);
}

static void
finalize(GObject *object)
{
  MgPane *pane = MG_PANE(object);
  mg_params_free(pane->params);
  g_ptr_array_unref(pane->overlays);
  G_OBJECT_CLASS(mg_pane_parent_class)->finalize(object);
}

static void
mg_pane_class_init(MgPaneClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OVERLAYS] = g_signal_new("overlays", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_pane_init(MgPane *pane)
{
  pane->overlays = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(pane->overlays, NULL);
  pane->height = 1;
}
