/* What is done with the tracks that are selected, by keys and buttons. */
#include "ui/dataset/tracks-view-private.h"
#include "dataset/edit-names.h"
#include "dataset/store-suggestions.h"
#include "session/track-edits.h"
#include "ui/dataset/class-list.h"
#include "ui/widgets/ask-name.h"
#include "ui/window.h"
#include <glib/gi18n.h>

static GArray *
selected_ids(MgTracksView *view)
{
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(view->selection));
  GtkBitsetIter iter;
  guint position;
  for (gboolean more = gtk_bitset_iter_init_first(&iter, set, &position); more;
       more = gtk_bitset_iter_next(&iter, &position)) {
    gint64 id = mg_track_list_id(view->list, position);
    g_array_append_val(ids, id);
  }
  return ids;
}

/* The track after the last one that is selected: where the hand goes on. */
static gint64
next_id(MgTracksView *view)
{
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(view->selection));
  return gtk_bitset_is_empty(set) ? 0 : mg_track_list_id(view->list, gtk_bitset_get_maximum(set) + 1);
}

/* Tells a failure, or what was done with a way back; then goes on with the next track. */
static void
finish(MgTracksView *view, gboolean changed, const GError *error, const char *text, gint64 next)
{
  if (error)
    mg_window_toast(GTK_WIDGET(view), error->message);
  else if (changed)
    mg_window_toast_undo(GTK_WIDGET(view), text);
  view->wanted = next;
  if (!changed)
    mg_tracks_view_go_on(view);
}

/* One value for all; `what` for the database, `text` for the person. */
static void
edit(MgTracksView *view, const GArray *ids, MgTrackField field, const char *value, const char *what, const char *text)
{
  g_autoptr(GError) error = NULL;
  gint64 next = next_id(view);
  gboolean changed =
      mg_workspace_edit_tracks(view->workspace, field, value, (const gint64 *)ids->data, ids->len, what, &error);
  finish(view, changed, error, text, next);
}

/* What was drawn to be checked has been: the list may have become shorter though no class is another. */
static void
note_checks(MgTracksView *view, const GArray *ids, const char *label)
{
  for (guint i = 0; i < ids->len; i++)
    mg_store_check_suggestion(mg_workspace_store(view->workspace), g_array_index(ids, gint64, i), label, NULL);
  mg_workspace_tell_edit(view->workspace, 0);
}

static void
give_class(MgTracksView *view, const char *label)
{
  g_autoptr(GArray) ids = selected_ids(view);
  if (ids->len == 0)
    return;
  g_autofree char *kept = g_strdup(label); /* the list of classes is made anew */
  g_autofree char *what = mg_edit_name_tracks(MG_FIELD_LABEL, kept, ids->len);
  g_autofree char *text =
      g_strdup_printf(ngettext("%u track is “%s” now", "%u tracks are “%s” now", ids->len), ids->len, kept);
  gint64 next = next_id(view);
  edit(view, ids, MG_FIELD_LABEL, kept, what, text);
  if (mg_track_list_query(view->list)->kind == MG_TRACKS_TO_CHECK) {
    note_checks(view, ids, kept);
    view->wanted = next;
  }
}

static void
take_class_away(MgTracksView *view)
{
  g_autoptr(GArray) ids = selected_ids(view);
  g_autofree char *what = mg_edit_name_tracks(MG_FIELD_LABEL, NULL, ids->len);
  edit(view, ids, MG_FIELD_LABEL, NULL, what, _("Class taken away"));
}

