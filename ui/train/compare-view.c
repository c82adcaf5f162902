#include "ui/train/compare-view.h"
#include "base/file.h"
#include "ui/train/fit-icon.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/copy-menu.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _MgCompareView {
  AdwBin parent_instance;
  MgRunComparison *comparison;
  GtkColumnView *view;
  GtkSingleSelection *selection;
  GtkStack *stack; /* "empty" or "table" */
  GtkWidget *evaluate, *cancel, *save, *what, *notice;
  char *columns; /* what the columns stand for */
};

G_DEFINE_FINAL_TYPE(MgCompareView, mg_compare_view, ADW_TYPE_BIN)

static guint open_signal;
static const char row_key[] = "compared-run"; /* of a cell: whose it is */

/* Columns. */

typedef enum { NAME, SETTING, FIGURE, VERDICT, NOTE } ColumnKind;

typedef struct {
  ColumnKind kind;
  char *setting; /* the parameter's name */
  int figure;
} Column;

static void
free_column(gpointer data)
{
  Column *column = data;
  g_free(column->setting);
  g_free(column);
}

static char *
text_of(const MgRunSummary *summary, const Column *column)
{
  const char *setting;
  switch (column->kind) {
  case NAME:
    return g_strdup_printf("%s%s", summary->name, summary->leaky ? "*" : "");
  case SETTING:
    setting = mg_run_summary_setting(summary, column->setting);
    return g_str_equal(column->setting, "dataset") && setting ? g_path_get_basename(setting)
                                                              : g_strdup(setting ? setting : "–");
  case FIGURE:
    return mg_summary_figure_text(mg_summary_columns[column->figure].kind, summary->figures[column->figure]);
  case VERDICT:
    return g_strdup(mg_fit_word(summary->light.verdict));
  default:
    return g_strdup(summary->note);
  }
}

static const char *
title_of(const Column *column)
{
  static const char *const titles[] = {[NAME] = N_("Run"), [VERDICT] = N_("Verdict"), [NOTE] = N_("Note")};
  if (column->kind == SETTING)
    return column->setting;
  return column->kind == FIGURE ? _(mg_summary_columns[column->figure].title) : _(titles[column->kind]);
}

static char *
tooltip_of(const MgRunSummary *summary, const Column *column)
{
  if (column->kind == VERDICT)
    return mg_fit_light_text(&summary->light);
  if (column->kind == NAME && summary->leaky)
    return g_strdup_printf("%s\n%s", summary->folder, _("Leaky split: the figure pretends"));
  if (column->kind == SETTING)
    return g_strdup(mg_run_summary_setting(summary, column->setting));
  return column->kind == FIGURE ? NULL : g_strdup(column->kind == NAME ? summary->folder : summary->note);
}

static void
setup_cell(GtkSignalListItemFactory *factory, GtkListItem *item, Column *column)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = mg_figure_label_new(column->kind == FIGURE ? 1 : 0);
  if (column->kind == VERDICT)
    gtk_box_append(GTK_BOX(box), gtk_image_new());
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(box), label);
  gtk_list_item_set_child(item, box);
}

static void
bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, Column *column)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  MgComparedRun *run = gtk_list_item_get_item(item);
  const MgRunSummary *summary = mg_compared_run_summary(run);
  g_autofree char *text = text_of(summary, column), *tooltip = tooltip_of(summary, column);
  g_object_set_data_full(G_OBJECT(cell), row_key, g_object_ref(run), g_object_unref);
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_last_child(cell)), text);
  gtk_widget_set_tooltip_text(cell, tooltip && *tooltip ? tooltip : NULL);
  if (column->kind == VERDICT)
    mg_fit_icon_set(gtk_widget_get_first_child(cell), summary->light.verdict);
}

static double
number_of(const MgRunSummary *summary, const Column *column)
{
  if (column->kind == FIGURE)
    return summary->figures[column->figure];
  const char *text = column->kind == SETTING ? mg_run_summary_setting(summary, column->setting) : NULL;
  char *end = NULL;
  double number = text ? g_ascii_strtod(text, &end) : NAN;
  return text && end != text && !*end ? number : NAN;
}

