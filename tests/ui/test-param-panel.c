/* Rows made from specs, typed into, filled from outside. */
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "support.h"
#include "ui/widgets/param-panel.h"

static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, NULL};

static MgParamPanel *
new_panel(int *changes)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  GtkWidget *panel = mg_param_panel_new(params, (const char *[]){"power", NULL});
  g_object_ref_sink(panel);
  g_signal_connect_swapped(panel, "changed", G_CALLBACK(g_atomic_int_inc), changes);
  return MG_PARAM_PANEL(panel);
}

/* The first widget of the type below which has the text as a title or name somewhere above: the row's control. */
static GtkWidget *
find(GtkWidget *widget, GType type, const char *row)
{
  if (ADW_IS_PREFERENCES_ROW(widget)) {
    const char *title = adw_preferences_row_get_title(ADW_PREFERENCES_ROW(widget));
    if (g_strcmp0(title, row) == 0)
      row = NULL;
    else if (row)
      return NULL;
  }
  if (!row && g_type_is_a(G_OBJECT_TYPE(widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type, row);
    if (found)
      return found;
  }
  return NULL;
}

static void
wait_for_change(int *changes, int wanted)
{
  gint64 deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
  while (*changes < wanted && g_get_monotonic_time() < deadline)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(*changes, ==, wanted);
}

static void
test_typing(void)
{
  int changes = 0;
  MgParamPanel *panel = new_panel(&changes);
  GtkWidget *entry = find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "n_fft");
  g_assert_nonnull(entry);
  g_assert_null(find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "power"));
  gtk_editable_set_text(GTK_EDITABLE(entry), "40");
  gtk_editable_set_text(GTK_EDITABLE(entry), "4096");
  wait_for_change(&changes, 1); /* both at once */
  g_assert_cmpint(mg_params_int(mg_param_panel_params(panel), "n_fft"), ==, 4096);
  g_object_unref(panel);
}

/* "-32" reads so in every language; its row is mirrored. */
static void
test_right_to_left(void)
{
  int changes = 0;
  gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
  MgParamPanel *panel = new_panel(&changes);
  GtkWidget *text = find(GTK_WIDGET(panel), GTK_TYPE_TEXT, "n_fft");
  g_assert_cmpint(gtk_widget_get_direction(text), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpint(gtk_widget_get_direction(GTK_WIDGET(panel)), ==, GTK_TEXT_DIR_RTL);
  g_object_unref(panel);
  gtk_widget_set_default_direction(GTK_TEXT_DIR_LTR);
}

static void
test_wrong_value(void)
{
  int changes = 0;
  MgParamPanel *panel = new_panel(&changes);
  GtkWidget *entry = find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "n_fft");
  GtkWidget *row = find(GTK_WIDGET(panel), ADW_TYPE_ACTION_ROW, "n_fft");
  gtk_editable_set_text(GTK_EDITABLE(entry), "many");
  g_assert_true(gtk_widget_has_css_class(entry, "error"));
  g_assert_nonnull(strstr(adw_action_row_get_subtitle(ADW_ACTION_ROW(row)), "16"));
  g_assert_false(mg_param_panel_valid(panel));
  g_assert_cmpint(mg_params_int(mg_param_panel_params(panel), "n_fft"), ==, 2048);
  gtk_editable_set_text(GTK_EDITABLE(entry), "1024");
  g_assert_false(gtk_widget_has_css_class(entry, "error"));
  g_assert_true(mg_param_panel_valid(panel));
  wait_for_change(&changes, 1);
  g_object_unref(panel);
}

static void
test_choice_switch_and_auto(void)
{
  int changes = 0;
  MgParamPanel *panel = new_panel(&changes);
  GtkWidget *combo = find(GTK_WIDGET(panel), ADW_TYPE_COMBO_ROW, "window");
  GtkWidget *center = find(GTK_WIDGET(panel), GTK_TYPE_SWITCH, "center");
  GtkWidget *hop = find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "hop_length");
  adw_combo_row_set_selected(ADW_COMBO_ROW(combo), 1);
  gtk_switch_set_active(GTK_SWITCH(center), FALSE);
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(hop)), ==, "auto");
  gtk_editable_set_text(GTK_EDITABLE(hop), "100");
  gtk_editable_set_text(GTK_EDITABLE(hop), ""); /* nothing typed is auto */
  wait_for_change(&changes, 1);
  const MgParams *params = mg_param_panel_params(panel);
  g_assert_cmpstr(mg_params_text(params, "window"), ==, "hamming");
  g_assert_false(mg_params_bool(params, "center"));
  g_assert_true(mg_params_is_auto(params, "hop_length"));
  g_object_unref(panel);
}

