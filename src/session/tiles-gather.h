/* A stretch of a file's tiles as one matrix, however long it is. */
#pragma once
#include "base/matrix.h"
#include "session/tiles.h"

/* The level to ask mg_tiles_want() for, so that [from, to) s are at least `columns` columns where there are as many. */
int mg_tiles_gather_level(MgTiles *tiles, double from, double to, size_t columns);
/* (at most `rows`, at most `columns`) of dB, not relative to anything, joined by their maxima. Where nothing is known,
 * or beyond the end, the lowest level. At least 1 x 1. */
MgMatrix *mg_tiles_gather(MgTiles *tiles, MgLayer layer, double from, double to, size_t rows, size_t columns);
