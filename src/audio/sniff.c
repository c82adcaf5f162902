#include "audio/sniff.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  size_t offset, length;
  const char *bytes;
  MgSniff kind;
  const char *name;
} Magic;

#define AT(offset_, bytes_, kind_, name_)                                                                              \
  {                                                                                                                    \
    offset_, sizeof bytes_ - 1, bytes_, kind_, name_                                                                   \
  }
#define NOT(offset_, bytes_, name_) AT(offset_, bytes_, MG_SNIFF_UNSUPPORTED, name_)

/* The first line that fits decides. */
static const Magic magics[] = {
    NOT(8, "AVI ", N_("AVI video")),
    NOT(8, "WEBP", N_("a WebP picture")),
    AT(0, "RIFF", MG_SNIFF_KNOWN, NULL),
    AT(0, "RIFX", MG_SNIFF_KNOWN, NULL),
    AT(0, "RF64", MG_SNIFF_KNOWN, NULL),
    AT(0, "riff", MG_SNIFF_KNOWN, NULL),
    AT(0, "FORM", MG_SNIFF_KNOWN, NULL),
    AT(0, ".snd", MG_SNIFF_KNOWN, NULL),
    AT(0, "caff", MG_SNIFF_KNOWN, NULL),
    AT(0, "fLaC", MG_SNIFF_FLAC, NULL),
    NOT(28, "Speex   ", "Speex"),
    NOT(28, "\x80theora", N_("Ogg with Theora video")),
    NOT(28, "fishead", N_("Ogg with a skeleton track")),
    AT(0, "OggS", MG_SNIFF_KNOWN, NULL),
    NOT(4, "ftyp", "MPEG-4 (m4a, mp4)"),
    NOT(4, "moov", "QuickTime"),
    NOT(4, "mdat", "QuickTime"),
    NOT(0, "ADIF", "AAC"),
    NOT(0, "\x0b\x77", "Dolby Digital (ac3)"),
    NOT(0, "\x7f\xfe\x80\x01", "DTS"),
    NOT(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (wma, asf)"),
    NOT(0, "\x1a\x45\xdf\xa3", N_("Matroska or WebM")),
    NOT(0, "MAC ", "Monkey's Audio (ape)"),
    NOT(0, "wvpk", "WavPack"),
    NOT(0, "MPCK", "Musepack"),
    NOT(0, "MP+", "Musepack"),
    NOT(0, "TTA1", "True Audio"),
    NOT(0, "TTA2", "True Audio"),
    NOT(0, "OFR ", "OptimFROG"),
    NOT(0, "DSD ", "DSD"),
    NOT(0, "FRM8", "DSD"),
    NOT(0, "#!AMR", "AMR"),
    NOT(0, ".RMF", "RealMedia"),
    NOT(0, ".ra\xfd", "RealAudio"),
    NOT(0, "MThd", N_("MIDI, which holds notes and no sound")),
    NOT(0, "\x89PNG", N_("a PNG picture")),
    NOT(0, "\xff\xd8\xff", N_("a JPEG picture")),
    NOT(0, "GIF8", N_("a GIF picture")),
    NOT(0, "%PDF", "PDF"),
    NOT(0, "PK\x03\x04", N_("a ZIP archive")),
    NOT(0, "\x1f\x8b", N_("a gzip archive")),
};

/* A frame header of MPEG audio (ISO 11172-3): sync, a layer, and neither a reserved bit rate nor a reserved
 * rate. */
static gboolean
is_mpeg_frame(const guint8 *b, size_t n)
{
  return n >= 4 && b[0] == 0xff && (b[1] & 0xe0) == 0xe0 && (b[1] & 0x18) != 0x08 && (b[1] & 0x06) != 0 &&
         (b[2] & 0xf0) != 0xf0 && (b[2] & 0x0c) != 0x0c;
}

/* ADTS has the same sync, with the layer bits 0. */
static gboolean
is_adts_frame(const guint8 *b, size_t n)
{
  return n >= 4 && b[0] == 0xff && (b[1] & 0xf6) == 0xf0;
}

MgSniff
mg_sniff(const guint8 *bytes, size_t n, const char **name)
{
  *name = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(magics); i++) {
    const Magic *magic = &magics[i];
    if (n < magic->offset + magic->length || memcmp(bytes + magic->offset, magic->bytes, magic->length) != 0)
      continue;
    *name = magic->name;
    return magic->kind;
  }
  if (is_adts_frame(bytes, n)) {
    *name = "AAC";
    return MG_SNIFF_UNSUPPORTED;
  }
  return is_mpeg_frame(bytes, n) ? MG_SNIFF_MPEG : MG_SNIFF_UNKNOWN;
}

size_t
mg_sniff_id3_length(const guint8 *b, size_t n)
{
  if (n < 10 || memcmp(b, "ID3", 3) != 0 || ((b[6] | b[7] | b[8] | b[9]) & 0x80))
    return 0;
  size_t size = (size_t)b[6] << 21 | (size_t)b[7] << 14 | (size_t)b[8] << 7 | b[9];
  return 10 + size + (b[5] & 0x10 ? 10 : 0); /* flag: a footer follows */
}
