#include "ui/train/fit-icon.h"
#include <glib/gi18n.h>

static const struct {
  const char *word, *icon, *class;
} looks[] = {
    [MG_FIT_EARLY] = {N_("too early"), "content-loading-symbolic", "dim-label"},
    [MG_FIT_NOTHING] = {N_("does not learn"), "dialog-error-symbolic", "error"},
    [MG_FIT_LEARNING] = {N_("still learning"), "go-up-symbolic", "accent"},
    [MG_FIT_GOOD] = {N_("good"), "object-select-symbolic", "success"},
    [MG_FIT_GAP] = {N_("wide gap"), "dialog-warning-symbolic", "warning"},
    [MG_FIT_OVER] = {N_("overfitting"), "dialog-error-symbolic", "error"},
};

const char *
mg_fit_word(MgFitVerdict verdict)
{
  return _(looks[verdict].word);
}

void
mg_fit_icon_set(GtkWidget *image, MgFitVerdict verdict)
{
  for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
    gtk_widget_remove_css_class(image, looks[i].class);
  gtk_widget_add_css_class(image, looks[verdict].class);
  gtk_image_set_from_icon_name(GTK_IMAGE(image), looks[verdict].icon);
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, _(looks[verdict].word), -1);
}
