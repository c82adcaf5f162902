/* Records the chosen input device into the workspace's recordings folder. One object a workspace, for one recording at
 * a time; all in the main thread, the file is written by a thread of its own.
 *
 * Property "active" (boolean; notify): a file is written, or about to be. Signals: "progress" 20 times a second while
 * it records; "ended" with the file's path (NULL: there is none) and a `const GError *` (NULL: all is well);
 * "noticed" with a message while it goes on: the machine has slept, the device gives another rate. */
#pragma once
#include "session/sound.h"

#define MG_TYPE_RECORDING (mg_recording_get_type())
G_DECLARE_FINAL_TYPE(MgRecording, mg_recording, MG, RECORDING, GObject)

MgRecording *mg_recording_new(const char *folder);
/* `device` NULL: the default one. Fails by "ended". */
void mg_recording_start(MgRecording *recording, const char *device);
void mg_recording_stop(MgRecording *recording);
/* After "ended" with an error: the device still listens, so that a new file in `folder` loses nothing of the last
 * minute. */
gboolean mg_recording_can_go_on(MgRecording *recording);
void mg_recording_go_on(MgRecording *recording, const char *folder);
/* Listens from now on, so that a recording begins with the last `seconds` before it was started; 0: no more. The device
 * stays open. Fails by "ended". */
void mg_recording_set_pre_roll(MgRecording *recording, const char *device, double seconds);
double mg_recording_pre_roll(MgRecording *recording);
void mg_recording_pause(MgRecording *recording, gboolean paused);
gboolean mg_recording_paused(MgRecording *recording);
const char *mg_recording_path(MgRecording *recording); /* of the file that is written; NULL: none */
gboolean mg_recording_active(MgRecording *recording);
double mg_recording_seconds(MgRecording *recording);
double
mg_recording_peak(MgRecording *recording); /* of all channels since the last progress, dB of full scale, at most 0 */
MgSound *mg_recording_sound(MgRecording *recording); /* the waveform so far; NULL: not recording; borrowed */
