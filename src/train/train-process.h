/* melograph-cli as a child process that is waited for. */
#pragma once
#include "base/progress.h"

/* Runs `program` with arguments (NULL-terminated), its output thrown away. Where `progress` is cancelled the child gets
 * SIGTERM, after half of mg_patience() SIGKILL, and MG_ERROR_CANCELLED is set once it has ended. It never outlives this
 * process, which kills it by dying. Fails with the child's own error line. Any thread; that thread has to stay until it
 * returns. */
gboolean mg_train_process(const char *program, const char *const *arguments, MgProgress *progress, GError **error);