/* By their numbers where both have one; what is not known comes after. */
static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const Column *column = data;
  const MgRunSummary *one = mg_compared_run_summary((MgComparedRun *)a);
  const MgRunSummary *other = mg_compared_run_summary((MgComparedRun *)b);
  double first = number_of(one, column), second = number_of(other, column);
  if (isfinite(first) && isfinite(second))
    return (first > second) - (first < second);
  if (column->kind == FIGURE)
    return isfinite(second) - isfinite(first);
  if (column->kind == VERDICT)
    return (int)one->light.verdict - (int)other->light.verdict;
  g_autofree char *text = text_of(one, column), *other_text = text_of(other, column);
  return g_utf8_collate(text, other_text);
}

static void
add_column(MgCompareView *view, ColumnKind kind, const char *setting, int figure, int width)
{
  Column *own = g_new(Column, 1);
  *own = (Column){kind, g_strdup(setting), figure};
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(setup_cell), own);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), own);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new(title_of(own), factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, own, NULL));
  g_object_set_data_full(G_OBJECT(column), "column", own, free_column);
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_column_set_fixed_width(column, (int)(width * mg_text_scale()));
  gtk_column_view_append_column(view->view, column);
}

static gboolean
any_has(const GPtrArray *summaries, int figure)
{
  gboolean any = FALSE;
  for (guint i = 0; i < summaries->len && !any; i++)
    any = isfinite(((const MgRunSummary *)summaries->pdata[i])->figures[figure]);
  return any;
}

static int
width_of(const char *title)
{
  return CLAMP(36 + 8 * (int)g_utf8_strlen(title, -1), 88, 190);
}

static void
make_columns(MgCompareView *view, const GPtrArray *summaries, const GPtrArray *differing)
{
  GListModel *columns = gtk_column_view_get_columns(view->view);
  while (g_list_model_get_n_items(columns) > 0) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, 0);
    gtk_column_view_remove_column(view->view, column);
  }
  add_column(view, NAME, NULL, 0, 150);
  for (guint i = 0; i < differing->len; i++)
    add_column(view, SETTING, differing->pdata[i], 0, width_of(differing->pdata[i]));
  for (int f = 0; f < MG_SUMMARY_FIGURES; f++)
    if (any_has(summaries, f))
      add_column(view, FIGURE, NULL, f, width_of(_(mg_summary_columns[f].title)));
  add_column(view, VERDICT, NULL, 0, 150);
  add_column(view, NOTE, NULL, 0, 190);
}

/* Columns stay, and with them how they are sorted, as long as they stand for the same. */
static void
follow_columns(MgCompareView *view)
{
  const GPtrArray *summaries = mg_run_comparison_summaries(view->comparison);
  g_autoptr(GPtrArray) differing = mg_run_summaries_differing(summaries);
  GString *key = g_string_new(NULL);
  for (guint i = 0; i < differing->len; i++)
    g_string_append_printf(key, "%s ", (const char *)differing->pdata[i]);
  for (int f = 0; f < MG_SUMMARY_FIGURES; f++)
    g_string_append_c(key, any_has(summaries, f) ? '1' : '0');
  g_autofree char *columns = g_string_free(key, FALSE);
  if (g_strcmp0(columns, view->columns) == 0)
    return;
  g_free(view->columns);
  view->columns = g_steal_pointer(&columns);
  make_columns(view, summaries, differing);
}

/* Copying, exporting: what is shown, in its order. */

static char *
line_of(MgCompareView *view, const MgRunSummary *summary)
{
  GListModel *columns = gtk_column_view_get_columns(view->view);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    const Column *own = g_object_get_data(G_OBJECT(column), "column");
    g_ptr_array_add(cells, summary ? text_of(summary, own) : g_strdup(title_of(own)));
  }
  return mg_copy_join(cells);
}

