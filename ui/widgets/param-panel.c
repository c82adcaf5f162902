#include "ui/widgets/param-panel.h"
#include "ui/widgets/direction.h"
#include "ui/widgets/format.h"
#include "ui/widgets/list-button.h"
#include <glib/gi18n.h>
#include <locale.h>

#define DEBOUNCE_MS 250

struct _MgParamPanel {
  AdwBin parent;
  MgParams *params;
  GtkBox *groups;
  GHashTable *rows; /* name -> Row * */
  guint pending;    /* source of the coming "changed" */
  gboolean filling; /* rows are being set from params */
};

typedef struct {
  MgParamPanel *panel;
  const MgParamTable *table;
  const MgParamSpec *spec;
  GtkWidget *row;     /* AdwActionRow or AdwComboRow */
  GtkWidget *control; /* GtkSpinButton, GtkEntry, GtkSwitch, a list button or the row itself */
  gboolean wrong;
} Row;

G_DEFINE_FINAL_TYPE(MgParamPanel, mg_param_panel, ADW_TYPE_BIN)

static guint changed_signal;

/* Rows whose values count for nothing are not shown, and no heading over nothing. */
static void
show_what_counts(MgParamPanel *panel)
{
  GHashTableIter iter;
  gpointer data;
  g_autoptr(GHashTable) headed = g_hash_table_new(NULL, NULL); /* groups -> title, NULL where all rows are hidden */
  g_hash_table_iter_init(&iter, panel->rows);
  while (g_hash_table_iter_next(&iter, NULL, &data)) {
    const Row *row = data;
    GtkWidget *group = gtk_widget_get_ancestor(row->row, ADW_TYPE_PREFERENCES_GROUP);
    gboolean counts = mg_params_table_counts(panel->params, row->table);
    gtk_widget_set_visible(row->row, counts);
    if (counts || !g_hash_table_contains(headed, group))
      g_hash_table_insert(headed, group, counts ? (gpointer)row->table->title : NULL);
  }
  gpointer group, title;
  g_hash_table_iter_init(&iter, headed);
  while (g_hash_table_iter_next(&iter, &group, &title))
    adw_preferences_group_set_title(group, title ? _(title) : "");
}

static gboolean
announce(gpointer data)
{
  MgParamPanel *panel = data;
  panel->pending = 0;
  g_signal_emit(panel, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
announce_soon(MgParamPanel *panel, guint delay)
{
  g_clear_handle_id(&panel->pending, g_source_remove);
  panel->pending = g_timeout_add(delay, announce, panel);
}

static void
show_verdict(Row *row, const GError *error)
{
  row->wrong = error != NULL;
  GtkWidget *control = row->control;
  if (error)
    gtk_widget_add_css_class(control, "error");
  else
    gtk_widget_remove_css_class(control, "error");
  /* The row's title already names the parameter. */
  const char *colon = error ? strchr(error->message, ':') : NULL;
  g_autofree char *subtitle = error ? g_markup_escape_text(colon ? colon + 2 : error->message, -1) : NULL;
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row->row), subtitle ? subtitle : "");
  gtk_accessible_update_state(GTK_ACCESSIBLE(control), GTK_ACCESSIBLE_STATE_INVALID,
                              error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
take_text(Row *row, const char *text)
{
  MgParamPanel *panel = row->panel;
  if (panel->filling)
    return;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = g_strdup(mg_params_text(panel->params, row->spec->name));
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  const char *value = *stripped == 0 && row->spec->automatic ? "auto" : stripped;
  mg_params_set(panel->params, row->spec->name, value, &error);
  show_verdict(row, error);
  show_what_counts(panel);
  if (!error && g_strcmp0(before, mg_params_text(panel->params, row->spec->name)) != 0)
    announce_soon(panel, DEBOUNCE_MS);
}

/* Parameters are kept with a point; entries show, and take as well, what the user's language has for it. */
static char *
replace_point(const Row *row, const char *text, const char *point, const char *other)
{
  g_auto(GStrv) parts = g_strsplit(text, point, -1);
  return row->spec->type == MG_PARAM_FLOAT ? g_strjoinv(other, parts) : g_strdup(text);
}

static const char *
local_point(void)
{
  return localeconv()->decimal_point;
}

static void
take_entry(GtkEditable *editable, Row *row)
{
  g_autofree char *text = replace_point(row, gtk_editable_get_text(editable), local_point(), ".");
  take_text(row, text);
}

static void
take_spin(GtkSpinButton *spin, Row *row)
{
  g_autofree char *text = g_strdup_printf("%d", gtk_spin_button_get_value_as_int(spin));
  take_text(row, text);
}

static void
take_switch(GtkSwitch *control, GParamSpec *pspec, Row *row)
{
  take_text(row, gtk_switch_get_active(control) ? "true" : "false");
}

static void
take_combo(AdwComboRow *combo, GParamSpec *pspec, Row *row)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item(combo);
  if (chosen)
    take_text(row, gtk_string_object_get_string(chosen));
}

static void
take_list(GtkWidget *button, gpointer row)
{
  g_autofree char *text = mg_list_button_get(button);
  take_text(row, text);
}

static void
make_list(Row *row)
{
  row->row = adw_action_row_new();
  row->control = mg_list_button_new(row->spec->choices, take_list, row);
  gtk_widget_set_valign(row->control, GTK_ALIGN_CENTER);
}

static void
make_combo(Row *row)
{
  g_auto(GStrv) choices = g_strsplit(row->spec->choices, "|", -1);
  g_autoptr(GtkStringList) list = gtk_string_list_new((const char *const *)choices);
  if (row->spec->automatic)
    gtk_string_list_append(list, "auto");
  row->row = row->control = adw_combo_row_new();
  adw_combo_row_set_model(ADW_COMBO_ROW(row->row), G_LIST_MODEL(list));
  g_signal_connect(row->row, "notify::selected", G_CALLBACK(take_combo), row);
}

static void
make_switch(Row *row)
{
  row->row = adw_action_row_new();
  row->control = gtk_switch_new();
  gtk_widget_set_valign(row->control, GTK_ALIGN_CENTER);
  g_signal_connect(row->control, "notify::active", G_CALLBACK(take_switch), row);
}

/* Only a whole number within limits that a hand can step through gets buttons. */
static gboolean
wants_spin(const MgParamSpec *spec)
{
  return spec->type == MG_PARAM_INT && !spec->automatic && (spec->min != 0 || spec->max != 0) && spec->max <= 1000;
}

static void
make_number(Row *row)
{
  const MgParamSpec *spec = row->spec;
  row->row = adw_action_row_new();
  if (wants_spin(spec)) {
    row->control = gtk_spin_button_new_with_range(spec->min, spec->max, 1);
    g_signal_connect(row->control, "value-changed", G_CALLBACK(take_spin), row);
  } else {
    row->control = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(row->control), spec->type == MG_PARAM_TEXT ? 10 : 7);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(row->control), spec->type == MG_PARAM_TEXT ? 14 : 8);
    if (spec->type != MG_PARAM_TEXT)
      gtk_entry_set_alignment(GTK_ENTRY(row->control), 1);
    g_signal_connect(row->control, "changed", G_CALLBACK(take_entry), row);
  }
  if (spec->type != MG_PARAM_TEXT)
    mg_direction_keep(row->control); /* a minus stands before its number */
  gtk_widget_add_css_class(row->control, "numeric");
  gtk_widget_set_valign(row->control, GTK_ALIGN_CENTER);
}

