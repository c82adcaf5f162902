#include "ui/train/run-table.h"
#include "plot/text.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>
#include <math.h>

#define MOST_CHECKED 8 /* hues that can be told apart */

struct _MgRunTable {
  GtkWidget parent_instance;
  MgRunList *list;
  GtkWidget *rows;          /* GtkListBox */
  GtkSizeGroup *columns[3]; /* state, epoch, best: as wide in every row */
  GHashTable *hues;         /* MgRun * -> hue + 1 of those that are checked */
};

G_DEFINE_FINAL_TYPE(MgRunTable, mg_run_table, GTK_TYPE_WIDGET)

static guint changed_signal;

static const struct {
  const char *text, *icon;
} states[] = {
    [MG_RUN_PREPARING] = {N_("preparing"), "content-loading-symbolic"},
    [MG_RUN_RUNNING] = {N_("training"), "media-playback-start-symbolic"},
    [MG_RUN_PAUSED] = {N_("paused"), "media-playback-pause-symbolic"},
    [MG_RUN_FINISHED] = {N_("finished"), "object-select-symbolic"},
    [MG_RUN_STOPPED] = {N_("stopped, can be resumed"), "media-playback-stop-symbolic"},
    [MG_RUN_FAILED] = {N_("failed"), "dialog-error-symbolic"},
    [MG_RUN_INTERRUPTED] = {N_("interrupted, can be resumed"), "dialog-warning-symbolic"},
};

const char *
mg_run_state_text(MgRunState state)
{
  return _(states[state].text);
}

const char *
mg_run_state_icon(MgRunState state)
{
  return states[state].icon;
}

/* One row. */

typedef struct {
  MgRunTable *table;
  MgRun *run;
  GtkWidget *check, *swatch, *name, *state_icon, *state, *epoch, *best;
  gboolean filling;
} Row;

static void
row_free(gpointer data)
{
  Row *row = data;
  g_signal_handlers_disconnect_by_data(row->run, row);
  g_object_unref(row->run);
  g_free(row);
}

static int
hue_of(MgRunTable *table, MgRun *run)
{
  return GPOINTER_TO_INT(g_hash_table_lookup(table->hues, run)) - 1;
}

static int
free_hue(MgRunTable *table)
{
  for (int hue = 0; hue < MOST_CHECKED; hue++) {
    gboolean taken = FALSE;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, table->hues);
    while (g_hash_table_iter_next(&iter, NULL, &value))
      taken |= GPOINTER_TO_INT(value) - 1 == hue;
    if (!taken)
      return hue;
  }
  return -1;
}

static void
announce(MgRunTable *table)
{
  g_signal_emit(table, changed_signal, 0);
}

static void
draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  Row *row = data;
  int hue = hue_of(row->table, row->run);
  double rgb[3];
  if (hue < 0)
    return;
  mg_hue_on(mg_drawing_style(), hue, rgb);
  cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
  cairo_set_line_width(cr, 3);
  cairo_move_to(cr, 0, height / 2.0);
  cairo_line_to(cr, width, height / 2.0);
  cairo_stroke(cr);
}

