/* A WAV file that grows and is valid at every moment: its header is kept current, at least twice a second and for every
 * half second of sound, and becomes that of RF64 beyond 4 GiB. What a process that was killed had written behind its
 * last header is found again by mg_wav_file_repair(). Not thread-safe. */
#pragma once
#include "audio/wav-header.h"

typedef struct MgWavFile MgWavFile;

/* A new file, which has its header from the first moment, or one of that name anew. MG_ERROR_IO, too, where somebody
 * records into it. */
MgWavFile *mg_wav_file_create(const char *path, const MgWavFormat *format, GError **error);
/* Goes on at the end of a file that this program has recorded; MG_ERROR_FORMAT where it is none, or of another format.
 */
MgWavFile *mg_wav_file_continue(const char *path, const MgWavFormat *format, GError **error);
/* Appends frames of interleaved samples. On failure whole frames stay, and the header tells how many. */
gboolean mg_wav_file_write(MgWavFile *file, const float *interleaved, size_t frames, GError **error);
gint64 mg_wav_file_frames(const MgWavFile *file);
const char *mg_wav_file_path(const MgWavFile *file);
/* Brings header and contents to the disk. It may be called again, and nothing else after it but free. */
gboolean mg_wav_file_finish(MgWavFile *file, GError **error);
void mg_wav_file_free(MgWavFile *file); /* accepts NULL; closes it as it is */

/* Makes the header of a recording of this program tell all frames that stand behind it. *frames: in the file; *found:
 * those that its header had not told. FALSE with MG_ERROR_FORMAT where it is no such file, or MG_ERROR_IO. */
gboolean mg_wav_file_repair(const char *path, gint64 *frames, gint64 *found, int *sr, GError **error);
/* Whether a program is writing it: the file is locked from its making to its end. */
gboolean mg_wav_file_in_use(const char *path);
/* Whether the header tells less than there is, as it does after a crash; nothing is changed. */
gboolean mg_wav_file_needs_repair(const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgWavFile, mg_wav_file_free)
