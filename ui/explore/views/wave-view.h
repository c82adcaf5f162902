/* The waveform, one lane a channel; and the overview strip, which shows the whole track in one lane. */
#pragma once
#include "session/sound.h"
#include "ui/explore/views/view.h"

#define MG_TYPE_WAVE_VIEW (mg_wave_view_get_type())
G_DECLARE_DERIVABLE_TYPE(MgWaveView, mg_wave_view, MG, WAVE_VIEW, MgView)
struct _MgWaveViewClass {
  MgViewClass parent_class;
};

#define MG_TYPE_OVERVIEW (mg_overview_get_type())
G_DECLARE_FINAL_TYPE(MgOverview, mg_overview, MG, OVERVIEW, MgWaveView)

GtkWidget *mg_wave_view_new(void);
GtkWidget *mg_overview_new(void);
void mg_wave_view_set_sound(MgWaveView *view, MgSound *sound); /* NULL: none */