static void
show_row(Row *row)
{
  const MgRunStatus *status = mg_run_status(row->run);
  MgRunState state = mg_run_state(row->run);
  double f1 = mg_run_best_f1(row->run);
  gboolean known = status->epochs > 0;
  g_autofree char *epoch = known ? g_strdup_printf("%d/%d", status->epoch, status->epochs) : g_strdup("–");
  gboolean leaky = mg_run_is_leaky(row->run);
  g_autofree char *best = isfinite(f1) ? g_strdup_printf("%.3f%s", f1, leaky ? "*" : "") : g_strdup("–");
  gboolean resumable = mg_run_can_resume(row->run);
  const char *text = state == MG_RUN_INTERRUPTED && !resumable ? _("interrupted")
                     : state == MG_RUN_STOPPED && !resumable   ? _("stopped")
                                                               : mg_run_state_text(state);
  row->filling = TRUE;
  gtk_check_button_set_active(GTK_CHECK_BUTTON(row->check), hue_of(row->table, row->run) >= 0);
  row->filling = FALSE;
  gtk_label_set_text(GTK_LABEL(row->name), mg_run_name(row->run));
  gtk_image_set_from_icon_name(GTK_IMAGE(row->state_icon), mg_run_state_icon(state));
  gtk_label_set_text(GTK_LABEL(row->state), text);
  gtk_label_set_text(GTK_LABEL(row->epoch), epoch);
  gtk_label_set_text(GTK_LABEL(row->best), best);
  gtk_widget_set_tooltip_text(row->state, *mg_run_message(row->run) ? mg_run_message(row->run) : NULL);
  gtk_widget_set_tooltip_text(row->best, leaky ? _("Leaky split: the figure pretends") : NULL);
  gtk_widget_queue_draw(row->swatch);
  GtkWidget *line = gtk_widget_get_ancestor(row->check, GTK_TYPE_LIST_BOX_ROW);
  g_autofree char *label =
      g_strdup_printf(_("%s, %s, epoch %s, validation F1 %s"), mg_run_name(row->run), text, epoch, best);
  if (line)
    gtk_accessible_update_property(GTK_ACCESSIBLE(line), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static gboolean
check(MgRunTable *table, MgRun *run, gboolean on)
{
  int hue = hue_of(table, run);
  if (on == (hue >= 0))
    return TRUE;
  if (!on)
    return g_hash_table_remove(table->hues, run);
  hue = free_hue(table);
  if (hue >= 0)
    g_hash_table_insert(table->hues, run, GINT_TO_POINTER(hue + 1));
  return hue >= 0;
}

static void
on_toggled(GtkCheckButton *button, Row *row)
{
  if (row->filling)
    return;
  check(row->table, row->run, gtk_check_button_get_active(button));
  show_row(row);
  announce(row->table);
}

static void
on_run_changed(MgRun *run, Row *row)
{
  show_row(row);
  if (hue_of(row->table, run) >= 0 || mg_run_table_selected(row->table) == run)
    announce(row->table);
}

static GtkWidget *
add_label(GtkWidget *box, int width, float xalign, gboolean dim)
{
  GtkWidget *label = mg_figure_label_new(xalign);
  gtk_label_set_width_chars(GTK_LABEL(label), width);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  if (dim)
    gtk_widget_add_css_class(label, "dim-label");
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *
new_row(gpointer item, gpointer data)
{
  Row *row = g_new0(Row, 1);
  row->table = data;
  row->run = g_object_ref(item);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *line = gtk_list_box_row_new();
  row->check = gtk_check_button_new();
  g_autofree char *label = g_strdup_printf(_("Draw %s"), mg_run_name(row->run));
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text(row->check, _("Draw its curves"));
  row->swatch = gtk_drawing_area_new();
  gtk_widget_set_size_request(row->swatch, 18, 12);
  gtk_widget_set_valign(row->swatch, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(row->swatch), draw_swatch, row, NULL);
  gtk_box_append(GTK_BOX(box), row->check);
  gtk_box_append(GTK_BOX(box), row->swatch);
  row->name = add_label(box, 6, 0, FALSE);
  gtk_widget_set_hexpand(row->name, TRUE);
  row->state_icon = gtk_image_new();
  gtk_box_append(GTK_BOX(box), row->state_icon);
  row->state = add_label(box, 4, 0, TRUE);
  row->epoch = add_label(box, 6, 1, FALSE);
  row->best = add_label(box, 5, 1, FALSE);
  GtkWidget *const aligned[] = {row->state, row->epoch, row->best};
  for (size_t i = 0; i < G_N_ELEMENTS(aligned); i++)
    gtk_size_group_add_widget(row->table->columns[i], aligned[i]);
  gtk_widget_set_margin_start(box, 6);
  gtk_widget_set_margin_end(box, 12);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(line), box);
  g_object_set_data_full(G_OBJECT(line), "row", row, row_free);
  g_signal_connect(row->check, "toggled", G_CALLBACK(on_toggled), row);
  g_signal_connect(row->run, "changed", G_CALLBACK(on_run_changed), row);
  show_row(row);
  return line;
}

/* The table. */

static Row *
row_at(MgRunTable *table, int i)
{
  GtkListBoxRow *line = gtk_list_box_get_row_at_index(GTK_LIST_BOX(table->rows), i);
  return line ? g_object_get_data(G_OBJECT(line), "row") : NULL;
}

MgRun *
mg_run_table_selected(MgRunTable *table)
{
  GtkListBoxRow *line = gtk_list_box_get_selected_row(GTK_LIST_BOX(table->rows));
  Row *row = line ? g_object_get_data(G_OBJECT(line), "row") : NULL;
  return row ? row->run : NULL;
}

void
mg_run_table_select(MgRunTable *table, MgRun *run)
{
  Row *row;
  for (int i = 0; (row = row_at(table, i)); i++)
    if (row->run == run) {
      check(table, run, TRUE);
      show_row(row);
      gtk_list_box_select_row(GTK_LIST_BOX(table->rows), gtk_list_box_get_row_at_index(GTK_LIST_BOX(table->rows), i));
      announce(table);
    }
}

GPtrArray *
mg_run_table_checked(MgRunTable *table, GArray **hues)
{
  GPtrArray *runs = g_ptr_array_new();
  Row *row;
  if (hues)
    *hues = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; (row = row_at(table, i)); i++) {
    int hue = hue_of(table, row->run);
    if (hue < 0)
      continue;
    g_ptr_array_add(runs, row->run);
    if (hues)
      g_array_append_val(*hues, hue);
  }
  return runs;
}

/* A run that has left the list is not drawn any more. */
static void
on_items_changed(MgRunTable *table)
{
  GHashTableIter iter;
  gpointer run;
  g_hash_table_iter_init(&iter, table->hues);
  while (g_hash_table_iter_next(&iter, &run, NULL)) {
    gboolean there = FALSE;
    Row *row;
    for (int i = 0; (row = row_at(table, i)); i++)
      there |= row->run == run;
    if (!there)
      g_hash_table_iter_remove(&iter);
  }
  announce(table);
}

static GtkWidget *
new_titles(MgRunTable *table)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = add_label(box, 6, 0, TRUE), *state = add_label(box, 4, 0, TRUE);
  GtkWidget *epoch = add_label(box, 6, 1, TRUE), *best = add_label(box, 5, 1, TRUE);
  gtk_label_set_text(GTK_LABEL(name), _("Run"));
  gtk_label_set_text(GTK_LABEL(state), _("State"));
  gtk_label_set_text(GTK_LABEL(epoch), _("Epoch"));
  gtk_label_set_text(GTK_LABEL(best), _("Val. F1"));
  gtk_widget_set_tooltip_text(best, _("Best macro F1 on the validation set"));
  GtkWidget *const aligned[] = {state, epoch, best};
  for (size_t i = 0; i < G_N_ELEMENTS(aligned); i++)
    gtk_size_group_add_widget(table->columns[i], aligned[i]);
  gtk_widget_set_hexpand(name, TRUE);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 14);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  for (GtkWidget *child = gtk_widget_get_first_child(box); child; child = gtk_widget_get_next_sibling(child))
    gtk_widget_add_css_class(child, "caption-heading");
  return box;
}

