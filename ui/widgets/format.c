#include "ui/widgets/format.h"
#include "dsp/mel.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define NARROW_SPACE "\u202f"
#define MINUS "\u2212"

char *
mg_format_clock(double seconds, int decimals)
{
  double unit = pow(10, decimals);
  gint64 ticks = (gint64)floor(MAX(seconds, 0) * unit + 0.5);
  gint64 whole = ticks / (gint64)unit;
  int hours = (int)(whole / 3600), minutes = (int)(whole / 60 % 60);
  double rest = whole % 60 + (ticks % (gint64)unit) / unit;
  int width = decimals > 0 ? 3 + decimals : 2;
  if (hours > 0)
    return g_strdup_printf("%d:%02d:%0*.*f", hours, minutes, width, decimals, rest);
  return g_strdup_printf("%d:%0*.*f", minutes, width, decimals, rest);
}

char *
mg_format_count(double value)
{
  g_autofree char *digits = g_strdup_printf("%.0f", fabs(value));
  GString *text = g_string_new(value <= -0.5 ? MINUS : "");
  size_t n = strlen(digits);
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0)
      g_string_append(text, NARROW_SPACE);
    g_string_append_c(text, digits[i]);
  }
  return g_string_free(text, FALSE);
}

char *
mg_format_duration(double seconds)
{
  return seconds < 0.9995 ? g_strdup_printf(_("%.3g ms"), 1000 * seconds) : g_strdup_printf(_("%.2f s"), seconds);
}

char *
mg_format_note(double hz)
{
  static const char *const names[] = {"C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"};
  if (!(hz >= 8))
    return NULL;
  double midi = 69 + 12 * log2(hz / 440);
  int nearest = (int)floor(midi + 0.5);
  int cents = (int)floor((midi - nearest) * 100 + 0.5);
  return g_strdup_printf("%s%d %s%d" NARROW_SPACE "%s", names[nearest % 12], nearest / 12 - 1, cents < 0 ? MINUS : "+",
                         ABS(cents), _("ct"));
}

void
mg_format_append_value(GString *text, double value, const char *unit)
{
  g_autofree char *count = isfinite(value) ? mg_format_count(value) : NULL;
  if (count)
    g_string_append_printf(text, " · %s" NARROW_SPACE "%s", count, unit);
}

void
mg_format_append_hz(GString *text, double hz, double db)
{
  if (isfinite(hz)) {
    g_autofree char *note = mg_format_note(hz);
    mg_format_append_value(text, hz, _("Hz"));
    if (note)
      g_string_append_printf(text, " · %s", note);
    mg_format_append_value(text, mg_hz_to_mel(hz, TRUE), _("mel"));
  }
  mg_format_append_value(text, db, _("dB"));
}

char *
mg_format_readout(double seconds, double hz, double db)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%.3f" NARROW_SPACE "%s", seconds, _("s"));
  mg_format_append_hz(text, hz, db);
  return g_string_free(text, FALSE);
}

char *
mg_format_value(double value, const char *unit)
{
  char digits[32];
  double size = fabs(value);
  int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.01 || size == 0 ? 3 : 5;
  g_snprintf(digits, sizeof digits, "%.*f", decimals, size);
  gboolean zero = strspn(digits, "0.,") == strlen(digits);
  return g_strconcat(value < 0 && !zero ? MINUS : "", digits, unit ? NARROW_SPACE : "", unit ? _(unit) : "", NULL);
}

char *
mg_format_path(const char *path)
{
  const char *home = g_get_home_dir();
  size_t length = strlen(home);
  gboolean below = length > 1 && g_str_has_prefix(path, home) && (path[length] == '/' || !path[length]);
  return below ? g_strconcat("~", path + length, NULL) : g_strdup(path);
}

char *
mg_format_sentence(const char *line)
{
  gunichar first = g_utf8_get_char(line);
  char capital[7] = {0};
  const char *colon = strchr(line, ':'), *slash = strchr(line, '/');
  if (!g_unichar_islower(first) || (colon && (!slash || slash < colon)))
    return g_strdup(line);
  g_unichar_to_utf8(g_unichar_toupper(first), capital);
  return g_strconcat(capital, g_utf8_next_char(line), NULL);
}

const char *
mg_format_unit(const char *unit)
{
  static const char *const units[] = {N_("Hz"),        N_("dB"),        N_("s"),      N_("samples"), N_("min"),
                                      N_("folds"),     N_("epochs"),    N_("frames"), N_("bins"),    N_("octaves"),
                                      N_("octaves/s"), N_("semitones"), N_("rad"),    N_("BPM")};
  for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_str_equal(unit, units[i]))
      return _(units[i]);
  return unit;
}