static void
test_filled_from_outside(void)
{
  int changes = 0;
  MgParamPanel *panel = new_panel(&changes);
  GtkWidget *entry = find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "n_fft");
  gtk_editable_set_text(GTK_EDITABLE(entry), "wrong");
  mg_param_panel_assign(panel, (const char *[]){"n_fft=512", "n_mels=40", "unknown=1", NULL});
  wait_for_change(&changes, 1);
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, "512");
  g_assert_true(mg_param_panel_valid(panel));
  g_autoptr(MgParams) defaults = mg_params_new(tables);
  mg_param_panel_take(panel, defaults);
  wait_for_change(&changes, 2);
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, "2048");
  g_object_unref(panel);
}

static const MgParamSpec list_specs[] = {
    {.name = "parts", .type = MG_PARAM_LIST, .default_value = "low", .choices = "low|mid|high", .help = "Some of them"},
};
static const MgParamSpec more_specs[] = {
    {.name = "more", .type = MG_PARAM_INT, .default_value = "1", .help = "In a table of the same title"},
};
static const MgParamTable list_table = MG_PARAM_TABLE("list", "Same", list_specs);
static const MgParamTable more_table = MG_PARAM_TABLE_WITH("more", "Same", more_specs, "parts=high");

static GtkCheckButton *
check_of(MgParamPanel *panel, int number)
{
  GtkWidget *button = find(GTK_WIDGET(panel), GTK_TYPE_MENU_BUTTON, "parts");
  GtkPopover *popover = gtk_menu_button_get_popover(GTK_MENU_BUTTON(button));
  GtkWidget *check = gtk_widget_get_first_child(gtk_popover_get_child(popover));
  while (number-- > 0)
    check = gtk_widget_get_next_sibling(check);
  return GTK_CHECK_BUTTON(check);
}

/* Several choices are switched one by one; tables of one title share a group; what does not count is not shown. */
static void
test_list(void)
{
  static const MgParamTable *const two[] = {&list_table, &more_table, NULL};
  int changes = 0;
  g_autoptr(MgParams) params = mg_params_new(two);
  MgParamPanel *panel = MG_PARAM_PANEL(g_object_ref_sink(mg_param_panel_new(params, NULL)));
  g_signal_connect_swapped(panel, "changed", G_CALLBACK(g_atomic_int_inc), &changes);
  GtkWidget *more = find(GTK_WIDGET(panel), GTK_TYPE_EDITABLE, "more");
  GtkWidget *more_row = gtk_widget_get_ancestor(more, ADW_TYPE_PREFERENCES_ROW);
  g_assert_true(gtk_check_button_get_active(check_of(panel, 0)));
  g_assert_false(gtk_widget_get_visible(more_row));
  gtk_check_button_set_active(check_of(panel, 2), TRUE);
  wait_for_change(&changes, 1);
  g_assert_true(gtk_widget_get_visible(more_row));
  g_assert_cmpstr(mg_params_text(mg_param_panel_params(panel), "parts"), ==, "low,high");
  mg_param_panel_assign(panel, (const char *[]){"parts=mid", NULL});
  wait_for_change(&changes, 2);
  g_assert_false(gtk_check_button_get_active(check_of(panel, 0)));
  g_assert_true(gtk_check_button_get_active(check_of(panel, 1)));
  gtk_check_button_set_active(check_of(panel, 1), FALSE);
  wait_for_change(&changes, 3);
  g_assert_cmpstr(mg_params_text(mg_param_panel_params(panel), "parts"), ==, "none");
  GtkWidget *group =
      gtk_widget_get_ancestor(find(GTK_WIDGET(panel), GTK_TYPE_MENU_BUTTON, "parts"), ADW_TYPE_PREFERENCES_GROUP);
  g_assert_true(gtk_widget_is_ancestor(more_row, group));
  g_object_unref(panel);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  g_test_add_func("/param-panel/typing", test_typing);
  g_test_add_func("/param-panel/wrong-value", test_wrong_value);
  g_test_add_func("/param-panel/choice-switch-and-auto", test_choice_switch_and_auto);
  g_test_add_func("/param-panel/filled-from-outside", test_filled_from_outside);
  g_test_add_func("/param-panel/list", test_list);
  g_test_add_func("/param-panel/right-to-left", test_right_to_left);
  return g_test_run();
}