/* All are excluded, or where the first one is already, taken again. */
static void
exclude(MgTracksView *view)
{
  g_autoptr(MgTrackRow) first = mg_tracks_view_first(view);
  g_autoptr(GArray) ids = selected_ids(view);
  if (!first)
    return;
  gboolean excluded = mg_track_row_track(first)->excluded;
  const char *value = excluded ? NULL : "1";
  g_autofree char *what = mg_edit_name_tracks(MG_FIELD_EXCLUDED, value, ids->len);
  g_autofree char *text =
      excluded ? g_strdup_printf(ngettext("%u track taken again", "%u tracks taken again", ids->len), ids->len)
               : g_strdup_printf(ngettext("%u track excluded", "%u tracks excluded", ids->len), ids->len);
  edit(view, ids, MG_FIELD_EXCLUDED, value, what, text);
}

/* Tracks of the sample are right as they are. */
static void
confirm_checks(MgTracksView *view, const GArray *ids)
{
  gint64 next = next_id(view);
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index(ids, gint64, i);
    g_autoptr(MgStoreTrack) track = mg_store_track(mg_workspace_store(view->workspace), id, NULL);
    if (track)
      mg_store_check_suggestion(mg_workspace_store(view->workspace), id, track->label, NULL);
  }
  mg_workspace_tell_edit(view->workspace, 0);
  view->wanted = next;
}

/* Each gets what is suggested for it. */
static void
accept(MgTracksView *view)
{
  g_autoptr(GArray) ids = selected_ids(view), values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  g_autoptr(GPtrArray) suggestions = g_ptr_array_new_with_free_func((GDestroyNotify)mg_suggestion_free);
  g_autoptr(GError) error = NULL;
  if (mg_track_list_query(view->list)->kind == MG_TRACKS_TO_CHECK) {
    confirm_checks(view, ids);
    return;
  }
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index(ids, gint64, i);
    MgSuggestion *suggestion = mg_store_suggestion(mg_workspace_store(view->workspace), id);
    if (!suggestion)
      continue;
    MgTrackValue value = {id, MG_FIELD_LABEL, suggestion->label};
    g_ptr_array_add(suggestions, suggestion);
    g_array_append_val(values, value);
  }
  if (values->len == 0)
    return;
  gint64 next = next_id(view);
  g_autofree char *text =
      g_strdup_printf(ngettext("%u suggestion confirmed", "%u suggestions confirmed", values->len), values->len);
  gboolean changed =
      mg_workspace_edit_values(view->workspace, (const MgTrackValue *)values->data, values->len, text, &error);
  finish(view, changed, error, text, next);
}

/* Keys */

static gboolean
press(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, MgTracksView *view)
{
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  const char *label = mg_class_list_of_key(MG_CLASS_LIST(view->classes), key);
  if (label)
    give_class(view, label);
  else if (key == GDK_KEY_Delete)
    exclude(view);
  else if (key == GDK_KEY_BackSpace)
    take_class_away(view);
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
    accept(view);
  else if (key == GDK_KEY_space)
    gtk_widget_activate_action(GTK_WIDGET(view), "win.play", NULL);
  else
    return FALSE;
  return TRUE;
}

void
mg_tracks_view_add_keys(MgTracksView *view)
{
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(press), view);
  gtk_widget_add_controller(view->stack, keys);
}

/* A class by name, also a new one */

static void
on_named(GtkWidget *widget, const char *name)
{
  give_class(MG_TRACKS_VIEW(widget), name);
}

static void
ask_for_class(GtkWidget *widget, const char *action, GVariant *parameter)
{
  mg_ask_name(widget, _("Class of the selected tracks"), _("Name of the class"), _("_Give it"), on_named);
}

static void
act_on_exclude(GtkWidget *widget, const char *action, GVariant *parameter)
{
  exclude(MG_TRACKS_VIEW(widget));
}

static void
act_on_accept(GtkWidget *widget, const char *action, GVariant *parameter)
{
  accept(MG_TRACKS_VIEW(widget));
}

void
mg_tracks_view_install_edits(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "tracks.class", NULL, ask_for_class);
  gtk_widget_class_install_action(class, "tracks.exclude", NULL, act_on_exclude);
  gtk_widget_class_install_action(class, "tracks.accept", NULL, act_on_accept);
}
