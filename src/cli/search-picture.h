/* A search as a picture: score over trials, what matters, and all trials over parallel axes. */
#pragma once
#include "train/search-record.h"

gboolean mg_search_picture(const char *folder, const char *out, GError **error);
