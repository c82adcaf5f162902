/* Files that a thread brings to the disk: waiting for it takes as long as the disk likes, writing does not. */
#pragma once
#include "base/file.h"

typedef struct MgFilesLater MgFilesLater;

/* Finishes written files (MgFileWriter *, taken over), one after the other: each appears when the one before it has. */
MgFilesLater *mg_files_finish_later(GPtrArray *writers);
/* Waits for all and frees it. FALSE where one could not be finished: the error is its, and those after it do not
 * appear. NULL is nothing to wait for. */
gboolean mg_files_wait(MgFilesLater *later, GError **error);
