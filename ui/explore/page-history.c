#include "ui/explore/page.h"

#define ONE_GO_US (2 * G_USEC_PER_SEC) /* a value that changes again within this is still being typed or dragged */

/* What was done to the panes. */
typedef struct {
  Page *page;
  MgArrangement *before, *after;
  gint64 at;
} Change;

static void
free_change(gpointer data)
{
  Change *change = data;
  mg_arrangement_free(change->before);
  mg_arrangement_free(change->after);
  g_free(change);
}

static void
keep_noted(Page *page)
{
  mg_arrangement_free(page->noted);
  page->noted = mg_arrangement_new(page->panes);
}

static void
turn(gpointer data, gboolean again)
{
  Change *change = data;
  Page *page = change->page;
  change->at = 0;
  page->turning = TRUE;
  mg_arrangement_apply(page->panes, again ? change->before : change->after, again ? change->after : change->before);
  page->turning = FALSE;
  keep_noted(page);
  gtk_widget_queue_allocate(GTK_WIDGET(page->frames));
}

/* "4", "40", "409", "4096": one step. */
static gboolean
goes_on(Page *page, const MgArrangement *now)
{
  Change *last = mg_history_last(mg_workspace_history(page->workspace), page, turn);
  MgPane *pane = NULL, *former_pane = NULL;
  const char *name = NULL, *former_name = NULL;
  if (!last || g_get_monotonic_time() - last->at > ONE_GO_US ||
      mg_arrangement_compare(page->noted, now, &pane, &name) != MG_ARRANGED_ONE_VALUE ||
      mg_arrangement_compare(last->before, last->after, &former_pane, &former_name) != MG_ARRANGED_ONE_VALUE ||
      pane != former_pane || !g_str_equal(name, former_name))
    return FALSE;
  mg_arrangement_free(last->after);
  last->after = mg_arrangement_new(page->panes);
  last->at = g_get_monotonic_time();
  return TRUE;
}

void
mg_page_note_panes(Page *page)
{
  if (page->turning || page->together || !page->noted)
    return;
  g_autoptr(MgArrangement) now = mg_arrangement_new(page->panes);
  if (mg_arrangement_compare(page->noted, now, NULL, NULL) == MG_ARRANGED_ALIKE)
    return;
  if (!goes_on(page, now)) {
    Change *change = g_new(Change, 1);
    *change = (Change){page, g_steal_pointer(&page->noted), g_steal_pointer(&now), g_get_monotonic_time()};
    mg_history_add(mg_workspace_history(page->workspace), page, turn, change, free_change);
  }
  keep_noted(page);
}

void
mg_page_note_together(Page *page, gboolean together)
{
  page->together = together;
  mg_page_note_panes(page);
}

void
mg_page_set_up_history(Page *page)
{
  keep_noted(page);
}
