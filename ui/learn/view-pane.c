/* Explore's panes in a lesson: all sections [view pane] in one stack, on one time axis, with the lesson's sound. */
#include "session/label-track.h"
#include "ui/explore/pane-stack.h"
#include "ui/explore/views/ruler.h"
#include "ui/learn/views.h"
#include "ui/widgets/notice.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define PANE_HEIGHT 190 /* logical pixels, a pane */

typedef struct {
  MgLessonStage *stage;
  GtkWidget *notice;
  MgPaneList *panes;
  GPtrArray *views; /* const MgLessonSection *, of each pane */
  MgTimeline *timeline;
  MgSelection *selection;
  MgTools *tools;
  MgPaneStack *frames;
  MgSound *sound;
  MgTilesStore *tiles;
  MgAnalysisStore *analyses;
  GCancellable *opening;
  gboolean filling;
  guint tick;
} Panes;

static void
close_sound(Panes *panes)
{
  g_cancellable_cancel(panes->opening);
  g_clear_object(&panes->opening);
  if (panes->sound)
    mg_sound_stop(panes->sound);
  g_clear_object(&panes->sound);
  g_clear_object(&panes->analyses);
}

static void
free_panes(gpointer data)
{
  Panes *panes = data;
  close_sound(panes);
  g_clear_pointer(&panes->tiles, mg_tiles_store_free);
  g_object_unref(panes->panes);
  g_ptr_array_unref(panes->views);
  g_object_unref(panes->timeline);
  g_object_unref(panes->selection);
  g_object_unref(panes->tools);
  g_object_unref(panes->stage);
  g_free(panes);
}

static Panes *
panes_of(GtkWidget *box)
{
  return g_object_get_data(G_OBJECT(box), "panes");
}

static void
supply(Panes *panes)
{
  MgPaneSources sources = {.path = panes->sound ? mg_sound_path(panes->sound) : NULL,
                           .sound = panes->sound,
                           .tiles = panes->tiles,
                           .analyses = panes->analyses,
                           .runs = "",
                           .library = mg_workspace_library(mg_lesson_stage_workspace(panes->stage))};
  if (!panes->sound)
    return;
  mg_tiles_store_update(panes->tiles, panes->panes);
  for (guint i = 0; i < mg_pane_list_n(panes->panes); i++)
    mg_pane_frame_supply(mg_pane_stack_frame(panes->frames, mg_pane_list_get(panes->panes, i)), &sources);
}

static void
take_sound(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) box = data;
  g_autoptr(GError) error = NULL;
  MgSound *sound = mg_sound_open_finish(result, &error);
  Panes *panes = panes_of(box);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !panes)
    return;
  mg_notice_set(panes->notice, MG_NOTICE_ERROR, error ? error->message : NULL);
  if (!sound)
    return;
  MgTilesStore *former = panes->tiles;
  double from = mg_timeline_from(panes->timeline), to = mg_timeline_to(panes->timeline);
  gboolean same = mg_timeline_duration(panes->timeline) == mg_sound_duration(sound);
  close_sound(panes);
  panes->sound = sound;
  if (!same)
    mg_timeline_set_duration(panes->timeline, mg_sound_duration(sound));
  else
    mg_timeline_show(panes->timeline, from, to);
  panes->tiles = mg_tiles_store_new(mg_sound_path(sound));
  panes->analyses = mg_analysis_store_new(mg_sound_path(sound), mg_sound_duration(sound), mg_sound_sr(sound));
  mg_selection_set(panes->selection, mg_sound_path(sound), 0, 0);
  supply(panes);
  mg_tiles_store_free(former);
}

static void
open_sound(MgLessonStage *stage, GtkWidget *box)
{
  Panes *panes = panes_of(box);
  g_cancellable_cancel(panes->opening);
  g_clear_object(&panes->opening);
  panes->opening = g_cancellable_new();
  mg_sound_open_async(mg_lesson_stage_path(stage), panes->opening, take_sound, g_object_ref(box));
}

/* Parameters. */

static gboolean
set_params(Panes *panes, MgPane *pane, const MgLessonSection *view, GError **error)
{
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(pane));
  for (guint i = 0; i < view->entries->len; i++) {
    const MgLessonEntry *entry = view->entries->pdata[i];
    g_autoptr(GError) problem = NULL;
    if (entry->language || g_str_equal(entry->key, "type") || g_str_equal(entry->key, "title"))
      continue;
    const char *value = mg_lesson_state_value(mg_lesson_stage_state(panes->stage), view, entry->key);
    if (mg_params_has(params, entry->key) && mg_params_set(params, entry->key, value, &problem))
      continue;
    mg_lesson_error(error, mg_lesson_state_file(mg_lesson_stage_state(panes->stage)), entry->line, "%s",
                    problem ? problem->message : _("expected a parameter of this pane"));
    return FALSE;
  }
  mg_pane_take(pane, params);
  return TRUE;
}

static void
follow(MgLessonStage *stage, GtkWidget *box)
{
  Panes *panes = panes_of(box);
  g_autoptr(GError) error = NULL;
  panes->filling = TRUE;
  for (guint i = 0; i < panes->views->len && !error; i++)
    set_params(panes, mg_pane_list_get(panes->panes, i), panes->views->pdata[i], &error);
  panes->filling = FALSE;
  if (error)
    mg_notice_set(panes->notice, MG_NOTICE_ERROR, error->message);
}

