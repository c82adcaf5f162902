#include "session/arrangement.h"

typedef struct {
  MgPane *pane; /* owned */
  double height;
  MgParams *params;
  char **overlays;
} Place;

struct MgArrangement {
  GPtrArray *places; /* Place * */
};

/* Where a surface is seen from. */
static const char *const of_the_eye[] = {"azimuth", "elevation", "zoom", "pan_x", "pan_y", NULL};

static void
free_place(gpointer data)
{
  Place *place = data;
  g_object_unref(place->pane);
  mg_params_free(place->params);
  g_strfreev(place->overlays);
  g_free(place);
}

MgArrangement *
mg_arrangement_new(MgPaneList *list)
{
  MgArrangement *arrangement = g_new(MgArrangement, 1);
  arrangement->places = g_ptr_array_new_with_free_func(free_place);
  for (guint i = 0; i < mg_pane_list_n(list); i++) {
    MgPane *pane = mg_pane_list_get(list, i);
    Place *place = g_new(Place, 1);
    *place = (Place){g_object_ref(pane), mg_pane_height(pane), mg_params_copy(mg_pane_params(pane)),
                     g_strdupv((char **)mg_pane_overlays(pane))};
    g_ptr_array_add(arrangement->places, place);
  }
  return arrangement;
}

void
mg_arrangement_free(MgArrangement *arrangement)
{
  if (!arrangement)
    return;
  g_ptr_array_unref(arrangement->places);
  g_free(arrangement);
}

static const Place *
find(const MgArrangement *arrangement, MgPane *pane)
{
  for (guint i = 0; i < arrangement->places->len; i++)
    if (((const Place *)arrangement->places->pdata[i])->pane == pane)
      return arrangement->places->pdata[i];
  return NULL;
}

/* Names of parameters whose values differ. The two are of one pane and have the same tables. */
static GPtrArray *
differing(const Place *from, const Place *to)
{
  GPtrArray *names = g_ptr_array_new();
  gboolean surface = mg_pane_shows(to->pane) == MG_PANE_SURFACE;
  for (const MgParamTable *const *table = mg_params_tables(to->params); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      gboolean own = mg_params_spec(to->params, name) == &(*table)->specs[i];
      if (own && !(surface && g_strv_contains(of_the_eye, name)) &&
          !g_str_equal(mg_params_text(from->params, name), mg_params_text(to->params, name)))
        g_ptr_array_add(names, (gpointer)name);
    }
  return names;
}

static gboolean
same_panes(const MgArrangement *from, const MgArrangement *to)
{
  gboolean same = from->places->len == to->places->len;
  for (guint i = 0; same && i < to->places->len; i++)
    same = ((const Place *)from->places->pdata[i])->pane == ((const Place *)to->places->pdata[i])->pane;
  return same;
}

MgArranged
mg_arrangement_compare(const MgArrangement *from, const MgArrangement *to, MgPane **pane, const char **name)
{
  guint values = 0;
  if (!same_panes(from, to))
    return MG_ARRANGED_ELSE;
  for (guint i = 0; i < to->places->len; i++) {
    const Place *before = from->places->pdata[i], *after = to->places->pdata[i];
    g_autoptr(GPtrArray) names = differing(before, after);
    if (before->height != after->height ||
        !g_strv_equal((const char *const *)before->overlays, (const char *const *)after->overlays))
      return MG_ARRANGED_ELSE;
    values += names->len;
    if (names->len > 0 && pane)
      *pane = after->pane;
    if (names->len > 0 && name)
      *name = names->pdata[0];
  }
  return values == 0 ? MG_ARRANGED_ALIKE : values == 1 ? MG_ARRANGED_ONE_VALUE : MG_ARRANGED_ELSE;
}

static void
apply_params(const Place *from, const Place *to)
{
  g_autoptr(GPtrArray) names = differing(from, to);
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(to->pane));
  for (guint i = 0; i < names->len; i++)
    mg_params_set(params, names->pdata[i], mg_params_text(to->params, names->pdata[i]), NULL);
  mg_pane_take(to->pane, params);
}

static void
apply_overlays(const Place *from, const Place *to)
{
  const char *const *before = (const char *const *)from->overlays, *const *after = (const char *const *)to->overlays;
  for (char **name = from->overlays; *name; name++)
    if (!g_strv_contains(after, *name))
      mg_pane_set_overlay(to->pane, *name, FALSE);
  for (char **name = to->overlays; *name; name++)
    if (!g_strv_contains(before, *name))
      mg_pane_set_overlay(to->pane, *name, TRUE);
}

void
mg_arrangement_apply(MgPaneList *list, const MgArrangement *from, const MgArrangement *to)
{
  g_autoptr(GPtrArray) panes = g_ptr_array_new();
  for (guint i = 0; i < to->places->len; i++) {
    const Place *after = to->places->pdata[i], *before = find(from, after->pane);
    g_ptr_array_add(panes, after->pane);
    if (!before)
      continue;
    apply_params(before, after);
    apply_overlays(before, after);
    if (before->height != after->height)
      mg_pane_set_height(after->pane, after->height);
  }
  if (!same_panes(from, to))
    mg_pane_list_replace(list, panes);
}
