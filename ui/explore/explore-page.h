/* Explore: a track as waveform, STFT and log-mel pictures over one time axis. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_explore_page;