static void
append_unit(Row *row)
{
  if (!row->spec->unit)
    return;
  GtkWidget *unit = gtk_label_new(mg_format_unit(row->spec->unit));
  gtk_widget_add_css_class(unit, "dim-label");
  adw_action_row_add_suffix(ADW_ACTION_ROW(row->row), unit);
}

static char *
tooltip_of(const MgParamSpec *spec)
{
  const char *help = spec->help ? _(spec->help) : spec->name;
  if (!spec->automatic)
    return g_strdup(help);
  return g_strdup_printf("%s\nauto: %s", help, _(spec->automatic));
}

static void
explain_control(Row *row)
{
  g_autofree char *tooltip = tooltip_of(row->spec);
  gtk_widget_set_tooltip_text(row->row, tooltip);
  /* The row's title labels its control already. */
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->control), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip, -1);
}

static void
add_row(MgParamPanel *panel, AdwPreferencesGroup *group, const MgParamTable *table, const MgParamSpec *spec)
{
  Row *row = g_new0(Row, 1);
  row->panel = panel;
  row->table = table;
  row->spec = spec;
  if (spec->type == MG_PARAM_CHOICE)
    make_combo(row);
  else if (spec->type == MG_PARAM_LIST)
    make_list(row);
  else if (spec->type == MG_PARAM_BOOL)
    make_switch(row);
  else
    make_number(row);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row->row), spec->name);
  if (row->control != row->row) {
    adw_action_row_add_suffix(ADW_ACTION_ROW(row->row), row->control);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row->row), row->control);
  }
  append_unit(row);
  explain_control(row);
  adw_preferences_group_add(group, row->row);
  g_hash_table_insert(panel->rows, (char *)spec->name, row);
}

static void
fill_combo(Row *row, const char *text)
{
  GListModel *list = adw_combo_row_get_model(ADW_COMBO_ROW(row->row));
  for (guint i = 0; i < g_list_model_get_n_items(list); i++)
    if (g_str_equal(gtk_string_list_get_string(GTK_STRING_LIST(list), i), text))
      adw_combo_row_set_selected(ADW_COMBO_ROW(row->row), i);
}

static void
show_in_entry(Row *row, const char *text)
{
  g_autofree char *shown = replace_point(row, text, ".", local_point());
  gtk_editable_set_text(GTK_EDITABLE(row->control), shown);
}

