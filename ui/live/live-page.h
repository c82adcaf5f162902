/* Live: what a microphone hears, classified as it sounds. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_live_page;
