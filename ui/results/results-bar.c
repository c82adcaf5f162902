#include "ui/results/results-bar.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>
#include <math.h>

enum { N_FILTERS = MG_RESULTS_DIFFER + 1 };

struct _MgResultsBar {
  AdwBin parent_instance;
  MgRunList *runs;
  MgResults *results;
  GtkWidget *run, *against, *split, *filters[N_FILTERS], *class, *grouped, *search, *figures, *again, *tools;
  GtkWidget *cell_box, *cell_text, *pick_box, *pick_text;
  char *classes;    /* that the list of classes is filled with */
  gboolean filling; /* the controls are being set from the results */
};

G_DEFINE_FINAL_TYPE(MgResultsBar, mg_results_bar, ADW_TYPE_BIN)

static const char *const splits[] = {"test", "val", "train"};

/* Choosing. */

/* The first entry stands for no other run. */
static MgRun *
chosen_against(MgResultsBar *bar)
{
  gpointer chosen = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(bar->against));
  return MG_IS_RUN(chosen) ? chosen : NULL;
}

/* The run beside stays beside. */
static void
open_pair(MgResultsBar *bar, MgRun *run, const char *split)
{
  g_autoptr(MgRun) against = chosen_against(bar) ? g_object_ref(chosen_against(bar)) : NULL;
  mg_results_open_run(bar->results, run, split);
  if (against && against != run)
    mg_results_compare(bar->results, against);
}

static void
open_chosen(MgResultsBar *bar)
{
  MgRun *run = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(bar->run));
  guint split = gtk_drop_down_get_selected(GTK_DROP_DOWN(bar->split));
  if (bar->filling || !run || split >= G_N_ELEMENTS(splits))
    return;
  gboolean nothing = mg_results_state(bar->results) == MG_RESULTS_EMPTY; /* it may have a model by now */
  if (nothing || run != mg_results_run(bar->results) || !g_str_equal(splits[split], mg_results_split(bar->results)))
    open_pair(bar, run, splits[split]);
}

static void
on_against(MgResultsBar *bar)
{
  MgRun *run = mg_results_run(bar->results);
  if (!bar->filling && run && chosen_against(bar) != mg_results_against(bar->results))
    mg_results_compare(bar->results, chosen_against(bar));
}

/* The first entry stands for all classes. */
static void
on_class(MgResultsBar *bar)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(bar->class));
  if (!bar->filling && chosen != GTK_INVALID_LIST_POSITION)
    mg_results_set_class(bar->results, (int)chosen - 1);
}

static void
on_grouped(GtkToggleButton *button, MgResultsBar *bar)
{
  mg_results_set_grouped(bar->results, gtk_toggle_button_get_active(button));
}

static void
on_filter(GtkToggleButton *button, MgResultsBar *bar)
{
  for (guint i = 0; i < G_N_ELEMENTS(bar->filters); i++)
    if (bar->filters[i] == GTK_WIDGET(button) && gtk_toggle_button_get_active(button))
      mg_results_set_filter(bar->results, (MgResultsFilter)i);
}

static void
on_search(GtkEditable *entry, MgResultsBar *bar)
{
  mg_results_set_search(bar->results, gtk_editable_get_text(entry));
}

static void
clear_cell(MgResultsBar *bar)
{
  mg_results_set_cell(bar->results, -1, -1);
}

static void
clear_pick(MgResultsBar *bar)
{
  mg_results_pick(bar->results, NULL, 0);
}

/* Showing. */

static char *
figures_of(MgResults *results)
{
  guint n = mg_results_predictions(results)->predictions->len;
  if (!isfinite(mg_results_accuracy(results)))
    return g_strdup_printf(ngettext("%u segment", "%u segments", n), n);
  if (mg_results_other_predictions(results))
    return g_strdup_printf(_("accuracy A %.3f, B %.3f · macro F1 A %.3f, B %.3f"), mg_results_accuracy(results),
                           mg_results_other_accuracy(results), mg_results_macro_f1(results),
                           mg_results_other_macro_f1(results));
  return g_strdup_printf(_("accuracy %.3f · macro F1 %.3f · %zu of %zu tracks"), mg_results_accuracy(results),
                         mg_results_macro_f1(results), mg_results_n_tracks_right(results),
                         mg_results_n_tracks(results));
}

static char *
figures_tooltip(MgResults *results)
{
  size_t only_a, only_b;
  double p = mg_results_mcnemar(results, &only_a, &only_b);
  guint n = mg_results_predictions(results)->predictions->len;
  if (!mg_results_other_predictions(results))
    return g_strdup(_("Over all segments of the split; tracks by the vote of their segments"));
  return g_strdup_printf(_("Over the %u segments that neither run was trained on; %zu only A has right, %zu only B: "
                           "p = %.3g by McNemar's test"),
                         n, only_a, only_b, p);
}

