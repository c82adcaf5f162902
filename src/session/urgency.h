/* Threads that work in the background make way for what someone waits for. */
#pragma once
#include <glib.h>

/* The calling thread steps behind the window's: frames come first where there are not processors enough for both. */
void mg_step_back(void);

/* Between these two, on any thread, something is made that someone waits for. */
void mg_urgent_begin(void);
void mg_urgent_end(void);
/* Waits while that is so, but not longer than `seconds`. */
void mg_make_way(double seconds);
