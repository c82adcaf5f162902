#include "ui/dataset/track-views.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>

typedef void (*Fill)(MgTableCell *cell, MgTrackRow *row);

typedef struct {
  const char *title; /* N_() */
  Fill fill;
  float xalign;
  int width; /* the least where it is wide */
  gboolean wide;
  gboolean sorts;
  MgTracksOrder order; /* what a click on the title sorts by */
} Column;

static const char list_key[] = "track-list";

static char *
or_dash(const char *text)
{
  return g_strdup(text ? text : "–");
}

static void
fill_name(MgTableCell *cell, MgTrackRow *row)
{
  cell->text = g_strdup(mg_track_row_name(row));
  cell->opacity = mg_track_row_track(row)->excluded ? 0.55 : 1;
}

/* A class that is only suggested has a question mark and its probability. */
static void
fill_class(MgTableCell *cell, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  const char *suggestion = mg_track_row_suggestion(row);
  if (track->excluded && track->label)
    cell->text = g_strdup_printf(_("%s, excluded"), track->label);
  else if (track->label || !suggestion)
    cell->text = or_dash(track->label);
  else
    cell->text = g_strdup_printf("%s? %.0f\u202f%%", suggestion, mg_track_row_probability(row) * 100);
  cell->tone = suggestion ? MG_CELL_ACCENT : MG_CELL_PLAIN;
}

static void
fill_length(MgTableCell *cell, MgTrackRow *row)
{
  double seconds = mg_track_row_track(row)->duration;
  cell->text = mg_format_clock(seconds, seconds < 600 ? 1 : 0);
}

static void
fill_group(MgTableCell *cell, MgTrackRow *row)
{
  cell->text = or_dash(mg_track_row_track(row)->group);
}

static void
fill_fold(MgTableCell *cell, MgTrackRow *row)
{
  const MgStoreTrack *track = mg_track_row_track(row);
  cell->text = or_dash(track->split ? track->split : track->fold);
}

static const Column columns[] = {
    {N_("Track"), fill_name, 0, 150, TRUE, TRUE, MG_TRACKS_BY_PATH},
    {N_("Class"), fill_class, 0, 130, FALSE, TRUE, MG_TRACKS_BY_CLASS},
    {N_("Length"), fill_length, 1, 76, FALSE, TRUE, MG_TRACKS_BY_DURATION},
    {N_("Group"), fill_group, 0, 84, FALSE, FALSE, 0},
    {N_("Fold"), fill_fold, 0, 62, FALSE, FALSE, 0},
};

static void
fill(MgTableCell *cell, gpointer row, guint column, gpointer data)
{
  columns[column].fill(cell, row);
}

/* Of the name, the whole path. */
static char *
tell(gpointer row, guint column, gpointer data)
{
  return column == 0 ? g_filename_display_name(mg_track_row_track(row)->path) : NULL;
}

static const MgTableFuncs table_funcs = {fill, tell};

/* Sorting is the query's. */
static void
sort(MgTableView *view)
{
  MgTrackList *list = g_object_get_data(G_OBJECT(view), list_key);
  MgTracksQuery query = *mg_track_list_query(list);
  guint column = 0;
  gboolean sorted = mg_table_view_sorted(view, &column, &query.descending);
  query.order = sorted ? columns[column].order : MG_TRACKS_BY_CLASS;
  mg_track_list_set_query(list, &query);
}

static void
add_columns(MgTableView *view)
{
  MgTableColumn made[G_N_ELEMENTS(columns)];
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    made[i] = (MgTableColumn){
        _(columns[i].title),   i, columns[i].width, columns[i].xalign, columns[i].wide, columns[i].sorts,
        PANGO_ELLIPSIZE_MIDDLE};
  mg_table_view_set_columns(view, made, G_N_ELEMENTS(made));
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
  MgTableView *view = MG_TABLE_VIEW(widget);
  MgTrackRow *row = x < 0 ? mg_table_view_item(view) : mg_table_view_item_at(view, widget, x, y);
  return row ? text_of(row) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  GListModel *rows = G_LIST_MODEL(g_object_get_data(G_OBJECT(widget), list_key));
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
  GtkWidget *view = mg_table_view_new(_("Tracks"), &table_funcs, NULL);
  add_columns(MG_TABLE_VIEW(view));
  mg_table_view_set_model(MG_TABLE_VIEW(view), GTK_SELECTION_MODEL(selection));
  g_object_set_data_full(G_OBJECT(view), list_key, g_object_ref(list), g_object_unref);
  g_signal_connect(view, "sorted", G_CALLBACK(sort), NULL);
  mg_copy_menu_add(view, &copy_funcs);
  return view;
}
