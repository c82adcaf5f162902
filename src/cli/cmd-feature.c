#include "cli/command.h"
#include "cli/feature-picture.h"
#include "audio/encoder.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/npy.h"
#include "dataset/clip.h"
#include "dsp/decibel.h"
#include "dsp/feature-long.h"
#include "dsp/mel.h"
#include <glib/gi18n-lib.h>

typedef struct {
  char *type, *out, **set;
  double start, end;
} Options;

static void
clear_options(Options *options)
{
  g_free(options->type);
  g_free(options->out);
  g_strfreev(options->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static void
add_table(GPtrArray *tables, const MgParamTable *table)
{
  if (!g_ptr_array_find(tables, table, NULL))
    g_ptr_array_add(tables, (gpointer)table);
}

/* The parameters of one feature, or of all (for --help) where it is NULL: sound, the features' own, picture. */
static GPtrArray *
collect_tables(const MgFeature *only)
{
  GPtrArray *tables = g_ptr_array_new();
  add_table(tables, &mg_audio_params);
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    for (size_t i = 0; (!only || *feature == only) && (*feature)->tables[i]; i++)
      add_table(tables, (*feature)->tables[i]);
  add_table(tables, &mg_decibel_params);
  add_table(tables, &mg_picture_params);
  g_ptr_array_add(tables, NULL);
  return tables;
}

static const MgParamTable *const *
as_tables(GPtrArray *tables)
{
  return (const MgParamTable *const *)tables->pdata;
}

/* One line a bin, one field a frame. */
static gboolean
save_csv(const char *path, const MgSpool *values, GError **error)
{
  size_t cols = mg_spool_cols(values);
  g_autofree float *row = g_new(float, cols);
  g_autoptr(MgFileWriter) writer = mg_file_writer_new(path, error);
  g_autoptr(GString) line = g_string_new(NULL);
  gboolean good = writer != NULL;
  for (size_t r = 0; good && r < mg_spool_rows(values); r++) {
    g_string_truncate(line, 0);
    good = mg_spool_read(values, r, 0, cols, row, error);
    for (size_t col = 0; good && col < cols; col++)
      mg_csv_append_number(line, row[col], 9);
    g_string_append_c(line, '\n');
    good = good && mg_file_writer_write(writer, line->str, line->len, error);
  }
  return good && mg_file_writer_finish(writer, error);
}

static gboolean
save(const Options *options, const char *file, const MgFeature *feature, const MgSpool *values, int sr,
     const MgParams *params, double seconds, GError **error)
{
  if (g_str_has_suffix(options->out, ".npy"))
    return mg_npy_save_spool(options->out, values, error);
  if (g_str_has_suffix(options->out, ".csv"))
    return save_csv(options->out, values, error);
  g_autoptr(MgMatrix) matrix = mg_spool_matrix(values, 0, mg_spool_cols(values), error);
  if (!matrix)
    return FALSE;
  if (g_str_has_suffix(options->out, ".wav"))
    return mg_wav_write(options->out, matrix->data, matrix->cols, 1, sr, TRUE, error);
  g_autofree char *name = g_path_get_basename(file);
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  g_autofree char *title = g_strdup_printf("%s · %s", valid, feature->title);
  return mg_feature_picture(options->out, title, feature, matrix, sr, params, seconds, error);
}

/* Spooled and worked in stretches: hours need no more memory than minutes. */
static gboolean
compute(const Options *options, const char *file, const MgFeature *feature, const MgParams *params, GError **error)
{
  int sr;
  g_autoptr(MgClipReader) reader = mg_audio_params_sr(params, &sr, error) ? mg_clip_reader_new(file, sr, error) : NULL;
  g_autoptr(MgSpool) samples = reader ? mg_clip_reader_spool(reader, options->start, options->end, error) : NULL;
  if (!samples)
    return FALSE;
  sr = mg_clip_reader_sr(reader);
  g_autoptr(GError) cause = NULL;
  g_autoptr(MgLongSignal) signal = mg_long_signal_new(samples, sr, MG_STRETCH_SECONDS);
  g_autoptr(MgSpool) values = mg_long_signal_feature(signal, feature, params, &cause);
  g_autofree char *warning = values && mg_params_has(params, "n_mels") ? mg_mel_warning(params, sr) : NULL;
  if (warning)
    g_printerr(_("melograph-cli: %s: warning: %s\n"), file, warning);
  if (values)
    return save(options, file, feature, values, sr, params, (double)mg_spool_cols(samples) / sr, error);
  g_set_error(error, cause->domain, cause->code, "%s: %s", file, cause->message);
  return FALSE;
}

static gboolean
check(const Options *options, GError **error)
{
  if (!options->type || !options->out)
    return mg_command_missing(&mg_cmd_feature, options->type ? "--out F.npy" : "--type NAME", error);
  return mg_command_check_stretch(&mg_cmd_feature, options->start, options->end, error);
}

/* What a feature can be written as. */
static gboolean
check_out(const Options *options, const MgFeature *feature, GError **error)
{
  static const struct {
    const char *ending;
    guint kinds; /* bits by MgFeatureKind */
  } endings[] = {{".npy", ~0u},
                 {".csv", ~0u},
                 {".png", ~(1u << MG_FEATURE_NUMBER)},
                 {".svg", ~(1u << MG_FEATURE_NUMBER)},
                 {".pdf", ~(1u << MG_FEATURE_NUMBER)},
                 {".wav", 1u << MG_FEATURE_SOUND}};
  g_autoptr(GString) expected = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
    if (!(endings[i].kinds & 1u << feature->kind))
      continue;
    if (g_str_has_suffix(options->out, endings[i].ending))
      return TRUE;
    g_string_append_printf(expected, "%s%s", expected->len ? ", " : "", endings[i].ending);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: expected for %s a name that ends in one of %s"), options->out,
              feature->name, expected->str);
  return FALSE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {0};
  gboolean done;
  GOptionEntry entries[] = {
      {"type", 't', 0, G_OPTION_ARG_STRING, &options.type, N_("The feature: stft, melspectrogram …"), "NAME"},
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.set, N_("Set a parameter"), "NAME=VALUE"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out,
       N_("The array (bins, frames), its picture, or the sound of harmonic and percussive"),
       "F.npy|.csv|.png|.svg|.pdf|.wav"},
      {"start", 0, 0, G_OPTION_ARG_DOUBLE, &options.start, N_("Where to begin; at the start where left out"), "S"},
      {"end", 0, 0, G_OPTION_ARG_DOUBLE, &options.end, N_("Where to end; at the file's end where left out"), "S"},
      {0}};
  g_autoptr(GPtrArray) all = collect_tables(NULL);
  if (!mg_command_parse(&mg_cmd_feature, entries, as_tables(all), &argc, &argv, 1, 1, &done, error) || done)
    return done;
  const MgFeature *feature = check(&options, error) ? mg_feature_find(options.type, error) : NULL;
  if (!feature || !check_out(&options, feature, error))
    return FALSE;
  g_autoptr(GPtrArray) tables = collect_tables(feature);
  g_autoptr(MgParams) params = mg_params_new(as_tables(tables));
  return mg_command_set(params, options.set, error) && compute(&options, argv[1], feature, params, error);
}

const MgCommand mg_cmd_feature = {
    .name = "feature",
    .arguments = "FILE",
    .help = N_("Compute a feature of a sound file, as an array or a picture"),
    .run = run,
};
