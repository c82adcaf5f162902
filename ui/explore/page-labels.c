#include "ui/explore/page.h"
#include "ui/explore/views/label-view.h"
#include "ui/widgets/ask-file.h"
#include "ui/window.h"
#include <glib/gi18n.h>

/* NULL: there is none. */
static MgLabelView *
find_label_view(Page *page)
{
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++)
    if (MG_IS_LABEL_VIEW(mg_page_view(page, i)))
      return MG_LABEL_VIEW(mg_page_view(page, i));
  return NULL;
}

/* The pane of labels, made where there is none. */
static MgLabelView *
label_view(Page *page)
{
  if (find_label_view(page))
    return find_label_view(page);
  g_autoptr(MgPane) pane = mg_pane_new(MG_PANE_LABELS, NULL);
  mg_pane_list_insert(page->panes, mg_pane_list_n(page->panes), pane);
  return MG_LABEL_VIEW(mg_page_view(page, mg_pane_list_n(page->panes) - 1));
}

/* The selection becomes a label, or the cursor a mark. */
static void
add(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = mg_page_selection(page);
  double cursor = mg_timeline_cursor(page->timeline);
  MgLabel label = {.start = cursor, .end = cursor, .text = (char *)""};
  g_autoptr(GError) error = NULL;
  if (!page->labels)
    return;
  if (mg_selection_is_stretch(selection)) {
    label.start = mg_selection_start(selection);
    label.end = mg_selection_end(selection);
    label.low = mg_selection_is_box(selection) ? mg_selection_low(selection) : 0;
    label.high = mg_selection_is_box(selection) ? mg_selection_high(selection) : 0;
  }
  MgLabelView *view = label_view(page);
  gint64 id = mg_label_track_add(page->labels, &label, &error);
  if (id)
    mg_label_view_edit(view, id);
  else
    mg_window_toast(widget, error->message);
}

static void
import(GtkWidget *widget, const char *path, gpointer data)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) labels = mg_labels_load(path, &error);
  if (labels && page->labels && mg_label_track_import(page->labels, labels, &error)) {
    g_autofree char *text = g_strdup_printf(ngettext("%u label added", "%u labels added", labels->len), labels->len);
    label_view(page);
    mg_window_toast_undo(widget, text);
  } else if (error)
    mg_window_toast(widget, error->message);
}

static void
ask_import(GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (MG_EXPLORE_PAGE(widget)->labels)
    mg_ask_file(widget, GTK_FILE_CHOOSER_ACTION_OPEN, _("Import labels of Audacity, Raven or a CSV table"),
                _("_Import"), NULL, import, NULL, NULL);
}

static void export(GtkWidget *widget, const char *path, gpointer data)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_filename_display_basename(path), *text = g_strdup_printf(_("Saved %s"), name);
  gboolean saved = page->labels && mg_label_track_save(page->labels, path, &error);
  if (saved || error)
    mg_window_toast(widget, saved ? text : error->message);
}

static void
ask_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  if (!page->labels)
    return;
  g_autofree char *proposal = mg_ask_file_name(mg_page_path(page), ".txt");
  mg_ask_file(widget, GTK_FILE_CHOOSER_ACTION_SAVE,
              _("Export labels as .txt for Audacity, .selections.txt for Raven, or .csv"), _("_Export"), proposal,
              export, NULL, NULL);
}

static void
go(Page *page, gboolean back)
{
  double cursor = mg_timeline_cursor(page->timeline);
  const MgLabel *label = page->labels ? mg_label_track_next(page->labels, cursor + (back ? -1e-3 : 1e-3), back) : NULL;
  MgSelection *selection = mg_page_selection(page);
  MgLabelView *view = find_label_view(page);
  if (!label) {
    mg_window_toast(GTK_WIDGET(page), _("There is no further label"));
    return;
  }
  mg_selection_set_box(selection, mg_selection_track(selection), label->start, label->end, label->low, label->high);
  mg_timeline_set_cursor(page->timeline, label->start);
  mg_timeline_follow_cursor(page->timeline);
  if (view)
    mg_label_view_choose(view, label->id);
}

static void
next(GtkWidget *widget, const char *name, GVariant *parameter)
{
  go(MG_EXPLORE_PAGE(widget), FALSE);
}

static void
former(GtkWidget *widget, const char *name, GVariant *parameter)
{
  go(MG_EXPLORE_PAGE(widget), TRUE);
}

void
mg_page_install_label_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.add-label", NULL, add);
  gtk_widget_class_install_action(class, "explore.import-labels", NULL, ask_import);
  gtk_widget_class_install_action(class, "explore.export-labels", NULL, ask_export);
  gtk_widget_class_install_action(class, "explore.next-label", NULL, next);
  gtk_widget_class_install_action(class, "explore.former-label", NULL, former);
}