/* A surface is turned by hand: the controls that its section names follow. */
static void
follow_hand(MgPane *pane, GtkWidget *box)
{
  Panes *panes = panes_of(box);
  supply(panes);
  guint place = mg_pane_list_find(panes->panes, pane);
  const MgLessonSection *view = place < panes->views->len ? panes->views->pdata[place] : NULL;
  for (guint i = 0; view && !panes->filling && i < view->entries->len; i++) {
    const MgLessonEntry *entry = view->entries->pdata[i];
    if (mg_lesson_state_get(mg_lesson_stage_state(panes->stage), entry->value) &&
        mg_params_has(mg_pane_params(pane), entry->key))
      mg_lesson_stage_set(panes->stage, entry->value, mg_params_text(mg_pane_params(pane), entry->key));
  }
}

/* The cursor follows the ear. */

static gboolean
follow_player(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Panes *panes = panes_of(widget);
  MgPlayer *player = mg_workspace_player(mg_lesson_stage_workspace(panes->stage));
  if (mg_player_state(player) == MG_PLAYER_PLAYING &&
      g_strcmp0(mg_player_path(player), mg_lesson_stage_path(panes->stage)) == 0) {
    mg_timeline_set_cursor(panes->timeline, mg_player_position(player));
    return G_SOURCE_CONTINUE;
  }
  panes->tick = 0;
  mg_timeline_set_cursor(panes->timeline, 0);
  return G_SOURCE_REMOVE;
}

static void
follow_state(MgPlayer *player, GParamSpec *pspec, GtkWidget *box)
{
  Panes *panes = panes_of(box);
  if (mg_player_state(player) == MG_PLAYER_PLAYING && !panes->tick)
    panes->tick = gtk_widget_add_tick_callback(box, follow_player, NULL, NULL);
}

static void
tell_readout(MgTimeline *timeline, GtkWidget *box)
{
  Panes *panes = panes_of(box);
  g_autofree char *text = NULL;
  for (guint i = 0; i < mg_pane_list_n(panes->panes) && !text; i++)
    text = mg_view_readout(mg_pane_frame_view(mg_pane_stack_frame(panes->frames, mg_pane_list_get(panes->panes, i))),
                           MG_READOUT_WHOLE);
  mg_window_set_readout(box, text, NULL, NULL);
}

/* A lesson's panes stay; they may be made higher and change places. */
static void
act(MgPaneStack *stack, MgPane *pane, const char *what, GtkWidget *box)
{
  if (g_str_equal(what, "taller") || g_str_equal(what, "lower"))
    mg_pane_stack_scale(stack, pane, g_str_equal(what, "taller") ? 1.25 : 0.8);
}

static void
fill_list(Panes *panes)
{
  const GPtrArray *sections = mg_lesson_sections(mg_lesson_state_file(mg_lesson_stage_state(panes->stage)));
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < sections->len && !error; i++) {
    const MgLessonSection *section = sections->pdata[i];
    if (!g_str_equal(section->kind, "view") || !g_str_equal(section->name, "pane"))
      continue;
    const char *type = mg_lesson_state_value(mg_lesson_stage_state(panes->stage), section, "type");
    MgPane *pane = mg_pane_new(type ? type : "", &error);
    if (!pane || !set_params(panes, pane, section, &error)) {
      g_clear_object(&pane);
      continue;
    }
    g_ptr_array_add(list, pane);
    g_ptr_array_add(panes->views, (gpointer)section);
  }
  if (list->len > 0)
    mg_pane_list_replace(panes->panes, list);
  mg_notice_set(panes->notice, MG_NOTICE_ERROR, error ? error->message : NULL);
}

GtkWidget *
mg_lesson_pane_new(MgLessonStage *stage, const MgLessonSection *view)
{
  const MgLessonFile *file = mg_lesson_state_file(mg_lesson_stage_state(stage));
  if (view != mg_lesson_section(file, "view", "pane"))
    return NULL;
  Panes *panes = g_new0(Panes, 1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *ruler = mg_ruler_new();
  panes->stage = g_object_ref(stage);
  panes->notice = mg_notice_new();
  panes->panes = mg_pane_list_new();
  panes->views = g_ptr_array_new();
  panes->timeline = mg_timeline_new();
  panes->selection = mg_selection_new();
  panes->tools = mg_tools_new();
  g_object_set_data_full(G_OBJECT(box), "panes", panes, free_panes);
  fill_list(panes);
  GtkWidget *frames = mg_pane_stack_new(panes->panes, panes->timeline, panes->selection, panes->tools);
  panes->frames = MG_PANE_STACK(frames);
  mg_view_set_up(MG_VIEW(ruler), panes->timeline, panes->selection, panes->tools);
  gtk_widget_set_size_request(frames, -1, PANE_HEIGHT * (int)MAX(panes->views->len, 1));
  gtk_widget_set_vexpand(frames, TRUE);
  gtk_widget_set_vexpand(box, TRUE);
  gtk_box_append(GTK_BOX(box), panes->notice);
  gtk_box_append(GTK_BOX(box), ruler);
  gtk_box_append(GTK_BOX(box), frames);
  gtk_widget_set_visible(ruler, panes->views->len > 0);
  gtk_widget_set_visible(frames, panes->views->len > 0);
  for (guint i = 0; i < mg_pane_list_n(panes->panes); i++)
    g_signal_connect_object(mg_pane_list_get(panes->panes, i), "changed", G_CALLBACK(follow_hand), box, 0);
  g_signal_connect_object(frames, "act", G_CALLBACK(act), box, 0);
  g_signal_connect_object(panes->timeline, "moved", G_CALLBACK(tell_readout), box, 0);
  g_signal_connect_object(stage, "changed", G_CALLBACK(follow), box, 0);
  g_signal_connect_object(stage, "sound", G_CALLBACK(open_sound), box, 0);
  g_signal_connect_object(mg_workspace_player(mg_lesson_stage_workspace(stage)), "notify::state",
                          G_CALLBACK(follow_state), box, 0);
  return box;
}
