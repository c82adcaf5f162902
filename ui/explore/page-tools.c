#include "ui/explore/page.h"
#include "ui/widgets/format.h"
#include "ui/widgets/menu.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* In the order of MgTool; the keys are 1 to 5. */
static const struct {
  const char *title, *icon; /* N_() */
} tools[MG_N_TOOLS] = {
    [MG_TOOL_TIME] = {N_("Select time"), "melograph-tool-time-symbolic"},
    [MG_TOOL_BOX] = {N_("Select time and frequency"), "melograph-tool-box-symbolic"},
    [MG_TOOL_PAN] = {N_("Move the picture"), "melograph-tool-pan-symbolic"},
    [MG_TOOL_MEASURE] = {N_("Measure, with harmonics"), "melograph-tool-measure-symbolic"},
    [MG_TOOL_BRUSH] = {N_("Brush: hear a region"), "melograph-tool-brush-symbolic"},
};

static void
choose(GSimpleAction *action, GVariant *state, gpointer data)
{
  Page *page = data;
  for (int i = 0; i < MG_N_TOOLS; i++)
    if (g_str_equal(mg_tool_names[i], g_variant_get_string(state, NULL)))
      mg_tools_choose(page->tools, (MgTool)i);
}

static void
follow_tools(Page *page)
{
  MgTool tool = mg_tools_current(page->tools);
  g_autofree char *tooltip = g_strdup_printf("%s (%d)", _(tools[tool].title), tool + 1);
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(page->hand), "tool");
  g_autoptr(GVariant) state = g_action_get_state(action);
  if (g_str_equal(g_variant_get_string(state, NULL), mg_tool_names[tool]))
    return;
  g_simple_action_set_state(G_SIMPLE_ACTION(action), g_variant_new_string(mg_tool_names[tool]));
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(page->tool_button), tools[tool].icon);
  gtk_widget_set_tooltip_text(page->tool_button, tooltip);
}

static GMenuModel *
new_menu(void)
{
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) section = g_menu_new();
  for (int i = 0; i < MG_N_TOOLS; i++) {
    char key[] = {(char)('1' + i), 0};
    g_autofree char *action = g_strdup_printf("hand.tool('%s')", mg_tool_names[i]);
    mg_menu_append(section, _(tools[i].title), action, key);
  }
  g_menu_append_section(menu, _("A drag over a picture"), G_MENU_MODEL(section));
  return G_MENU_MODEL(menu);
}

GtkWidget *
mg_page_new_tool_button(Page *page)
{
  static const GActionEntry entries[] = {
      {.name = "tool", .parameter_type = "s", .state = "'time'", .change_state = choose}};
  g_autoptr(GMenuModel) menu = new_menu();
  GtkWidget *button = page->tool_button = gtk_menu_button_new();
  page->hand = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(page->hand), entries, G_N_ELEMENTS(entries), page);
  gtk_widget_insert_action_group(GTK_WIDGET(page), "hand", G_ACTION_GROUP(page->hand));
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), tools[MG_TOOL_TIME].icon);
  gtk_widget_set_tooltip_text(button, _("What a drag over a picture does (1 to 5)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tool"), -1);
  gtk_widget_set_halign(button, GTK_ALIGN_END);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "add-pane");
  g_signal_connect_object(page->tools, "changed", G_CALLBACK(follow_tools), page, G_CONNECT_SWAPPED);
  return button;
}

/* Readout */

static void
append_interval(GString *text, double low, double high, gboolean brief)
{
  g_autofree char *count = mg_format_count(high - low);
  g_string_append_printf(text, " · Δf %s\u202f%s", count, _("Hz"));
  if (low > 0 && high > 0 && !brief) {
    g_autofree char *semitones = mg_format_value(12 * log2(high / low), NULL);
    g_string_append_printf(text, " (%s\u202f%s)", semitones, _("semitones"));
  }
}

static void
append_duration(GString *text, double seconds, gboolean brief)
{
  g_autofree char *duration = mg_format_value(seconds, _("s"));
  g_string_append_printf(text, "Δt %s", duration);
  if (seconds > 0 && !brief) {
    g_autofree char *rate = mg_format_value(1 / seconds, _("Hz"));
    g_string_append_printf(text, " (%s)", rate);
  }
}

static char *
describe_measure(const MgMeasure *measure, gboolean brief)
{
  GString *text = g_string_new(NULL);
  append_duration(text, fabs(measure->seconds[1] - measure->seconds[0]), brief);
  if (isfinite(measure->hz[0]) && isfinite(measure->hz[1]))
    append_interval(text, measure->hz[0], measure->hz[1], brief);
  if (isfinite(measure->db[0]) && isfinite(measure->db[1])) {
    g_autofree char *levels = mg_format_value(measure->db[1] - measure->db[0], _("dB"));
    g_string_append_printf(text, " · Δ %s", levels);
  }
  return g_string_free(text, FALSE);
}

static char *
describe_selection(MgSelection *selection, gboolean brief)
{
  GString *text = g_string_new(NULL);
  double start = mg_selection_start(selection), end = mg_selection_end(selection);
  g_autofree char *from = mg_format_clock(start, 3), *to = mg_format_clock(end, 3);
  if (!brief)
    g_string_append_printf(text, "%s–%s · ", from, to);
  append_duration(text, end - start, brief);
  if (mg_selection_is_box(selection)) {
    g_autofree char *low = mg_format_count(mg_selection_low(selection));
    g_autofree char *high = mg_format_count(mg_selection_high(selection));
    g_string_append_printf(text, " · %s–%s\u202f%s", low, high, _("Hz"));
    if (!brief)
      append_interval(text, mg_selection_low(selection), mg_selection_high(selection), FALSE);
  }
  return g_string_free(text, FALSE);
}

char *
mg_page_describe_marks(Page *page, gboolean brief)
{
  const MgMeasure *measure = mg_tools_measure(page->tools);
  if (measure)
    return describe_measure(measure, brief);
  return mg_selection_is_stretch(mg_page_selection(page)) ? describe_selection(mg_page_selection(page), brief) : NULL;
}

/* What is seen goes to the selection: in time, and in the panes of frequencies to its band. */
static void
zoom_to_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  MgSelection *selection = mg_page_selection(page);
  if (!mg_selection_is_stretch(selection))
    return;
  mg_timeline_show(page->timeline, mg_selection_start(selection), mg_selection_end(selection));
  for (guint i = 0; mg_selection_is_box(selection) && i < mg_pane_list_n(page->panes); i++)
    mg_view_show_band(mg_page_view(page, i), mg_selection_low(selection), mg_selection_high(selection));
}

static void
fit(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  mg_timeline_fit(page->timeline);
  for (guint i = 0; i < mg_pane_list_n(page->panes); i++)
    mg_view_set_zoom(mg_page_view(page, i), 0, 1);
}

static void
clear_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  mg_tools_set_measure(page->tools, NULL);
  mg_selection_set(mg_page_selection(page), mg_selection_track(mg_page_selection(page)), 0, 0);
}

void
mg_page_install_tool_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.fit", NULL, fit);
  gtk_widget_class_install_action(class, "explore.zoom-selection", NULL, zoom_to_selection);
  gtk_widget_class_install_action(class, "explore.clear", NULL, clear_selection);
}
