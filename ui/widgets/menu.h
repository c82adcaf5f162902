#pragma once
#include <gio/gio.h>

/* An item that tells a key, as GTK writes it ("<Control>e"). The menu alone does not make the key do anything. */
void mg_menu_append(GMenu *menu, const char *label, const char *action, const char *key);
