#include "ui/train/classifier-params.h"
#include "dataset/split.h"
#include "dataset/table.h"
#include "train/table-run.h"
#include "ui/widgets/param-panel.h"
#include <glib/gi18n.h>

struct _MgClassifierParams {
  AdwBin parent_instance;
  GHashTable *own;  /* MgClassifierClass * -> MgParams * */
  MgParams *common; /* of all tables that any source of rows has */
  const MgClassifierClass *class;
  gboolean sounds;
  GtkWidget *panel;
};

G_DEFINE_FINAL_TYPE(MgClassifierParams, mg_classifier_params, ADW_TYPE_BIN)

static guint changed_signal;
static const char first_class[] = "svc";
static const MgParamTable *const common_tables[] = {&mg_table_run_params, &mg_split_params, &mg_table_params, NULL};

static MgParams *
params_of(MgClassifierParams *params, const MgClassifierClass *class)
{
  MgParams *values = g_hash_table_lookup(params->own, class);
  if (!values) {
    values = mg_params_new(class->tables);
    g_hash_table_insert(params->own, (gpointer) class, values);
  }
  return values;
}

static void
take_back(MgClassifierParams *params)
{
  const MgParams *shown = mg_param_panel_params(MG_PARAM_PANEL(params->panel));
  mg_params_take(params_of(params, params->class), shown);
  mg_params_take(params->common, shown);
}

static void
on_changed(MgClassifierParams *params)
{
  take_back(params);
  g_signal_emit(params, changed_signal, 0);
}

MgParams *
mg_classifier_params_get(MgClassifierParams *params)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new();
  for (const MgParamTable *const *table = params->class->tables; *table; table++)
    g_ptr_array_add(tables, (gpointer)*table);
  if (params->sounds)
    g_ptr_array_add(tables, (gpointer)&mg_table_params);
  g_ptr_array_add(tables, (gpointer)&mg_table_run_params);
  if (params->sounds)
    g_ptr_array_add(tables, (gpointer)&mg_split_params);
  g_ptr_array_add(tables, NULL);
  MgParams *values = mg_params_new((const MgParamTable *const *)tables->pdata);
  mg_params_take(values, params->common);
  mg_params_take(values, params_of(params, params->class));
  return values;
}

static void on_class(AdwComboRow *row, GParamSpec *spec, MgClassifierParams *params);

/* The name that table-train knows, and what it stands for. */
static GtkWidget *
new_chooser(MgClassifierParams *params)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  GtkWidget *row = adw_combo_row_new();
  guint selected = 0, n = 0;
  for (const MgClassifierClass *const *class = mg_classifier_classes(); *class; class ++, n++) {
    gtk_string_list_append(names, (*class)->name);
    selected = *class == params->class ? n : selected;
  }
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Classifier"));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), _(params->class->title));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(names));
  adw_combo_row_set_selected(ADW_COMBO_ROW(row), selected);
  g_signal_connect(row, "notify::selected", G_CALLBACK(on_class), params);
  return row;
}

static void
show_panel(MgClassifierParams *params)
{
  g_autoptr(MgParams) values = mg_classifier_params_get(params);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  params->panel = mg_param_panel_new(values, NULL);
  gtk_widget_set_hexpand(params->panel, FALSE); /* the page has the room */
  adw_preferences_group_add(group, new_chooser(params));
  mg_param_panel_add(MG_PARAM_PANEL(params->panel), group, TRUE);
  g_signal_connect_object(params->panel, "changed", G_CALLBACK(on_changed), params, G_CONNECT_SWAPPED);
  adw_bin_set_child(ADW_BIN(params), params->panel);
}

/* The row that was chosen from goes with its panel, but not before its signal has ended. */
static gboolean
change_class(gpointer data)
{
  show_panel(data);
  g_signal_emit(data, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
on_class(AdwComboRow *row, GParamSpec *spec, MgClassifierParams *params)
{
  take_back(params);
  params->class = mg_classifier_classes()[adw_combo_row_get_selected(row)];
  g_idle_add_full(G_PRIORITY_DEFAULT, change_class, g_object_ref(params), g_object_unref);
}

const MgClassifierClass *
mg_classifier_params_class(MgClassifierParams *params)
{
  return params->class;
}

void
mg_classifier_params_set_sounds(MgClassifierParams *params, gboolean sounds)
{
  if (params->sounds == sounds)
    return;
  take_back(params);
  params->sounds = sounds;
  show_panel(params);
}

static void
append_changed(GPtrArray *texts, const MgParams *values, const MgParamTable *table)
{
  for (size_t i = 0; i < table->n; i++) {
    const char *name = table->specs[i].name;
    if (!mg_params_is_default(values, name))
      g_ptr_array_add(texts, g_strdup_printf("%s=%s", name, mg_params_text(values, name)));
  }
}

char *
mg_classifier_params_text(MgClassifierParams *params, const MgClassifierClass *class)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  take_back(params);
  g_ptr_array_add(texts, g_strdup(class->name));
  for (const MgParamTable *const *table = class->tables; *table; table++)
    append_changed(texts, params_of(params, class), *table);
  g_ptr_array_add(texts, NULL);
  return g_strjoinv(":", (char **)texts->pdata);
}

char **
mg_classifier_params_settings(MgClassifierParams *params)
{
  GPtrArray *texts = g_ptr_array_new();
  take_back(params);
  append_changed(texts, params->common, &mg_table_run_params);
  for (int i = 1; params->sounds && common_tables[i]; i++)
    append_changed(texts, params->common, common_tables[i]);
  g_ptr_array_add(texts, NULL);
  return (char **)g_ptr_array_free(texts, FALSE);
}

void
mg_classifier_params_assign(MgClassifierParams *params, const char *assignment)
{
  const char *const assignments[] = {assignment, NULL};
  mg_param_panel_assign(MG_PARAM_PANEL(params->panel), assignments);
  on_changed(params);
}

static void
mg_classifier_params_finalize(GObject *object)
{
  MgClassifierParams *params = MG_CLASSIFIER_PARAMS(object);
  g_hash_table_unref(params->own);
  mg_params_free(params->common);
  G_OBJECT_CLASS(mg_classifier_params_parent_class)->finalize(object);
}

static void
mg_classifier_params_class_init(MgClassifierParamsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_classifier_params_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_classifier_params_init(MgClassifierParams *params)
{
  params->own = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)mg_params_free);
  params->common = mg_params_new(common_tables);
  params->class = mg_classifier_class_find(first_class, NULL);
}

GtkWidget *
mg_classifier_params_new(void)
{
  MgClassifierParams *params = g_object_new(MG_TYPE_CLASSIFIER_PARAMS, NULL);
  gtk_widget_set_hexpand(GTK_WIDGET(params), FALSE);
  show_panel(params);
  return GTK_WIDGET(params);
}
