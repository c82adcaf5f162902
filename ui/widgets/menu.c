#include "ui/widgets/menu.h"

void
mg_menu_append(GMenu *menu, const char *label, const char *action, const char *key)
{
  g_autoptr(GMenuItem) item = g_menu_item_new(label, action);
  g_menu_item_set_attribute(item, "accel", "s", key);
  g_menu_append_item(menu, item);
}
