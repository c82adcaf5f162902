/* Records the chosen input device into the workspace's recordings folder. One object a workspace, for one recording at
 * a time; all in the main thread, the file is written by a thread of its own.
 *
 * Property "active" (boolean; notify). Signals: "progress" 20 times a second while it records; "ended" with the file's
 * path (NULL: there is none) and a message (NULL: all is well). */
#pragma once
#include "session/sound.h"

#define MG_TYPE_RECORDING (mg_recording_get_type())
G_DECLARE_FINAL_TYPE(MgRecording, mg_recording, MG, RECORDING, GObject)

MgRecording *mg_recording_new(const char *folder);
/* `device` NULL: the default one. Fails by "ended". */
void mg_recording_start(MgRecording *recording, const char *device);
void mg_recording_stop(MgRecording *recording);
gboolean mg_recording_active(MgRecording *recording);
double mg_recording_seconds(MgRecording *recording);
double
mg_recording_peak(MgRecording *recording); /* of all channels since the last progress, dB of full scale, at most 0 */
MgSound *mg_recording_sound(MgRecording *recording); /* the waveform so far; NULL: not recording; borrowed */