static void
fill_row(Row *row)
{
  const char *text = mg_params_text(row->panel->params, row->spec->name);
  if (ADW_IS_COMBO_ROW(row->row))
    fill_combo(row, text);
  else if (row->spec->type == MG_PARAM_LIST)
    mg_list_button_set(row->control, text);
  else if (GTK_IS_SWITCH(row->control))
    gtk_switch_set_active(GTK_SWITCH(row->control), g_str_equal(text, "true"));
  else if (GTK_IS_SPIN_BUTTON(row->control))
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(row->control), g_ascii_strtod(text, NULL));
  else
    show_in_entry(row, text);
  show_verdict(row, NULL);
}

static void
fill_rows(MgParamPanel *panel)
{
  GHashTableIter iter;
  gpointer row;
  panel->filling = TRUE;
  g_hash_table_iter_init(&iter, panel->rows);
  while (g_hash_table_iter_next(&iter, NULL, &row))
    fill_row(row);
  show_what_counts(panel);
  panel->filling = FALSE;
}

static gboolean
is_left_out(const char *const *left_out, const char *name)
{
  return left_out && g_strv_contains(left_out, name);
}

/* Tables of one title that follow each other share a group. */
static AdwPreferencesGroup *
group_of(MgParamPanel *panel, const MgParamTable *table)
{
  GtkWidget *last = gtk_widget_get_last_child(GTK_WIDGET(panel->groups));
  if (last && g_strcmp0(adw_preferences_group_get_title(ADW_PREFERENCES_GROUP(last)), _(table->title)) == 0)
    return ADW_PREFERENCES_GROUP(last);
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _(table->title));
  gtk_widget_set_tooltip_text(group, _(table->title)); /* it may be longer than the panel is wide */
  gtk_box_append(panel->groups, group);
  return ADW_PREFERENCES_GROUP(group);
}

static void
add_table(MgParamPanel *panel, const MgParamTable *table, const char *const *left_out)
{
  for (size_t i = 0; i < table->n; i++) {
    const MgParamSpec *spec = &table->specs[i];
    if (is_left_out(left_out, spec->name) || g_hash_table_contains(panel->rows, spec->name))
      continue;
    add_row(panel, group_of(panel, table), table, spec);
  }
}

GtkWidget *
mg_param_panel_new(const MgParams *params, const char *const *left_out)
{
  MgParamPanel *panel = g_object_new(MG_TYPE_PARAM_PANEL, NULL);
  panel->params = mg_params_copy(params);
  for (const MgParamTable *const *table = mg_params_tables(params); *table; table++)
    add_table(panel, *table, left_out);
  fill_rows(panel);
  return GTK_WIDGET(panel);
}

const MgParams *
mg_param_panel_params(MgParamPanel *panel)
{
  return panel->params;
}

void
mg_param_panel_take(MgParamPanel *panel, const MgParams *from)
{
  mg_params_take(panel->params, from);
  fill_rows(panel);
  announce_soon(panel, 0);
}

void
mg_param_panel_assign(MgParamPanel *panel, const char *const *assignments)
{
  for (; *assignments; assignments++) {
    g_autoptr(GError) error = NULL;
    if (!mg_params_assign(panel->params, *assignments, &error))
      g_debug("%s", error->message);
  }
  fill_rows(panel);
  announce_soon(panel, 0);
}

gboolean
mg_param_panel_valid(MgParamPanel *panel)
{
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init(&iter, panel->rows);
  while (g_hash_table_iter_next(&iter, NULL, &row))
    if (((Row *)row)->wrong)
      return FALSE;
  return TRUE;
}

void
mg_param_panel_add(MgParamPanel *panel, AdwPreferencesGroup *group, gboolean on_top)
{
  if (on_top)
    gtk_box_prepend(panel->groups, GTK_WIDGET(group));
  else
    gtk_box_append(panel->groups, GTK_WIDGET(group));
}

static void
dispose(GObject *object)
{
  MgParamPanel *panel = MG_PARAM_PANEL(object);
  g_clear_handle_id(&panel->pending, g_source_remove);
  panel->filling = TRUE; /* rows that are taken apart still tell of changes */
  adw_bin_set_child(ADW_BIN(panel), NULL);
  G_OBJECT_CLASS(mg_param_panel_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgParamPanel *panel = MG_PARAM_PANEL(object);
  g_hash_table_unref(panel->rows);
  mg_params_free(panel->params);
  G_OBJECT_CLASS(mg_param_panel_parent_class)->finalize(object);
}

static void
mg_param_panel_class_init(MgParamPanelClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_param_panel_init(MgParamPanel *panel)
{
  panel->rows = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  panel->groups = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 18));
  GtkWidget *box = GTK_WIDGET(panel->groups);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 18);
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  gtk_widget_add_css_class(scroller, "param-panel");
  adw_bin_set_child(ADW_BIN(panel), scroller);
}
