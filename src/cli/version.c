#include "cli/version.h"
#include "cli/columns.h"
#include "config.h"
#include <cairo.h>
#include <cblas.h>
#include <fftw3.h>
#include <glib.h>
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <sndfile.h>
#include <soxr.h>
#include <sqlite3.h>
#ifdef MG_HAVE_PORTAUDIO
#include <portaudio.h>
#endif

static const char *
instruction_set(void)
{
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("avx512f") ? "AVX-512" : __builtin_cpu_supports("avx2") ? "AVX2" : "SSE2";
#else
  return _("the compiler's");
#endif
}

static const char *
portaudio_version(void)
{
#ifdef MG_HAVE_PORTAUDIO
  return Pa_GetVersionInfo()->versionText;
#else
  return _("built without");
#endif
}

void
mg_version_print(void)
{
  g_print("melograph-cli %s\n", MG_VERSION);
  mg_print_cell(_("instruction set"), 15);
  g_print("%s\n", instruction_set());
  mg_print_cell(_("processors"), 15);
  g_print("%u\n", g_get_num_processors());
  g_print("GLib             %u.%u.%u\n", glib_major_version, glib_minor_version, glib_micro_version);
  g_print("libsndfile       %s\n", sf_version_string());
  g_print("soxr             %s\n", soxr_version());
  g_print("FFTW             %s\n", fftwf_version);
  g_print("OpenBLAS         %s (%s)\n", openblas_get_config(), openblas_get_corename());
  g_print("PortAudio        %s\n", portaudio_version());
  g_print("cairo            %s\n", cairo_version_string());
  g_print("SQLite           %s\n", sqlite3_libversion());
  g_print("jansson          %s\n", jansson_version_str());
}
