#include "ui/explore/explore-page.h"
#include <adwaita.h>
#include <glib/gi18n.h>

static GtkWidget *
create(MgWorkspace *workspace)
{
  GtkWidget *page = adw_status_page_new();
  GtkWidget *add = gtk_button_new_with_mnemonic(_("_Add sound files…"));
  adw_status_page_set_title(ADW_STATUS_PAGE(page), _("No track"));
  adw_status_page_set_description(ADW_STATUS_PAGE(page), _("Drop sound files or folders here."));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), "folder-music-symbolic");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(add), "win.open");
  gtk_widget_set_halign(add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(add, "pill");
  adw_status_page_set_child(ADW_STATUS_PAGE(page), add);
  return page;
}

const MgPage mg_explore_page = {
    .name = "explore",
    .title = N_("Explore"),
    .icon = "melograph-explore-symbolic",
    .create = create,
};
