#include "ui/dataset/track-views.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

typedef void (*Fill)(GtkInscription *cell, MgTrackRow *row);

typedef struct {
  const char *title; /* N_() */
  Fill fill;
  float xalign;
  int width; /* 0: what is left */
  gboolean sorts;
  MgTracksOrder order; /* what a click on the title sorts by */
} Column;

static const char row_key[] = "track-row", column_key[] = "track-column", list_key[] = "track-list";

static void
set_or_dash(GtkInscription *cell, const char *text)
{
  gtk_inscription_set_text(cell, text ? text : "–");
}

static void
fill_name(GtkInscription *cell, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  gtk_inscription_set_text(cell, mg_track_row_name(row));
  gtk_widget_set_opacity(GTK_WIDGET(cell), track->excluded ? 0.55 : 1);
}

/* A class that is only suggested has a question mark and its probability. */
static void
fill_class(GtkInscription *cell, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  const char *suggestion = mg_track_row_suggestion(row);
  g_autofree char *asked =
      suggestion ? g_strdup_printf("%s? %.0f\u202f%%", suggestion, mg_track_row_probability(row) * 100) : NULL;
  g_autofree char *excluded = track->excluded && track->label ? g_strdup_printf(_("%s, excluded"), track->label) : NULL;
  set_or_dash(cell, excluded ? excluded : track->label ? track->label : asked);
  gtk_widget_remove_css_class(GTK_WIDGET(cell), "accent");
  if (asked)
    gtk_widget_add_css_class(GTK_WIDGET(cell), "accent");
}

static void
fill_length(GtkInscription *cell, MgTrackRow *row)
{
  double seconds = mg_track_row_track(row)->duration;
  g_autofree char *text = mg_format_clock(seconds, seconds < 600 ? 1 : 0);
  gtk_inscription_set_text(cell, text);
}

static void
fill_group(GtkInscription *cell, MgTrackRow *row)
{
  set_or_dash(cell, mg_track_row_track(row)->group);
}

static void
fill_fold(GtkInscription *cell, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  set_or_dash(cell, track->split ? track->split : track->fold);
}

static const Column columns[] = {
    {N_("Track"), fill_name, 0, 0, TRUE, MG_TRACKS_BY_PATH},
    {N_("Class"), fill_class, 0, 130, TRUE, MG_TRACKS_BY_CLASS},
    {N_("Length"), fill_length, 1, 64, TRUE, MG_TRACKS_BY_DURATION},
    {N_("Group"), fill_group, 0, 84, FALSE, 0},
    {N_("Fold"), fill_fold, 0, 54, FALSE, 0},
};

/* Cells. Inscriptions ask for no size of their own, so that hundreds may change in a frame without the table being laid
 * out anew; what is said where the pointer rests is made then. */

static gboolean
tell_all(GtkWidget *cell, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  const Column *column = g_object_get_data(G_OBJECT(cell), column_key);
  MgTrackRow *row = g_object_get_data(G_OBJECT(cell), row_key);
  if (!row)
    return FALSE;
  g_autofree char *path = g_filename_display_name(mg_track_row_track(row)->path);
  gtk_tooltip_set_text(tooltip, column == columns ? path : gtk_inscription_get_text(GTK_INSCRIPTION(cell)));
  return TRUE;
}

static void
set_up_cell(GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *cell = gtk_inscription_new(NULL);
  g_object_set(cell, "min-chars", 0, "nat-chars", 0, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE,
               "xalign", column->xalign, "has-tooltip", TRUE, NULL);
  gtk_widget_add_css_class(cell, "numeric");
  g_signal_connect(cell, "query-tooltip", G_CALLBACK(tell_all), NULL);
  g_object_set_data(G_OBJECT(cell), column_key, (gpointer)column);
  gtk_list_item_set_child(item, cell);
}

static void
fill_again(MgTrackRow *row, GtkInscription *cell)
{
  const Column *column = g_object_get_data(G_OBJECT(cell), column_key);
  column->fill(cell, row);
}