static MgCompareView *
view_of(GtkWidget *scroller)
{
  return MG_COMPARE_VIEW(gtk_widget_get_ancestor(scroller, MG_TYPE_COMPARE_VIEW));
}

static char *
copy_row(GtkWidget *widget, double x, double y)
{
  MgCompareView *view = view_of(widget);
  MgComparedRun *run =
      x < 0 ? gtk_single_selection_get_selected_item(view->selection) : mg_copy_row_at(widget, x, y, row_key);
  return run ? line_of(view, mg_compared_run_summary(run)) : NULL;
}

static char *
copy_table(GtkWidget *widget)
{
  MgCompareView *view = view_of(widget);
  GListModel *rows = G_LIST_MODEL(view->selection);
  g_autofree char *title = line_of(view, NULL);
  GString *text = g_string_new(title);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(MgComparedRun) run = g_list_model_get_item(rows, i);
    g_autofree char *line = line_of(view, mg_compared_run_summary(run));
    g_string_append_printf(text, "\n%s", line);
  }
  return g_string_free(g_string_append_c(text, '\n'), FALSE);
}

static const MgCopyFuncs copy_funcs = {copy_row, copy_table};

static void
write_table(GtkWidget *widget, const char *path, gpointer data)
{
  MgCompareView *view = MG_COMPARE_VIEW(widget);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GPtrArray) summaries = g_ptr_array_new();
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(view->selection)); i++) {
    g_ptr_array_add(rows, g_list_model_get_item(G_LIST_MODEL(view->selection), i));
    g_ptr_array_add(summaries, (gpointer)mg_compared_run_summary(rows->pdata[i]));
  }
  gboolean markdown = g_str_has_suffix(path, ".md");
  g_autofree char *text = markdown ? mg_run_summaries_markdown(summaries) : mg_run_summaries_csv(summaries);
  g_autoptr(GError) error = NULL;
  if (!mg_file_write(path, text, strlen(text), &error))
    mg_window_toast(widget, error->message);
}

static void
save(MgCompareView *view)
{
  mg_ask_file(GTK_WIDGET(view), GTK_FILE_CHOOSER_ACTION_SAVE, _("Export table"), _("_Export"), "runs.csv", write_table,
              NULL, NULL);
}

/* Showing. */

static void
show(MgCompareView *view)
{
  const GPtrArray *summaries = mg_run_comparison_summaries(view->comparison);
  const char *evaluating = mg_run_comparison_evaluating(view->comparison);
  guint untested = mg_run_comparison_n_untested(view->comparison);
  g_autofree char *what = evaluating ? g_strdup_printf(_("Classifying the test set with %s…"), evaluating) : NULL;
  follow_columns(view);
  gtk_stack_set_visible_child_name(view->stack, summaries->len > 0 ? "table" : "empty");
  gtk_widget_set_visible(view->evaluate, !evaluating && untested > 0);
  gtk_widget_set_visible(view->cancel, evaluating != NULL);
  gtk_widget_set_sensitive(view->save, summaries->len > 0);
  gtk_label_set_text(GTK_LABEL(view->what), what ? what : "");
  mg_notice_set(view->notice, MG_NOTICE_ERROR, mg_run_comparison_message(view->comparison));
}

void
mg_compare_view_refresh(MgCompareView *view)
{
  if (gtk_widget_get_mapped(GTK_WIDGET(view)))
    mg_run_comparison_refresh(view->comparison);
}

static void
mg_compare_view_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(mg_compare_view_parent_class)->map(widget);
  mg_compare_view_refresh(MG_COMPARE_VIEW(widget));
}

static void
on_activated(GtkColumnView *columns, guint position, MgCompareView *view)
{
  g_autoptr(MgComparedRun) run = g_list_model_get_item(G_LIST_MODEL(view->selection), position);
  if (run)
    g_signal_emit(view, open_signal, 0, mg_compared_run_summary(run)->folder);
}

