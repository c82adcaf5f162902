/* A folder of its own below the system's temporary one, for files that go with it. */
#pragma once
#include <glib.h>

typedef struct MgScratch MgScratch;

/* `name` tells, in the folder's name, who made it. */
MgScratch *mg_scratch_new(const char *name, GError **error);
/* Where a file is to lie in it; g_free() it. */
char *mg_scratch_path(const MgScratch *scratch, const char *file);
void mg_scratch_free(MgScratch *scratch); /* with all that lies in it; accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgScratch, mg_scratch_free)