static void
bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  MgTrackRow *row = gtk_list_item_get_item(item);
  g_object_set_data_full(G_OBJECT(cell), row_key, g_object_ref(row), g_object_unref);
  g_signal_connect(row, "changed", G_CALLBACK(fill_again), cell);
  column->fill(GTK_INSCRIPTION(cell), row);
}

static void
unbind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  g_signal_handlers_disconnect_by_func(gtk_list_item_get_item(item), fill_again, cell);
  g_object_set_data(G_OBJECT(cell), row_key, NULL);
}

/* Sorting is the query's. GTK 4.8 does not tell by which column and which way, but its sorter asks the first column's
 * to compare, and turns the answer where it goes down. */
static const Column *asked_column;

static int
note_column(gconstpointer a, gconstpointer b, gpointer data)
{
  asked_column = data;
  return -1;
}

static void
sort(GtkSorter *sorter, GtkSorterChange change, GtkColumnView *view)
{
  static int one, two; /* any two things */
  MgTrackList *list = g_object_get_data(G_OBJECT(view), list_key);
  MgTracksQuery query = *mg_track_list_query(list);
  asked_column = NULL;
  GtkOrdering ordering = gtk_sorter_compare(sorter, &one, &two);
  query.order = asked_column ? asked_column->order : MG_TRACKS_BY_CLASS;
  query.descending = asked_column && ordering == GTK_ORDERING_LARGER;
  mg_track_list_set_query(list, &query);
}

static void
add_column(GtkColumnView *view, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(set_up_cell), (gpointer)column);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), (gpointer)column);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cell), (gpointer)column);
  g_autoptr(GtkColumnViewColumn) made = gtk_column_view_column_new(_(column->title), factory);
  gtk_column_view_column_set_resizable(made, TRUE);
  gtk_column_view_column_set_expand(made, column->width == 0);
  if (column->width)
    gtk_column_view_column_set_fixed_width(made, column->width);
  g_autoptr(GtkSorter) sorter =
      column->sorts ? GTK_SORTER(gtk_custom_sorter_new(note_column, (gpointer)column, NULL)) : NULL;
  gtk_column_view_column_set_sorter(made, sorter);
  gtk_column_view_append_column(view, made);
}

/* Copying */

static char *
text_of(MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  g_autofree char *seconds = g_strdup_printf("%.3f", track->duration);
  const char *const texts[] = {
      track->path, track->label, seconds, track->group, track->split, track->fold, track->excluded ? "excluded" : NULL};
  g_autoptr(GPtrArray) cells = g_ptr_array_new();
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_ptr_array_add(cells, (char *)(texts[i] ? texts[i] : ""));
  return mg_copy_join(cells);
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  MgTrackRow *row = x < 0 ? NULL : mg_copy_row_at(widget, x, y, row_key);
  return row ? text_of(row) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  GListModel *rows = G_LIST_MODEL(gtk_column_view_get_model(GTK_COLUMN_VIEW(widget)));
  GString *text = g_string_new("path\tlabel\tseconds\tgroup\tsplit\tfold\tstate\n");
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgTrackRow) row = g_list_model_get_item(rows, i);
    g_autofree char *line = text_of(row);
    g_string_append_printf(text, "%s\n", line);
  }
  return g_string_free(text, FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

GtkWidget *
mg_track_table_new(GtkMultiSelection *selection, MgTrackList *list)
{
  GtkWidget *view = gtk_column_view_new(GTK_SELECTION_MODEL(g_object_ref(selection)));
  gtk_widget_add_css_class(view, "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tracks"), -1);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    add_column(GTK_COLUMN_VIEW(view), &columns[i]);
  g_object_set_data_full(G_OBJECT(view), list_key, g_object_ref(list), g_object_unref);
  g_signal_connect_object(gtk_column_view_get_sorter(GTK_COLUMN_VIEW(view)), "changed", G_CALLBACK(sort), view, 0);
  mg_copy_menu_add(view, &copy_funcs);
  return view;
}
