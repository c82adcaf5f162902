/* Values as a person reads them: units always, locale decimals, narrow spaces. All results are to be g_free()d. */
#pragma once
#include <glib.h>

/* 0:05, 3:52, 1:02:03, with `decimals` digits of a second. */
char *mg_format_clock(double seconds, int decimals);
/* The readout under the pointer: "12.431 s · 1 318 Hz · E6 +3 ct · 1 254 mel · −23 dB". hz and db may be NaN: left out.
 */
char *mg_format_readout(double seconds, double hz, double db);
/* Its part behind the time: " · 1 318 Hz · …". */
void mg_format_append_hz(GString *text, double hz, double db);
/* " · −23 dB"; nothing where the value is NaN. */
void mg_format_append_value(GString *text, double value, const char *unit);
/* A value with as many digits as tell something, and its unit (N_(), or NULL). */
char *mg_format_value(double value, const char *unit);
/* The unit of a spec or a lesson in the user's language; itself where it is none that is known. Not to be freed. */
const char *mg_format_unit(const char *unit);
/* How long something took: "12.2 ms", "1.14 s". */
char *mg_format_duration(double seconds);
/* 440 Hz: "A4 +0 ct"; NULL where the frequency is none of a note's (below 8 Hz). */
char *mg_format_note(double hz);
/* "1 318" with narrow no-break spaces. */
char *mg_format_count(double value);
/* Where a file is, as one says it: below the home folder from ~ on. */
char *mg_format_path(const char *path);
/* An error's line as a sentence: begins with a capital unless it begins with a path. */
char *mg_format_sentence(const char *line);
