/* Tells formats by a file's first bytes. */
#pragma once
#include <glib.h>

typedef enum {
  MG_SNIFF_UNKNOWN,
  MG_SNIFF_KNOWN,       /* a container that libsndfile reads */
  MG_SNIFF_FLAC,        /* a native FLAC stream, perhaps behind an ID3 tag */
  MG_SNIFF_MPEG,        /* MPEG audio, layers I to III, perhaps behind an ID3 tag */
  MG_SNIFF_UNSUPPORTED, /* something else, which *name tells */
} MgSniff;

enum { MG_SNIFF_BYTES = 128 };

/* `bytes` are the file's first ones, or those behind its ID3 tag. */
MgSniff mg_sniff(const guint8 *bytes, size_t n, const char **name);
/* Length of the ID3v2 tag that the bytes begin with; 0 where there is none. */
size_t mg_sniff_id3_length(const guint8 *bytes, size_t n);
