#include "ui/widgets/notice.h"
#include <adwaita.h>

static const struct {
  const char *icon, *css;
} kinds[] = {
    [MG_NOTICE_ERROR] = {"dialog-error-symbolic", "error"},
    [MG_NOTICE_WARNING] = {"dialog-warning-symbolic", "warning"},
    [MG_NOTICE_INFO] = {"dialog-information-symbolic", "accent"},
};

GtkWidget *
mg_notice_new(void)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new(), *label = gtk_label_new(NULL);
  gtk_widget_set_valign(icon, GTK_ALIGN_START);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(box), icon);
  gtk_box_append(GTK_BOX(box), label);
  gtk_widget_set_visible(box, FALSE);
  return box;
}

void
mg_notice_set(GtkWidget *notice, MgNoticeKind kind, const char *text)
{
  GtkWidget *icon = gtk_widget_get_first_child(notice), *label = gtk_widget_get_last_child(notice);
  gtk_widget_set_visible(notice, text && *text);
  if (!text || !*text)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
    gtk_widget_remove_css_class(icon, kinds[i].css);
  gtk_widget_add_css_class(icon, kinds[kind].css);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), kinds[kind].icon);
  gtk_label_set_text(GTK_LABEL(label), text);
}

/* By its label without the mnemonic's underline; GTK 4.8 would read out both, "S_earch Search". */
static void
name_by_label(GtkWidget *button, const char *label)
{
  g_autofree char *plain = g_strdup(label);
  char *to = plain;
  for (const char *from = label; *from; from++)
    if (*from != '_')
      *to++ = *from;
  *to = 0;
  gtk_accessible_reset_relation(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
}

GtkWidget *
mg_button_new(const char *icon, const char *label, const char *tooltip)
{
  GtkWidget *button = gtk_button_new();
  if (icon && label) {
    GtkWidget *content = adw_button_content_new();
    adw_button_content_set_icon_name(ADW_BUTTON_CONTENT(content), icon);
    adw_button_content_set_label(ADW_BUTTON_CONTENT(content), label);
    adw_button_content_set_use_underline(ADW_BUTTON_CONTENT(content), TRUE);
    gtk_button_set_child(GTK_BUTTON(button), content);
  } else if (icon) {
    gtk_button_set_icon_name(GTK_BUTTON(button), icon);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  } else {
    gtk_button_set_use_underline(GTK_BUTTON(button), TRUE);
    gtk_button_set_label(GTK_BUTTON(button), label);
    name_by_label(button, label);
  }
  gtk_widget_set_tooltip_text(button, tooltip);
  return button;
}

void
mg_button_set(GtkWidget *button, const char *icon, const char *label)
{
  GtkWidget *content = gtk_button_get_child(GTK_BUTTON(button));
  if (ADW_IS_BUTTON_CONTENT(content)) {
    adw_button_content_set_icon_name(ADW_BUTTON_CONTENT(content), icon);
    adw_button_content_set_label(ADW_BUTTON_CONTENT(content), label);
  } else {
    gtk_button_set_label(GTK_BUTTON(button), label);
    name_by_label(button, label);
  }
}

GtkWidget *
mg_figure_label_new(float xalign)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_widget_add_css_class(label, "numeric");
  gtk_label_set_xalign(GTK_LABEL(label), xalign);
  return label;
}
