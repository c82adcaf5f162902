/* A lesson file's errors by line, its sounds against formulas, and its facts against what is known of them. */
#include "learn/lesson-facts.h"
#include "support.h"

#define HEAD "[lesson]\ntitle = T\n[text]\nText.\n"

static MgLessonFile *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  MgLessonFile *file = mg_lesson_parse(text, "x.lesson", &error);
  g_assert_no_error(error);
  return file;
}

/* One line that begins with file and line, and tells what was expected. */
static void
test_errors(void)
{
  static const struct {
    const char *text, *begins, *holds;
  } cases[] = {
      {"", "x.lesson:1:", "[lesson]"},
      {"[lesson]\ntitle = T\n", "x.lesson:1:", "[text]"},
      {"title = T\n", "x.lesson:1:", "section"},
      {"[lessen]\ntitle = T\n", "x.lesson:1:", "expected one of lesson, text"},
      {"[lesson]\ntitel = T\n", "x.lesson:2:", "expected one of title, summary"},
      {"[lesson]\nsummary = S\n[text]\n", "x.lesson:1:", "“title”"},
      {"[lesson]\ntitle = T\ntitle = U\n[text]\n", "x.lesson:3:", "once"},
      {HEAD "[lesson]\ntitle = T\n", "x.lesson:5:", "once"},
      {HEAD "[control]\nstart = 1\n", "x.lesson:5:", "name"},
      {HEAD "[control a]\nstart = 1\n", "x.lesson:5:", "either"},
      {HEAD "[control a]\nfrom = 0\nto = 1\nstart = 2\n", "x.lesson:8:", "from 0 to 1"},
      {HEAD "[control a]\nvalues = b c\nstart = d\n", "x.lesson:7:", "one of b c"},
      {HEAD "[control a]\nvalues = b c\nlabels = x\nstart = b\n", "x.lesson:7:", "as many"},
      {HEAD "[control a]\nvalues = b c\nstart[ru] = b\n", "x.lesson:7:", "without a language"},
      {HEAD "[view piano]\n", "x.lesson:5:", "expected one of pane"},
      {HEAD "[view samples]\nlength = 1\n", "x.lesson:6:", "expected one of title, seconds"},
      {HEAD "[sound]\ntone = hz f9\n", "x.lesson:6:", "f9"},
      {HEAD "[sound]\ntone = pitch 9\n", "x.lesson:6:", "expected hz"},
      {HEAD "[sound]\nseconds = 1e9\n", "x.lesson:6:", "60"},
      {HEAD "[sound]\ntarget = circle\n", "x.lesson:6:", "square"},
      {HEAD "[sound]\ndemo = ../../etc\n", "x.lesson:6:", "demo track"},
      {HEAD "[task]\ntext = Do\n", "x.lesson:5:", "check"},
      {HEAD "[task]\ntext = Do\ncheck = 3\n", "x.lesson:7:", "=="},
      {HEAD "[task]\ntext = Do\ncheck = nothing == 3\n", "x.lesson:7:", "nothing"},
      {HEAD "[task]\ntext = Do\ncheck = 1 == 1\nsolution = a = 3\n", "x.lesson:8:", "CONTROL"},
      {"[lesson]\ntitle = \xff\n", "x.lesson:2:", "UTF-8"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_lesson_parse(cases[i].text, "x.lesson", &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_true(g_str_has_prefix(error->message, cases[i].begins));
    g_assert_nonnull(strstr(error->message, cases[i].holds));
    g_assert_null(strchr(error->message, '\n'));
  }
}

/* Cut anywhere, a lesson is either read or refused with one line. */
static void
test_cut(void)
{
  g_autofree char *path = g_build_filename(MG_SOURCE_DIR, "lessons", "03-window.lesson", NULL), *text = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(path, &text, &length, NULL));
  for (gsize n = length; n > 0; n -= MIN(n, 7)) {
    g_autoptr(GError) error = NULL;
    text[n] = 0;
    g_autoptr(MgLessonFile) file = mg_lesson_parse(text, "cut", &error);
    g_assert_true((file != NULL) == (error == NULL));
  }
}

static MgLessonSamples *
render(const char *sound, MgLessonState **state)
{
  g_autofree char *text = g_strconcat(HEAD "[control a]\nfrom = 0\nto = 9\nstart = 2\n[sound]\n", sound, NULL);
  g_autoptr(MgLessonFile) file = parse(text);
  g_autoptr(GError) error = NULL;
  *state = mg_lesson_state_new(file);
  g_autoptr(MgLessonSound) spec = mg_lesson_state_sound(*state, &error);
  g_assert_no_error(error);
  MgLessonSamples *samples = mg_lesson_sound_render(spec, 0, &error);
  g_assert_no_error(error);
  mg_lesson_state_take_sound(*state, samples);
  return samples;
}

static double
fact(MgLessonState *state, const char *name)
{
  double value = NAN;
  g_assert_true(mg_lesson_fact(name)->find(state, &value));
  return value;
}

/* The sum of the first sines of a square wave, sample by sample; and its distance from the wave, which is known: a
 * square of height pi/4 has the mean square pi²/16, sines of size b the mean square b²/2. */
static void
test_sum_of_sines(void)
{
  g_autoptr(MgLessonState) state = NULL;
  g_autoptr(MgLessonSamples) samples = render("seconds = 1\nsr = 48000\ntarget = square\n"
                                              "tone = hz 50 * a, amplitude 1\ntone = hz 150 * a, amplitude 1/3\n"
                                              "tone = hz 250 * a, amplitude 0.2\n",
                                              &state);
  g_assert_cmpuint(samples->n, ==, 48000);
  for (size_t i = 0; i < samples->n; i += 7) {
    double x = 2 * G_PI * 100 * (double)i / 48000, sum = sin(x) + sin(3 * x) / 3 + sin(5 * x) / 5;
    g_assert_cmpfloat_with_epsilon((double)samples->samples[i], sum, 1e-5);
  }
  double whole = G_PI * G_PI / 16, sines = (1 + 1 / 9.0 + 1 / 25.0) / 2;
  g_assert_cmpfloat_with_epsilon(fact(state, "difference"), sqrt(1 - sines / whole), 2e-3);
}

/* A tone at 7 kHz, sampled at 8 kHz, has the samples of one at 1 kHz upside down. */
static void
test_fold(void)
{
  g_autoptr(MgLessonState) state = NULL, other = NULL;
  g_autoptr(MgLessonSamples) high = render("seconds = 1\nsr = 8000\ntone = hz 7000, amplitude 0.5\n", &state);
  g_autoptr(MgLessonSamples) low = render("seconds = 1\nsr = 8000\ntone = hz 1000, amplitude -0.5\n", &other);
  for (size_t i = 0; i < low->n; i++)
    g_assert_cmpfloat_with_epsilon((double)high->samples[i], (double)low->samples[i], 1e-6);
  g_assert_cmpfloat_with_epsilon(fact(state, "loudest_hz"), 1000, 0.5);
  g_assert_cmpfloat_with_epsilon(fact(state, "peak_db"), 20 * log10(0.5), 0.01);
}

/* What is as loud as nothing is no neighbour that hides another; an amplitude below zero turns a tone upside down. */
static void
test_tones_seen(void)
{
  g_autoptr(MgLessonState) state = NULL;
  g_autoptr(MgLessonSamples) samples = render("seconds = 1\ntone = hz 220, amplitude 1\ntone = hz 440, amplitude -0.5\n"
                                              "tone = hz 660, amplitude 0\n",
                                              &state);
  g_assert_cmpfloat(fact(state, "tones_seen"), ==, 2);
}

/* 0 dB is a sine of size 1, in whichever window. */
static void
test_spectrum(void)
{
  static const char *const windows[] = {"rect", "hann", "hamming", "blackman"};
  g_autoptr(MgLessonState) state = NULL;
  g_autoptr(MgLessonSamples) samples = render("seconds = 1\nsr = 16000\ntone = hz 1000, amplitude 1\n", &state);
  mg_lesson_state_set(state, "n_fft", "1024"); /* 64 whole periods */
  for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
    mg_lesson_state_set(state, "window", windows[i]);
    g_autoptr(MgMatrix) spectrum = mg_lesson_spectrum(state, NULL);
    g_assert_cmpuint(spectrum->cols, ==, 513);
    g_assert_cmpfloat_with_epsilon((double)spectrum->data[64], 0, 0.01);
  }
}

