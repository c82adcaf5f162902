#include "ui/explore/page.h"
#include "ui/window.h"
#include <math.h>

static MgPlayer *
player_of(Page *page)
{
  return mg_workspace_player(page->workspace);
}

static gboolean
plays_part(Page *page)
{
  const char *part = page->part ? mg_part_file(page->part) : NULL;
  return part && g_strcmp0(mg_player_path(player_of(page)), part) == 0;
}

/* Where the player's time 0 lies in the track: a part of the sound is a file of its own. NAN: it plays something else.
 */
static double
offset_of(Page *page)
{
  if (mg_page_path(page) && g_strcmp0(mg_player_path(player_of(page)), mg_page_path(page)) == 0)
    return 0;
  return plays_part(page) ? mg_part_start(page->part) : NAN;
}

static gboolean
follow_player(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  double offset = offset_of(page);
  if (isfinite(offset) && mg_player_state(player_of(page)) == MG_PLAYER_PLAYING) {
    mg_timeline_set_cursor(page->timeline, offset + mg_player_position(player_of(page)));
    mg_timeline_follow_cursor(page->timeline);
    return G_SOURCE_CONTINUE;
  }
  page->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
follow_player_state(Page *page)
{
  MgPlayerState state = mg_player_state(player_of(page));
  if (state == MG_PLAYER_PLAYING && !page->tick)
    page->tick = gtk_widget_add_tick_callback(GTK_WIDGET(page), follow_player, NULL, NULL);
  if (state == MG_PLAYER_STOPPED && isfinite(offset_of(page)))
    mg_timeline_set_cursor(page->timeline, offset_of(page) + mg_player_began(player_of(page)));
}

/* Space plays what was brushed or the selected band alone, else the selection, else from the cursor on. */
static void
play(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = mg_page_selection(page);
  double cursor = mg_timeline_cursor(page->timeline), start = 0, end = 0;
  if (!mg_page_path(page) || mg_page_play_mask(page))
    return;
  if (mg_selection_is_stretch(selection)) {
    start = mg_selection_start(selection);
    end = mg_selection_end(selection);
    if (cursor < start || cursor >= end)
      cursor = start;
  } else if (cursor >= mg_timeline_duration(page->timeline) - 0.01)
    cursor = 0;
  mg_player_play(player_of(page), mg_page_path(page), cursor, start, end);
}

/* The part is heard on from the cursor where it reaches that far; else the sound itself. */
static void
go_on_in_part(Page *page)
{
  double cursor = mg_timeline_cursor(page->timeline), start = mg_part_start(page->part);
  if (cursor >= start && cursor < mg_part_end(page->part))
    mg_player_play(player_of(page), mg_part_file(page->part), cursor - start, 0, 0);
  else
    play(GTK_WIDGET(page), NULL, NULL);
}

/* The cursor was moved by hand: what plays goes on from there. */
static void
seek(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgPlayer *player = player_of(page);
  if (mg_player_state(player) == MG_PLAYER_PLAYING && plays_part(page))
    go_on_in_part(page);
  else if (mg_player_state(player) == MG_PLAYER_PLAYING)
    play(widget, NULL, NULL);
  else if (mg_player_state(player) == MG_PLAYER_PAUSED) {
    double cursor = mg_timeline_cursor(page->timeline);
    mg_player_stop(player);
    mg_timeline_set_cursor(page->timeline, cursor);
  }
}

static void
to_start(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  mg_timeline_set_cursor(page->timeline, 0);
  mg_timeline_follow_cursor(page->timeline);
  seek(widget, NULL, NULL);
}

void
mg_page_set_up_playback(Page *page)
{
  g_signal_connect_object(player_of(page), "notify::state", G_CALLBACK(follow_player_state), page, G_CONNECT_SWAPPED);
}

void
mg_page_install_playback_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.play", NULL, play);
  gtk_widget_class_install_action(class, "explore.seek", NULL, seek);
  gtk_widget_class_install_action(class, "explore.to-start", NULL, to_start);
}