static void
mg_compare_view_dispose(GObject *object)
{
  MgCompareView *view = MG_COMPARE_VIEW(object);
  if (view->comparison)
    g_signal_handlers_disconnect_by_data(view->comparison, view);
  g_clear_object(&view->selection);
  g_clear_object(&view->comparison);
  g_clear_pointer(&view->columns, g_free);
  G_OBJECT_CLASS(mg_compare_view_parent_class)->dispose(object);
}

static void
mg_compare_view_class_init(MgCompareViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_compare_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = mg_compare_view_map;
  open_signal = g_signal_new("open", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_STRING);
}

static void
mg_compare_view_init(MgCompareView *view)
{
}

static GtkWidget *
new_head(MgCompareView *view)
{
  GtkWidget *box = mg_wrap_box_new(6), *end = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  view->what = mg_figure_label_new(0);
  view->evaluate = mg_button_new(NULL, _("Evaluate on _test sets"),
                                 _("Classify the test set with every run that has no test figures yet"));
  view->cancel = mg_button_new(NULL, _("_Cancel"), _("Stop evaluating"));
  view->save = mg_button_new("document-save-symbolic", NULL, _("Export the table as CSV or Markdown"));
  gtk_label_set_ellipsize(GTK_LABEL(view->what), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(end, TRUE);
  gtk_widget_set_halign(end, GTK_ALIGN_END);
  gtk_box_append(GTK_BOX(end), view->what);
  gtk_box_append(GTK_BOX(end), view->evaluate);
  gtk_box_append(GTK_BOX(end), view->cancel);
  gtk_box_append(GTK_BOX(end), view->save);
  mg_wrap_box_append(MG_WRAP_BOX(box), end);
  g_signal_connect_swapped(view->evaluate, "clicked", G_CALLBACK(mg_run_comparison_evaluate), view->comparison);
  g_signal_connect_swapped(view->cancel, "clicked", G_CALLBACK(mg_run_comparison_stop), view->comparison);
  g_signal_connect_swapped(view->save, "clicked", G_CALLBACK(save), view);
  return box;
}

static GtkWidget *
new_table(MgCompareView *view)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  view->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  gtk_widget_add_css_class(GTK_WIDGET(view->view), "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs compared"), -1);
  GtkSortListModel *sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(view->comparison)),
                                                     g_object_ref(gtk_column_view_get_sorter(view->view)));
  view->selection = gtk_single_selection_new(G_LIST_MODEL(sorted));
  gtk_single_selection_set_autoselect(view->selection, FALSE);
  gtk_single_selection_set_can_unselect(view->selection, TRUE);
  gtk_column_view_set_model(view->view, GTK_SELECTION_MODEL(view->selection));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(view->view));
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_size_request(scroller, -1, 220);
  mg_copy_menu_add(scroller, &copy_funcs);
  g_signal_connect(view->view, "activate", G_CALLBACK(on_activated), view);
  return scroller;
}

GtkWidget *
mg_compare_view_new(MgRunList *list)
{
  MgCompareView *view = g_object_new(MG_TYPE_COMPARE_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *table_box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *empty = gtk_label_new(_("Runs and what differs in them will appear here"));
  view->comparison = mg_run_comparison_new(list);
  view->notice = mg_notice_new();
  view->stack = GTK_STACK(mg_stack_new());
  gtk_widget_add_css_class(empty, "dim-label");
  gtk_box_append(GTK_BOX(table_box), new_table(view));
  gtk_stack_add_named(view->stack, empty, "empty");
  gtk_stack_add_named(view->stack, table_box, "table");
  gtk_box_append(GTK_BOX(box), new_head(view));
  gtk_box_append(GTK_BOX(box), view->notice);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(view->stack));
  adw_bin_set_child(ADW_BIN(view), box);
  g_signal_connect_swapped(view->comparison, "changed", G_CALLBACK(show), view);
  show(view);
  return GTK_WIDGET(view);
}
