#include "ui/train/train-params.h"
#include "session/run.h"
#include "ui/widgets/param-panel.h"
#include <glib/gi18n.h>

#define MEMORY_KEY "train-params"

static const char *const common_names[] = {"epochs",   "batch_size",      "learning_rate", "optimizer",
                                           "schedule", "segment_seconds", "split",         "sr",
                                           "n_mels",   "augment",         "threads",       "seed"};

/* A table of the common specs, ahead of the others: where two tables name the same parameter the first one shows it. */
static const MgParamTable *
common_table(const MgParams *all)
{
  static MgParamSpec specs[G_N_ELEMENTS(common_names)];
  static MgParamTable table = {.name = "common", .title = N_("Common parameters"), .specs = specs};
  if (table.n > 0)
    return &table;
  for (size_t i = 0; i < G_N_ELEMENTS(common_names); i++) {
    const MgParamSpec *spec = mg_params_spec(all, common_names[i]);
    if (spec)
      specs[table.n++] = *spec;
  }
  return &table;
}

static MgParams *
common_first(void)
{
  g_autoptr(MgParams) all = mg_run_new_params();
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  g_ptr_array_add(tables, (gpointer)common_table(all));
  for (const MgParamTable *const *table = mg_params_tables(all); *table; table++)
    g_ptr_array_add(tables, (gpointer)*table);
  g_ptr_array_add(tables, NULL);
  return mg_params_new((const MgParamTable *const *)tables->pdata);
}

/* All groups but the first and the one with the switch. */
static void
fold(GtkSwitch *more, GParamSpec *spec, GtkWidget *group)
{
  gboolean shown = gtk_switch_get_active(more);
  for (GtkWidget *other = gtk_widget_get_first_child(gtk_widget_get_parent(group)); other;
       other = gtk_widget_get_next_sibling(other))
    if (other != group && !g_object_get_data(G_OBJECT(other), "common"))
      gtk_widget_set_visible(other, shown);
}

static void
add_fold(GtkWidget *panel)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  GtkWidget *row = adw_action_row_new(), *more = gtk_switch_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("All parameters"));
  gtk_widget_set_valign(more, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(more), GTK_ACCESSIBLE_PROPERTY_LABEL, _("All parameters"), -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), more);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), more);
  adw_preferences_group_add(group, row);
  mg_param_panel_add(MG_PARAM_PANEL(panel), group, TRUE);
  GtkWidget *common = gtk_widget_get_next_sibling(GTK_WIDGET(group));
  g_object_set_data(G_OBJECT(common), "common", common);
  gtk_box_reorder_child_after(GTK_BOX(gtk_widget_get_parent(common)), GTK_WIDGET(group), common);
  g_signal_connect(more, "notify::active", G_CALLBACK(fold), group);
  fold(GTK_SWITCH(more), NULL, GTK_WIDGET(group));
}

/* Segment and split are the data set's; the two pages show the same values. */

static void
give(MgParamPanel *panel, MgDatasetModel *dataset)
{
  const MgParams *wanted = mg_param_panel_params(panel);
  const MgParamTable *const *tables = mg_params_tables(mg_dataset_model_params(dataset));
  for (size_t t = 0; tables[t]; t++)
    for (size_t i = 0; i < tables[t]->n; i++) {
      const char *name = tables[t]->specs[i].name;
      if (mg_params_has(wanted, name))
        mg_dataset_model_set(dataset, name, mg_params_text(wanted, name), NULL); /* the panel has checked it */
    }
}

static void
take(MgDatasetModel *dataset, MgParamPanel *panel)
{
  const MgParams *there = mg_dataset_model_params(dataset), *here = mg_param_panel_params(panel);
  for (const MgParamTable *const *table = mg_params_tables(there); *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (mg_params_has(here, name) && !g_str_equal(mg_params_text(here, name), mg_params_text(there, name))) {
        mg_param_panel_take(panel, there);
        return;
      }
    }
}

/* The next start finds what is not the default; split and seed are the Dataset page's to remember. */
static void
remember(MgParamPanel *panel, MgWorkspace *workspace)
{
  g_auto(GStrv) changed = mg_params_changed(mg_param_panel_params(panel));
  g_autofree char *text = g_strjoinv("\n", changed), *before = mg_workspace_recall(workspace, MEMORY_KEY);
  if (g_strcmp0(text, before) != 0)
    mg_workspace_remember(workspace, MEMORY_KEY, text);
}

static void
recall(MgParams *params, MgWorkspace *workspace)
{
  g_autofree char *text = mg_workspace_recall(workspace, MEMORY_KEY);
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++)
    if (!g_str_has_prefix(*line, "split=") && !g_str_has_prefix(*line, "seed="))
      mg_params_assign(params, *line, NULL); /* what is unknown by now is left out */
}

GtkWidget *
mg_train_params_new(MgWorkspace *workspace, MgDatasetModel *dataset)
{
  g_autoptr(MgParams) params = common_first();
  mg_params_take(params, mg_dataset_model_params(dataset));
  recall(params, workspace);
  GtkWidget *panel = mg_param_panel_new(params, NULL);
  gtk_widget_set_hexpand(panel, FALSE); /* the page has the room */
  add_fold(panel);
  give(MG_PARAM_PANEL(panel), dataset);
  g_signal_connect_object(panel, "changed", G_CALLBACK(give), dataset, 0);
  g_signal_connect_object(panel, "changed", G_CALLBACK(remember), workspace, 0);
  g_signal_connect_object(dataset, "changed", G_CALLBACK(take), panel, 0);
  return panel;
}

MgParams *
mg_train_params_get(GtkWidget *panel)
{
  MgParams *params = mg_run_new_params();
  mg_params_take(params, mg_param_panel_params(MG_PARAM_PANEL(panel)));
  return params;
}
