/* Keeps stderr of the whole process to itself while libraries talk: ALSA, JACK and PortAudio write there whatever they
 * try in vain. */
#pragma once

/* What is written to stderr from now on is lost; returns what mg_chatter_end() needs. */
int mg_chatter_begin(void);
void mg_chatter_end(int kept);
