#include "plot/geometry.h"

#define FONTS "Cantarell, Noto Sans, DejaVu Sans, sans-serif"

const MgStyle mg_style_light = {
    .foreground = {0.16, 0.16, 0.18, 1},
    .background = {1, 1, 1, 1},
    .grid = {0, 0, 0, 0.08},
    .accent = {0.11, 0.44, 0.85, 1},
    .font = FONTS,
    .font_size = 11,
    .dark = FALSE,
};

const MgStyle mg_style_dark = {
    .foreground = {0.87, 0.87, 0.88, 1},
    .background = {0.118, 0.118, 0.125, 1},
    .grid = {1, 1, 1, 0.08},
    .accent = {0.47, 0.68, 0.93, 1},
    .font = FONTS,
    .font_size = 11,
    .dark = TRUE,
};