static void
name_filters(MgResultsBar *bar)
{
  const MgPredictions *all = mg_results_predictions(bar->results);
  const char *const titles[N_FILTERS] = {_("All"), _("Wrong"), _("Unsure"), _("A ≠ B")};
  const guint counts[N_FILTERS] = {all ? all->predictions->len : 0, mg_results_n_wrong(bar->results),
                                   mg_results_n_unsure(bar->results), mg_results_n_differ(bar->results)};
  MgResultsFilter filter = mg_results_filter(bar->results);
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
    g_autofree char *text = all ? g_strdup_printf("%s %u", titles[i], counts[i]) : g_strdup(titles[i]);
    gtk_label_set_text(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(bar->filters[i]))), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar->filters[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, titles[i], -1);
  }
  gtk_widget_set_visible(bar->filters[MG_RESULTS_DIFFER], mg_results_other_predictions(bar->results) != NULL);
  if (!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(bar->filters[filter])))
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(bar->filters[filter]), TRUE);
}

/* The list is filled anew only where the classes are others. */
static void
show_class(MgResultsBar *bar)
{
  const char *const *labels = mg_results_labels(bar->results);
  g_autofree char *classes = g_strjoinv("\n", (char **)labels);
  bar->filling = TRUE;
  if (*labels && g_strcmp0(classes, bar->classes) != 0) {
    g_autoptr(GtkStringList) names = gtk_string_list_new(labels);
    gtk_string_list_splice(names, 0, 0, (const char *const[]){_("All classes"), NULL});
    gtk_drop_down_set_model(GTK_DROP_DOWN(bar->class), G_LIST_MODEL(names));
    g_free(bar->classes);
    bar->classes = g_steal_pointer(&classes);
  }
  gtk_drop_down_set_selected(GTK_DROP_DOWN(bar->class), (guint)(mg_results_class(bar->results) + 1));
  bar->filling = FALSE;
}

static void
show_cell(MgResultsBar *bar)
{
  int truth, prediction;
  gboolean any = mg_results_cell(bar->results, &truth, &prediction);
  gtk_widget_set_visible(bar->cell_box, any);
  if (!any)
    return;
  const char *const *labels = mg_results_labels(bar->results);
  g_autofree char *heard = g_strdup_printf(_("%s heard as %s"), labels[truth], labels[prediction]);
  g_autofree char *by = g_strdup_printf(_("%s by B"), heard);
  const char *text = mg_results_cell_is_other(bar->results) ? by : heard;
  gtk_label_set_text(GTK_LABEL(bar->cell_text), text);
}

static void
show_pick(MgResultsBar *bar)
{
  size_t n, in_table;
  gboolean any = mg_results_picked(bar->results, &n, &in_table);
  g_autofree char *all = g_strdup_printf(ngettext("%zu selected", "%zu selected", n), n);
  g_autofree char *some = g_strdup_printf(_("%zu of %zu selected"), in_table, n);
  gtk_widget_set_visible(bar->pick_box, any);
  gtk_label_set_text(GTK_LABEL(bar->pick_text), in_table == n ? all : some);
  gtk_widget_set_tooltip_text(bar->pick_box, in_table == n ? _("Show all segments again")
                                                           : _("The others are on other sides of the split. Show all "
                                                               "segments again"));
}

static void
show_against(MgResultsBar *bar)
{
  MgRun *against = mg_results_against(bar->results);
  guint chosen = 0;
  for (guint i = 0; against && i < g_list_model_get_n_items(G_LIST_MODEL(bar->runs)); i++) {
    g_autoptr(MgRun) each = g_list_model_get_item(G_LIST_MODEL(bar->runs), i);
    chosen = each == against ? i + 1 : chosen;
  }
  if (gtk_drop_down_get_selected(GTK_DROP_DOWN(bar->against)) != chosen)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(bar->against), chosen);
}

static void
show_choice(MgResultsBar *bar)
{
  MgRun *run = mg_results_run(bar->results);
  bar->filling = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(bar->runs)); i++) {
    g_autoptr(MgRun) each = g_list_model_get_item(G_LIST_MODEL(bar->runs), i);
    if (each == run && gtk_drop_down_get_selected(GTK_DROP_DOWN(bar->run)) != i)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(bar->run), i);
  }
  for (guint i = 0; i < G_N_ELEMENTS(splits); i++)
    if (g_str_equal(splits[i], mg_results_split(bar->results)))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(bar->split), i);
  show_against(bar);
  gtk_widget_set_sensitive(bar->against, run != NULL);
  bar->filling = FALSE;
}

