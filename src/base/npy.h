/* NumPy's .npy files, versions 1 to 3: one- and two-dimensional little-endian arrays in C order are read (f2 is not),
 * as float32; a vector becomes one row. Format: numpy.lib.format. */
#pragma once
#include "base/spool.h"

MgMatrix *mg_npy_load(const char *path, GError **error);
/* Writes float32 (rows, cols), or a vector where there is one row and `flat` is set. */
gboolean mg_npy_save(const char *path, const MgMatrix *matrix, gboolean flat, GError **error);
/* The same from a spool, a row at a time. */
gboolean mg_npy_save_spool(const char *path, const MgSpool *spool, GError **error);
