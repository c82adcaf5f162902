/* Threads that work in the background make way for what someone waits for. */
#pragma once
#include <glib.h>

/* The calling thread steps behind the window's: frames come first where there are not processors enough for both. */
void mg_step_back(void);
/* The same for a thread of a pool, with each piece of work: it does so with the first. */
void mg_step_back_once(void);

/* Between these two, on any thread, something is made that someone waits for. */
void mg_urgent_begin(void);
void mg_urgent_end(void);
/* Waits while that is so, but not longer than `seconds`. */
void mg_make_way(double seconds);

/* The window's thread tells when it begins and ends a picture of the screen. */
void mg_frame_begin(void);
void mg_frame_end(void);
/* A thread in the background rests while a frame is made, 16 ms at most; where none is, it costs next
 * to nothing. To be called every fraction of a millisecond: the display server, which has a part in each frame, gets a
 * processor at once then. */
void mg_rest_while_frame(void);