void
mg_results_bar_show(MgResultsBar *bar)
{
  MgResultsState state = mg_results_state(bar->results);
  MgRun *run = mg_results_run(bar->results);
  gboolean ready = state == MG_RESULTS_READY;
  g_autofree char *figures = ready ? figures_of(bar->results) : NULL;
  g_autofree char *tooltip = ready ? figures_tooltip(bar->results) : NULL;
  gtk_label_set_text(GTK_LABEL(bar->figures), figures ? figures : "");
  gtk_widget_set_tooltip_text(bar->figures, tooltip);
  gtk_widget_set_sensitive(bar->again, run && mg_run_has_model(run) && state != MG_RESULTS_EVALUATING);
  gtk_widget_set_visible(bar->tools, mg_results_predictions(bar->results) != NULL);
  name_filters(bar);
  show_class(bar);
  show_cell(bar);
  show_pick(bar);
  show_choice(bar);
}

/* Building. */

/* Of a run, or of the text that stands for none. */
static char *
run_name(GObject *item)
{
  return g_strdup(MG_IS_RUN(item) ? mg_run_name(MG_RUN(item)) : gtk_string_object_get_string(GTK_STRING_OBJECT(item)));
}

/* The runs, and before them one entry for none. */
static GtkWidget *
new_against(MgResultsBar *bar)
{
  GListStore *lists = g_list_store_new(G_TYPE_LIST_MODEL);
  g_autoptr(GtkStringList) none = gtk_string_list_new((const char *const[]){_("no other run"), NULL});
  GtkExpression *name = gtk_cclosure_expression_new(G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK(run_name), NULL, NULL);
  g_list_store_append(lists, none);
  g_list_store_append(lists, bar->runs);
  bar->against = gtk_drop_down_new(G_LIST_MODEL(gtk_flatten_list_model_new(G_LIST_MODEL(lists))), name);
  g_signal_connect_swapped(bar->against, "notify::selected-item", G_CALLBACK(on_against), bar);
  return bar->against;
}

static void
name_control(GtkWidget *widget, const char *name)
{
  gtk_widget_set_tooltip_text(widget, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
new_choosers(MgResultsBar *bar)
{
  GtkWidget *box = mg_wrap_box_new(6);
  const char *const titles[] = {_("Test"), _("Validation"), _("Train"), NULL};
  GtkExpression *name = gtk_cclosure_expression_new(G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK(run_name), NULL, NULL);
  bar->run = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(bar->runs)), name);
  bar->split = gtk_drop_down_new_from_strings(titles);
  bar->again = mg_button_new("view-refresh-symbolic", NULL, _("Evaluate again"));
  new_against(bar);
  name_control(bar->run, _("Run"));
  name_control(bar->against, _("Beside it, as B: another run on the segments that neither was trained on"));
  name_control(bar->split, _("Split"));
  g_signal_connect_swapped(bar->run, "notify::selected-item", G_CALLBACK(open_chosen), bar);
  g_signal_connect_swapped(bar->split, "notify::selected", G_CALLBACK(open_chosen), bar);
  g_signal_connect_swapped(bar->again, "clicked", G_CALLBACK(mg_results_evaluate), bar->results);
  bar->figures = mg_figure_label_new(1);
  gtk_label_set_ellipsize(GTK_LABEL(bar->figures), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(bar->figures, TRUE);
  GtkWidget *const parts[] = {bar->run, bar->against, bar->split, bar->again, bar->figures};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(box), parts[i]);
  return box;
}

static GtkWidget *
new_filters(MgResultsBar *bar)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(box, "linked");
  const char *const tooltips[] = {_("Every segment"), _("Segments heard as another class"),
                                  _("Segments whose largest probability is below 0.6"),
                                  _("Segments that the two runs hear differently")};
  for (size_t i = 0; i < G_N_ELEMENTS(bar->filters); i++) {
    GtkWidget *label = mg_figure_label_new(0.5);
    bar->filters[i] = gtk_toggle_button_new();
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(label), 4);
    gtk_button_set_child(GTK_BUTTON(bar->filters[i]), label);
    gtk_widget_set_tooltip_text(bar->filters[i], tooltips[i]);
    if (i > 0)
      gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(bar->filters[i]), GTK_TOGGLE_BUTTON(bar->filters[0]));
    g_signal_connect(bar->filters[i], "toggled", G_CALLBACK(on_filter), bar);
    gtk_box_append(GTK_BOX(box), bar->filters[i]);
  }
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(bar->filters[0]), TRUE);
  return box;
}

