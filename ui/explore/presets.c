#include "ui/explore/presets.h"
#include <glib/gi18n.h>

/* One line a preset. */
static const struct {
  const char *name; /* N_() where it is not a name */
  const char *assignments[20];
} presets[] = {
    {N_("librosa’s defaults"),
     {"sr=22050", "n_fft=2048", "hop_length=auto", "win_length=auto", "window=hann", "center=true", "pad_mode=constant",
      "n_mels=128", "fmin=0", "fmax=auto", "htk=false", "norm=slaney", "power=2", "top_db=80", "colormap=magma",
      "frequency_axis=linear", "max_db=0"}},
    {N_("ESC: fine and wide"),
     {"sr=44100", "n_fft=16384", "hop_length=308", "win_length=3969", "window=hann", "center=true", "pad_mode=constant",
      "n_mels=256", "fmin=20", "fmax=17000", "htk=false", "norm=slaney", "power=2", "top_db=80"}},
    {N_("The file’s own rate"), {"sr=native"}},
    {N_("Speech"), {"sr=16000", "n_fft=512", "hop_length=160", "win_length=400", "n_mels=80", "fmin=0", "fmax=auto"}},
};

static void
apply(AdwComboRow *row, GParamSpec *pspec, MgParamPanel *panel)
{
  guint chosen = adw_combo_row_get_selected(row);
  if (chosen > 0 && chosen <= G_N_ELEMENTS(presets))
    mg_param_panel_assign(panel, presets[chosen - 1].assignments);
}

static gboolean
holds(const MgParams *params, const char *assignment)
{
  g_auto(GStrv) parts = g_strsplit(assignment, "=", 2);
  return !mg_params_has(params, parts[0]) || g_strcmp0(mg_params_text(params, parts[0]), parts[1]) == 0;
}

static gboolean
hold_all(const MgParams *params, const char *const *assignments)
{
  for (; *assignments; assignments++)
    if (!holds(params, *assignments))
      return FALSE;
  return TRUE;
}

/* Names the preset that the parameters are, so that another can be chosen, or the same again after a change. */
static void
show_preset(AdwComboRow *row, MgParamPanel *panel)
{
  guint found = 0;
  for (guint i = 0; i < G_N_ELEMENTS(presets) && found == 0; i++)
    if (hold_all(mg_param_panel_params(panel), presets[i].assignments))
      found = i + 1;
  g_signal_handlers_block_by_func(row, apply, panel);
  adw_combo_row_set_selected(row, found);
  g_signal_handlers_unblock_by_func(row, apply, panel);
}

AdwPreferencesGroup *
mg_presets_new(MgParamPanel *panel)
{
  GtkWidget *group = adw_preferences_group_new(), *row = adw_combo_row_new();
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  gtk_string_list_append(names, _("Choose…"));
  for (size_t i = 0; i < G_N_ELEMENTS(presets); i++)
    gtk_string_list_append(names, _(presets[i].name));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Preset"));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(names));
  gtk_widget_set_tooltip_text(row, _("Sets the parameters below"));
  g_signal_connect_object(row, "notify::selected", G_CALLBACK(apply), panel, 0);
  g_signal_connect_object(panel, "changed", G_CALLBACK(show_preset), row, G_CONNECT_SWAPPED);
  show_preset(ADW_COMBO_ROW(row), panel);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return ADW_PREFERENCES_GROUP(group);
}
