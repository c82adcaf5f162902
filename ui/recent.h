/* What was open lately, the last one first: kept in the settings, with a menu that follows. */
#pragma once
#include <gio/gio.h>

typedef enum { MG_RECENT_WORKSPACES, MG_RECENT_FILES, MG_N_RECENT } MgRecent;

/* Puts a path first; of eight the last one falls off. */
void mg_recent_add(MgRecent kind, const char *path);
/* Of those that are still there; borrowed, one for all windows. Its items do "win.recent" and "win.recent-file". */
GMenuModel *mg_recent_menu(MgRecent kind);
