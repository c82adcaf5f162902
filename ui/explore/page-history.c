#include "ui/explore/page.h"

/* One pane that came or went, or all of them that made way for others. */
typedef struct {
  Page *page;
  MgPane *pane; /* NULL: all */
  guint place;
  gboolean added;
  GPtrArray *before, *after; /* of all: MgPane * */
} Change;

static void
free_change(gpointer data)
{
  Change *change = data;
  g_clear_object(&change->pane);
  g_clear_pointer(&change->before, g_ptr_array_unref);
  g_clear_pointer(&change->after, g_ptr_array_unref);
  g_free(change);
}

static void
turn(gpointer data, gboolean again)
{
  Change *change = data;
  MgPaneList *panes = change->page->panes;
  if (!change->pane)
    mg_pane_list_replace(panes, again ? change->after : change->before);
  else if (change->added == again)
    mg_pane_list_insert(panes, change->place, change->pane);
  else
    mg_pane_list_remove(panes, change->pane);
}

void
mg_page_note_pane(Page *page, MgPane *pane, guint place, gboolean added)
{
  Change *change = g_new0(Change, 1);
  *change = (Change){.page = page, .pane = g_object_ref(pane), .place = place, .added = added};
  mg_history_add(mg_workspace_history(page->workspace), page, turn, change, free_change);
}

void
mg_page_note_panes(Page *page, GPtrArray *before)
{
  Change *change = g_new0(Change, 1);
  *change = (Change){.page = page, .before = before, .after = mg_pane_list_all(page->panes)};
  mg_history_add(mg_workspace_history(page->workspace), page, turn, change, free_change);
}
