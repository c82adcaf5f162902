#include "ui/transport.h"
#include "ui/widgets/device-button.h"
#include "ui/widgets/direction.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

struct _MgTransport {
  GtkWidget parent;
  MgWorkspace *workspace;
  GtkWidget *play, *record, *mark, *devices, *level, *time, *readout;
  gboolean narrow;
  int time_width; /* when it was last seen */
};

G_DEFINE_FINAL_TYPE(MgTransport, mg_transport, GTK_TYPE_WIDGET)

static void
show_state(MgTransport *transport)
{
  gboolean playing = mg_player_state(mg_workspace_player(transport->workspace)) == MG_PLAYER_PLAYING;
  gtk_button_set_icon_name(GTK_BUTTON(transport->play),
                           playing ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(transport->play, playing ? _("Stop (Space)") : _("Play (Space)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(transport->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 playing ? _("Stop") : _("Play"), -1);
}

void
mg_transport_set_time(MgTransport *transport, double seconds, double duration)
{
  g_autofree char *now = mg_format_clock(seconds, 3), *all = mg_format_clock(duration, 0);
  g_autofree char *text = g_strdup_printf("%s / %s", now, all);
  gtk_inscription_set_text(GTK_INSCRIPTION(transport->time), text);
}

static gboolean
fits(MgTransport *transport, const char *text, int room)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(transport->readout, text);
  int width;
  pango_layout_get_pixel_size(layout, &width, NULL);
  return width <= room;
}

/* The first text that fits, else the last; texts[0] is not NULL. */
static const char *
choose_text(MgTransport *transport, const char *const texts[3], int room)
{
  const char *last = NULL;
  for (int i = 0; i < 3 && texts[i]; i++) {
    last = texts[i];
    if (fits(transport, last, room))
      break;
  }
  return last;
}

/* Once it has made way, the time stays away as long as the pointer tells something: it would flicker. */
void
mg_transport_set_readout(MgTransport *transport, const char *text, const char *shorter, const char *shortest)
{
  const char *const texts[3] = {text, shorter, shorter ? shortest : NULL};
  gboolean away = !gtk_widget_get_visible(transport->time);
  if (!away)
    transport->time_width = gtk_widget_get_width(transport->time);
  int beside = gtk_widget_get_width(transport->readout) - (away ? transport->time_width : 0);
  const char *shown = text ? choose_text(transport, texts, beside) : "";
  if (texts[2] && (away || !fits(transport, shown, beside))) {
    shown = choose_text(transport, texts, beside + transport->time_width);
    away = TRUE;
  } else
    away = FALSE;
  gtk_widget_set_visible(transport->time, !away);
  gtk_inscription_set_text(GTK_INSCRIPTION(transport->readout), shown);
}

const char *
mg_transport_readout(MgTransport *transport)
{
  return gtk_inscription_get_text(GTK_INSCRIPTION(transport->readout));
}

static void
show_recording(MgTransport *transport)
{
  MgRecording *recording = mg_workspace_recording(transport->workspace);
  gboolean active = mg_recording_active(recording);
  gtk_button_set_icon_name(GTK_BUTTON(transport->record),
                           active ? "media-playback-stop-symbolic" : "media-record-symbolic");
  gtk_widget_set_tooltip_text(transport->record, active ? _("Stop recording (R)") : _("Record (R)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(transport->record), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 active ? _("Stop recording") : _("Record"), -1);
  if (active)
    gtk_widget_add_css_class(transport->record, "recording");
  else
    gtk_widget_remove_css_class(transport->record, "recording");
  gtk_widget_set_visible(transport->level, active);
  gtk_widget_set_visible(transport->mark, active);
  gtk_widget_set_visible(transport->devices, !active && !transport->narrow);
}

void
mg_transport_set_narrow(MgTransport *transport, gboolean narrow)
{
  transport->narrow = narrow;
  gtk_widget_set_visible(transport->readout, !narrow);
  show_recording(transport);
}

/* The level meter begins at -60 dB. */
static void
show_progress(MgTransport *transport)
{
  MgRecording *recording = mg_workspace_recording(transport->workspace);
  double peak = CLAMP(mg_recording_peak(recording), -60, 0);
  g_autofree char *time = mg_format_clock(mg_recording_seconds(recording), 1);
  g_autofree char *text = g_strdup_printf(mg_recording_paused(recording) ? _("%s, paused") : _("%s recorded"), time);
  gtk_level_bar_set_value(GTK_LEVEL_BAR(transport->level), peak + 60);
  gtk_inscription_set_text(GTK_INSCRIPTION(transport->time), text);
}

static void
add_level(MgTransport *transport, GtkWidget *box)
{
  transport->level = gtk_level_bar_new_for_interval(0, 60);
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(transport->level), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(transport->level), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(transport->level), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_size_request(transport->level, 96, -1);
  gtk_widget_set_valign(transport->level, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(transport->level, FALSE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(transport->level), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Recording level"),
                                 -1);
  gtk_box_append(GTK_BOX(box), transport->level);
}

static GtkWidget *
add_button(GtkWidget *box, GtkWidget *button, const char *icon, const char *action, const char *label,
           const char *tooltip)
{
  gtk_button_set_icon_name(GTK_BUTTON(button), icon);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_set_focus_on_click(button, FALSE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

/* An inscription keeps its size whatever it says: a label would lay the window out anew at every move of the pointer.
 */
static GtkWidget *
add_text(GtkWidget *box, const char *name, guint chars)
{
  GtkWidget *text = gtk_inscription_new("");
  gtk_inscription_set_min_chars(GTK_INSCRIPTION(text), 4);
  gtk_inscription_set_nat_chars(GTK_INSCRIPTION(text), chars);
  gtk_inscription_set_text_overflow(GTK_INSCRIPTION(text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_add_css_class(text, "numeric");
  gtk_widget_set_valign(text, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(text), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
  gtk_box_append(GTK_BOX(box), text);
  return text;
}

GtkWidget *
mg_transport_new(MgWorkspace *workspace)
{
  MgTransport *transport = g_object_new(MG_TYPE_TRANSPORT, NULL);
  transport->workspace = g_object_ref(workspace);
  g_signal_connect_object(mg_workspace_player(workspace), "notify::state", G_CALLBACK(show_state), transport,
                          G_CONNECT_SWAPPED);
  MgRecording *recording = mg_workspace_recording(workspace);
  g_signal_connect_object(recording, "notify::active", G_CALLBACK(show_recording), transport, G_CONNECT_SWAPPED);
  g_signal_connect_object(recording, "progress", G_CALLBACK(show_progress), transport, G_CONNECT_SWAPPED);
  show_state(transport);
  show_recording(transport);
  return GTK_WIDGET(transport);
}

static void
dispose(GObject *object)
{
  MgTransport *transport = MG_TRANSPORT(object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(transport))))
    gtk_widget_unparent(child);
  g_clear_object(&transport->workspace);
  G_OBJECT_CLASS(mg_transport_parent_class)->dispose(object);
}

static void
mg_transport_class_init(MgTransportClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void
mg_transport_init(MgTransport *transport)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 3);
  gtk_widget_add_css_class(box, "status-bar");
  add_button(box, gtk_button_new(), "media-skip-backward-symbolic", "win.to-start", _("To the start"),
             _("To the start (Home)"));
  transport->play =
      add_button(box, gtk_button_new(), "media-playback-start-symbolic", "win.play", _("Play"), _("Play (Space)"));
  add_button(box, gtk_button_new(), "media-playback-pause-symbolic", "win.pause", _("Pause"), _("Pause (P)"));
  add_button(box, gtk_toggle_button_new(), "media-playlist-repeat-symbolic", "win.loop", _("Loop"),
             _("Loop the selection (L)"));
  transport->record =
      add_button(box, gtk_button_new(), "media-record-symbolic", "win.record", _("Record"), _("Record (R)"));
  transport->mark = add_button(box, gtk_button_new(), "starred-symbolic", "win.mark-recording", _("Mark this moment"),
                               _("Mark this moment of the recording (M)"));
  transport->devices = mg_device_button_new(TRUE);
  gtk_menu_button_set_direction(GTK_MENU_BUTTON(transport->devices), GTK_ARROW_UP);
  gtk_widget_add_css_class(transport->devices, "flat");
  gtk_box_append(GTK_BOX(box), transport->devices);
  add_level(transport, box);
  transport->time = add_text(box, _("Cursor and duration"), 20);
  gtk_widget_set_margin_start(transport->time, 6);
  transport->readout = add_text(box, _("Under the pointer"), 8);
  gtk_widget_set_hexpand(transport->readout, TRUE);
  gtk_inscription_set_xalign(GTK_INSCRIPTION(transport->readout), 1);
  gtk_widget_add_css_class(transport->readout, "dim-label");
  gtk_widget_set_margin_end(transport->readout, 6);
  gtk_widget_set_parent(box, GTK_WIDGET(transport));
  mg_direction_keep(box); /* time runs from left to right: the buttons stay in its order */
}