/* All coefficients give the spectrum back; none but the first give its mean. */
static void
test_cepstrum(void)
{
  g_autoptr(MgLessonState) state = NULL;
  g_autoptr(MgLessonSamples) samples =
      render("seconds = 1\nnoise = amplitude 0.1\ntone = hz 900, amplitude 0.4\n", &state);
  mg_lesson_state_set(state, "n_mels", "40");
  mg_lesson_state_set(state, "n_mfcc", "40");
  g_assert_cmpfloat(fact(state, "mfcc_error"), <, 1e-3);
  mg_lesson_state_set(state, "n_mfcc", "1");
  g_autoptr(MgMatrix) both = mg_lesson_cepstrum(state, NULL);
  double mean = 0;
  for (size_t i = 0; i < 40; i++)
    mean += (double)mg_matrix_row(both, 0)[i] / 40;
  for (size_t i = 0; i < 40; i++)
    g_assert_cmpfloat_with_epsilon((double)mg_matrix_row(both, 1)[i], mean, 1e-3);
}

static void
test_kernels(void)
{
  g_autoptr(MgMatrix) step = mg_matrix_new(5, 6, NULL); /* rises by 2 from column 2 to column 3 */
  for (size_t r = 0; r < 5; r++)
    for (size_t c = 3; c < 6; c++)
      mg_matrix_row(step, r)[c] = 2;
  g_autoptr(MgMatrix) along = mg_lesson_convolve(step, "along"), across = mg_lesson_convolve(step, "across");
  g_autoptr(MgMatrix) same = mg_lesson_convolve(step, "same"), blur = mg_lesson_convolve(step, "blur");
  for (size_t r = 0; r < 5; r++)
    for (size_t c = 0; c < 6; c++) {
      g_assert_cmpfloat(mg_matrix_row(along, r)[c], ==, c == 2 || c == 3 ? 8 : 0);
      g_assert_cmpfloat(mg_matrix_row(across, r)[c], ==, 0);
      g_assert_cmpfloat(mg_matrix_row(same, r)[c], ==, mg_matrix_row(step, r)[c]);
    }
  g_assert_cmpfloat_with_epsilon((double)mg_matrix_row(blur, 2)[2], 2.0 / 3, 1e-6);
  g_assert_null(mg_lesson_convolve(step, "sharpen"));
}

