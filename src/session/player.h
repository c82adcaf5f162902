/* Plays a file, or a stretch of it, on the default output. A thread decodes; the main thread asks where it is.
 *
 * Where the device goes and is back, or another one there, within a second, it plays on.
 *
 * Property "state" (MgPlayerState as int; notify). Signal "failed" with a `const GError *`: no device, or the file
 * cannot be read. */
#pragma once
#include <glib-object.h>

typedef enum { MG_PLAYER_STOPPED, MG_PLAYER_PLAYING, MG_PLAYER_PAUSED } MgPlayerState;

#define MG_TYPE_PLAYER (mg_player_get_type())
G_DECLARE_FINAL_TYPE(MgPlayer, mg_player, MG, PLAYER, GObject)

MgPlayer *mg_player_new(void);
/* Plays [start, end) s of `path` (end <= start: to the file's end), beginning at `from`. */
void mg_player_play(MgPlayer *player, const char *path, double from, double start, double end);
void mg_player_set_loop(MgPlayer *player, gboolean loop);
gboolean mg_player_loop(MgPlayer *player);
void mg_player_pause(MgPlayer *player, gboolean paused);
void mg_player_stop(MgPlayer *player);
MgPlayerState mg_player_state(MgPlayer *player);
const char *mg_player_path(MgPlayer *player); /* what was played last; NULL: nothing yet */
double mg_player_began(MgPlayer *player);     /* `from` of the last mg_player_play(), s */
/* What is heard now, s; while paused where it goes on. */
double mg_player_position(MgPlayer *player);
