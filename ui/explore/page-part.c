#include "ui/explore/page.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define LONGEST_UNASKED 60.0 /* s of sound that are made without a selection */

/* What is to be heard: the selection, or what is seen, from the cursor on where that is too long. */
void
mg_page_find_stretch(Page *page, double *start, double *end)
{
  MgSelection *selection = mg_page_selection(page);
  *start = mg_timeline_from(page->timeline);
  *end = mg_timeline_to(page->timeline);
  if (mg_selection_is_stretch(selection)) {
    *start = mg_selection_start(selection);
    *end = mg_selection_end(selection);
    return;
  }
  if (*end - *start <= LONGEST_UNASKED)
    return;
  double cursor = mg_timeline_cursor(page->timeline);
  if (cursor > *start && cursor < *end)
    *start = cursor;
  *end = MIN(*end, *start + LONGEST_UNASKED);
  g_autofree char *text = g_strdup_printf(_("Only %.0f s are made: select a stretch to hear more"), *end - *start);
  mg_window_toast(GTK_WIDGET(page), text);
}

static MgPaneFrame *
frame_of_part(Page *page)
{
  return page->part_pane ? mg_pane_stack_frame(page->frames, page->part_pane) : NULL;
}

static void
show_progress(Page *page)
{
  MgPaneFrame *frame = frame_of_part(page);
  g_autofree char *text = g_strdup_printf("%.0f\u202f%%", mg_part_fraction(page->part) * 100);
  if (frame)
    mg_pane_frame_set_playing(frame, mg_part_file(page->part) ? NULL : text);
}

static void
start_playing(Page *page)
{
  mg_player_play(mg_workspace_player(page->workspace), mg_part_file(page->part), 0, 0, 0);
}

static void
finish(MgPart *part, const char *message, Page *page)
{
  MgPaneFrame *frame = frame_of_part(page);
  if (frame)
    mg_pane_frame_set_playing(frame, NULL);
  if (message)
    mg_window_toast(GTK_WIDGET(page), message);
  else
    start_playing(page);
}

void
mg_page_drop_part(Page *page)
{
  MgPaneFrame *frame = page->frames ? frame_of_part(page) : NULL;
  if (frame)
    mg_pane_frame_set_playing(frame, NULL);
  if (page->part) {
    MgPlayer *player = mg_workspace_player(page->workspace);
    if (mg_part_file(page->part) && g_strcmp0(mg_player_path(player), mg_part_file(page->part)) == 0)
      mg_player_stop(player);
    g_signal_handlers_disconnect_by_data(page->part, page);
    mg_part_stop(page->part);
  }
  g_clear_object(&page->part);
  page->part_pane = NULL;
}

/* Takes the part; `pane` NULL: it is no pane's. */
static void
begin(Page *page, MgPart *part, MgPane *pane)
{
  mg_page_drop_part(page);
  page->part = part;
  page->part_pane = pane;
  g_signal_connect_object(part, "changed", G_CALLBACK(show_progress), page, G_CONNECT_SWAPPED);
  g_signal_connect_object(part, "done", G_CALLBACK(finish), page, 0);
  show_progress(page);
}

void
mg_page_play_part(Page *page, MgPane *pane)
{
  double start, end;
  gboolean making = page->part && !mg_part_file(page->part) && page->part_pane == pane;
  if (making) { /* the button gives up what it has begun */
    mg_page_drop_part(page);
    return;
  }
  if (!mg_page_path(page))
    return;
  mg_page_find_stretch(page, &start, &end);
  g_autoptr(MgParams) params = mg_analysis_params_beside(mg_pane_feature(pane), mg_pane_params(pane));
  if (page->part && mg_part_file(page->part) &&
      mg_part_is_of(page->part, mg_page_path(page), mg_pane_feature(pane), params, start, end)) {
    start_playing(page);
    return;
  }
  begin(page, mg_part_new(mg_page_path(page), mg_pane_feature(pane), params, start, end), pane);
}

void
mg_page_play_masked(Page *page, MgMask *mask, double start, double end)
{
  if (page->part && mg_part_is_masked(page->part, mg_page_path(page), mask, start, end)) {
    if (mg_part_file(page->part))
      start_playing(page);
    return;
  }
  begin(page, mg_part_new_masked(mg_page_path(page), mask, start, end), NULL);
}