/* What is local is the user's language, else the first. */
static void
test_languages(void)
{
  g_autoptr(MgLessonFile) file = parse("[lesson]\ntitle = Window\ntitle[ru] = Окно\nsummary = Long\n  line\n"
                                       "[text]\nOne.\n\nTwo.\n[text ru]\nРаз.\n");
  const char *text = mg_lesson_text(file);
  g_assert_cmpstr(mg_lesson_title(file), ==, "Window");
  g_assert_cmpstr(mg_lesson_summary(file), ==, "Long line");
  g_assert_true(g_str_has_prefix(text, "One.\n\nTwo."));
  g_assert_null(strstr(text, "Раз"));
}

int
main(int argc, char **argv)
{
  g_setenv("LANGUAGE", "en", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/lesson/errors", test_errors);
  g_test_add_func("/lesson/cut", test_cut);
  g_test_add_func("/lesson/sum-of-sines", test_sum_of_sines);
  g_test_add_func("/lesson/fold", test_fold);
  g_test_add_func("/lesson/tones-seen", test_tones_seen);
  g_test_add_func("/lesson/spectrum", test_spectrum);
  g_test_add_func("/lesson/cepstrum", test_cepstrum);
  g_test_add_func("/lesson/kernels", test_kernels);
  g_test_add_func("/lesson/languages", test_languages);
  return g_test_run();
}