/* A filter set elsewhere, which goes by a click on it. */
static GtkWidget *
new_chip(MgResultsBar *bar, const char *name, GCallback clear, GtkWidget **text)
{
  GtkWidget *chip = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  *text = mg_figure_label_new(0);
  gtk_box_append(GTK_BOX(box), *text);
  gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("edit-clear-symbolic"));
  gtk_button_set_child(GTK_BUTTON(chip), box);
  name_control(chip, name);
  g_signal_connect_swapped(chip, "clicked", clear, bar);
  return chip;
}

static GtkWidget *
new_class(MgResultsBar *bar)
{
  bar->class = gtk_drop_down_new_from_strings((const char *const[]){_("All classes"), NULL});
  name_control(bar->class, _("Only segments of this class"));
  g_signal_connect_swapped(bar->class, "notify::selected", G_CALLBACK(on_class), bar);
  return bar->class;
}

static GtkWidget *
new_grouped(MgResultsBar *bar)
{
  bar->grouped = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(bar->grouped), "view-list-symbolic");
  name_control(bar->grouped, _("Group by track, with votes"));
  g_signal_connect(bar->grouped, "toggled", G_CALLBACK(on_grouped), bar);
  return bar->grouped;
}

static GtkWidget *
new_tools(MgResultsBar *bar)
{
  GtkWidget *box = mg_wrap_box_new(6);
  bar->search = gtk_search_entry_new();
  gtk_editable_set_width_chars(GTK_EDITABLE(bar->search), 4);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(bar->search), 4);
  gtk_widget_set_hexpand(bar->search, TRUE);
  name_control(bar->search, _("Search in names and genres"));
  g_signal_connect(bar->search, "search-changed", G_CALLBACK(on_search), bar);
  GtkWidget *save = mg_button_new("document-save-symbolic", NULL, _("Export the shown rows as CSV"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(save), "results.export");
  GtkWidget *end = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6); /* they go to the next line together */
  gtk_box_append(GTK_BOX(end), bar->search);
  gtk_box_append(GTK_BOX(end), save);
  bar->cell_box = new_chip(bar, _("Show all cells again"), G_CALLBACK(clear_cell), &bar->cell_text);
  bar->pick_box = new_chip(bar, _("Show all segments again"), G_CALLBACK(clear_pick), &bar->pick_text);
  GtkWidget *const parts[] = {new_filters(bar), new_class(bar), new_grouped(bar), bar->cell_box, bar->pick_box, end};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(box), parts[i]);
  return box;
}

void
mg_results_bar_search(MgResultsBar *bar, const char *text)
{
  gtk_editable_set_text(GTK_EDITABLE(bar->search), text);
}

/* Of the runs, newest first, the first one that has predictions to show; 0 where none has. */
static guint
newest_with_model(MgResultsBar *bar)
{
  GListModel *runs = G_LIST_MODEL(bar->runs);
  for (guint i = 0; i < g_list_model_get_n_items(runs); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(runs, i);
    if (mg_run_has_model(run))
      return i;
  }
  return 0;
}

void
mg_results_bar_open(MgResultsBar *bar)
{
  if (gtk_drop_down_get_selected(GTK_DROP_DOWN(bar->run)) == 0) /* as it is while nobody has chosen */
    gtk_drop_down_set_selected(GTK_DROP_DOWN(bar->run), newest_with_model(bar));
  open_chosen(bar);
}

static void
mg_results_bar_dispose(GObject *object)
{
  MgResultsBar *bar = MG_RESULTS_BAR(object);
  bar->filling = TRUE; /* lists that go deselect */
  g_clear_object(&bar->results);
  g_clear_object(&bar->runs);
  g_clear_pointer(&bar->classes, g_free);
  G_OBJECT_CLASS(mg_results_bar_parent_class)->dispose(object);
}

static void
mg_results_bar_class_init(MgResultsBarClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_results_bar_dispose;
}

static void
mg_results_bar_init(MgResultsBar *bar)
{
}

GtkWidget *
mg_results_bar_new(MgRunList *runs, MgResults *results)
{
  MgResultsBar *bar = g_object_new(MG_TYPE_RESULTS_BAR, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  bar->runs = g_object_ref(runs);
  bar->results = g_object_ref(results);
  bar->filling = TRUE;
  gtk_box_append(GTK_BOX(box), new_choosers(bar));
  bar->tools = new_tools(bar);
  gtk_box_append(GTK_BOX(box), bar->tools);
  adw_bin_set_child(ADW_BIN(bar), box);
  bar->filling = FALSE;
  return GTK_WIDGET(bar);
}
