#include "ui/explore/presets.h"
#include <glib/gi18n.h>

/* One line a preset. */
static const struct {
  const char *name; /* N_() where it is not a name */
  const char *assignments[16];
} presets[] = {
    {N_("librosa’s defaults"),
     {"sr=22050", "n_fft=2048", "hop_length=auto", "win_length=auto", "window=hann", "center=true", "pad_mode=constant",
      "n_mels=128", "fmin=0", "fmax=auto", "htk=false", "norm=slaney", "power=2", "top_db=80"}},
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
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return ADW_PREFERENCES_GROUP(group);
}