static void
mg_run_table_dispose(GObject *object)
{
  MgRunTable *table = MG_RUN_TABLE(object);
  if (table->list)
    g_signal_handlers_disconnect_by_data(table->list, table);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(table))))
    gtk_widget_unparent(child);
  for (size_t i = 0; i < G_N_ELEMENTS(table->columns); i++)
    g_clear_object(&table->columns[i]);
  g_clear_object(&table->list);
  g_clear_pointer(&table->hues, g_hash_table_unref);
  G_OBJECT_CLASS(mg_run_table_parent_class)->dispose(object);
}

static void
mg_run_table_class_init(MgRunTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_run_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BOX_LAYOUT);
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_run_table_init(MgRunTable *table)
{
  table->hues = g_hash_table_new(NULL, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(table->columns); i++)
    table->columns[i] = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
  gtk_orientable_set_orientation(GTK_ORIENTABLE(gtk_widget_get_layout_manager(GTK_WIDGET(table))),
                                 GTK_ORIENTATION_VERTICAL);
}

GtkWidget *
mg_run_table_new(MgRunList *list)
{
  MgRunTable *table = g_object_new(MG_TYPE_RUN_TABLE, NULL);
  table->list = g_object_ref(list);
  table->rows = gtk_list_box_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(table->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
  GtkWidget *none = gtk_label_new(_("No run yet: choose data and network, then start"));
  gtk_widget_add_css_class(none, "dim-label");
  gtk_widget_set_margin_top(none, 18);
  gtk_label_set_wrap(GTK_LABEL(none), TRUE);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(table->rows), none);
  gtk_list_box_bind_model(GTK_LIST_BOX(table->rows), G_LIST_MODEL(list), new_row, table, NULL);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), table->rows);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_parent(new_titles(table), GTK_WIDGET(table));
  gtk_widget_set_parent(gtk_separator_new(GTK_ORIENTATION_HORIZONTAL), GTK_WIDGET(table));
  gtk_widget_set_parent(scroller, GTK_WIDGET(table));
  g_signal_connect_swapped(table->rows, "row-selected", G_CALLBACK(announce), table);
  g_signal_connect_object(list, "items-changed", G_CALLBACK(on_items_changed), table,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return GTK_WIDGET(table);
}
