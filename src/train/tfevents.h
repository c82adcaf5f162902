/* TensorBoard's event files: TFRecord frames (tensorflow/core/lib/io/record_writer.h) around protocol buffers of the
 * message Event (tensorflow/core/util/event.proto), of which the few fields that scalars need are encoded here. */
#pragma once
#include <glib.h>

typedef struct MgEvents MgEvents;

/* Makes FOLDER/events.out.tfevents.<seconds>.<host>. first_step above 0 is a resumed run: TensorBoard then forgets what
 * older files of the folder said from that step on. */
MgEvents *mg_events_new(const char *folder, gint64 first_step, GError **error);
/* A value under `tag` ("train/loss"); kept in memory until it is flushed. */
void mg_events_scalar(MgEvents *events, const char *tag, gint64 step, float value);
gboolean mg_events_flush(MgEvents *events, GError **error);
void mg_events_free(MgEvents *events); /* does not flush; accepts NULL */

/* CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
guint32 mg_crc32c(const void *data, size_t length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgEvents, mg_events_free)
