#include "session/playhead.h"

typedef struct {
  gint64 out, first, frames;
} Stretch;

struct MgPlayhead {
  GArray *stretches;
  gint64 written; /* device frame behind the last stretch */
};

MgPlayhead *
mg_playhead_new(void)
{
  MgPlayhead *playhead = g_new0(MgPlayhead, 1);
  playhead->stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
  return playhead;
}

void
mg_playhead_restart(MgPlayhead *playhead, gint64 played)
{
  g_array_set_size(playhead->stretches, 0);
  playhead->written = played;
}

void
mg_playhead_wrote(MgPlayhead *playhead, gint64 first, gint64 frames)
{
  GArray *stretches = playhead->stretches;
  Stretch *last = stretches->len ? &g_array_index(stretches, Stretch, stretches->len - 1) : NULL;
  if (last && last->first + last->frames == first)
    last->frames += frames;
  else {
    Stretch stretch = {playhead->written, first, frames};
    g_array_append_val(stretches, stretch);
  }
  playhead->written += frames;
}

gint64
mg_playhead_at(MgPlayhead *playhead, gint64 played)
{
  GArray *stretches = playhead->stretches;
  if (stretches->len == 0)
    return -1;
  guint past = 0;
  while (past + 1 < stretches->len && g_array_index(stretches, Stretch, past + 1).out <= played)
    past++;
  if (past > 0)
    g_array_remove_range(stretches, 0, past); /* they will not be heard again */
  const Stretch *now = &g_array_index(stretches, Stretch, 0);
  return now->first + CLAMP(played - now->out, 0, now->frames);
}

gint64
mg_playhead_ahead(const MgPlayhead *playhead, gint64 played)
{
  return MAX(playhead->written - played, 0);
}

gint64
mg_playhead_step(gint64 *place, gint64 start, gint64 end, gboolean loop, gint64 wanted)
{
  if (*place >= end && loop && end > start)
    *place = start;
  return MAX(MIN(wanted, end - *place), 0);
}

void
mg_playhead_free(MgPlayhead *playhead)
{
  if (!playhead)
    return;
  g_array_unref(playhead->stretches);
  g_free(playhead);
}
