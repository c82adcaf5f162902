#include "ui/settings.h"
#include "config.h"
#include <glib/gi18n.h>

#define SCHEMA "org.melograph.Melograph"

/* What the program asks of the schema: GSettings ends a program that asks for a key or type that is not there. */
static const struct {
  const char *name, *type;
} keys[] = {
    {"width", "i"}, {"height", "i"}, {"maximized", "b"}, {"library", "b"}, {"parameters", "b"},    {"style", "s"},
    {"wheel", "s"}, {"start", "s"},  {"tables", "s"},    {"recent", "as"}, {"recent-files", "as"},
};

static gboolean
has_all_keys(GSettingsSchema *schema)
{
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (!g_settings_schema_has_key(schema, keys[i].name))
      return FALSE;
    g_autoptr(GSettingsSchemaKey) key = g_settings_schema_get_key(schema, keys[i].name);
    if (!g_variant_type_equal(g_settings_schema_key_get_value_type(key), G_VARIANT_TYPE(keys[i].type)))
      return FALSE;
  }
  return TRUE;
}

static GSettingsSchemaSource *
built_source(GSettingsSchemaSource *parent)
{
  g_autofree char *folder = g_build_filename(MG_BUILD_DIR, "data", NULL);
  return g_settings_schema_source_new_from_directory(folder, parent, TRUE, NULL);
}

GSettingsSchema *
mg_settings_find_schema(GSettingsSchemaSource *installed, gboolean *old)
{
  g_autoptr(GSettingsSchemaSource) built = built_source(installed);
  GSettingsSchemaSource *sources[] = {installed, built};
  *old = FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
    g_autoptr(GSettingsSchema) schema =
        sources[i] ? g_settings_schema_source_lookup(sources[i], SCHEMA, sources[i] == installed) : NULL;
    if (schema && has_all_keys(schema))
      return g_steal_pointer(&schema);
    *old = *old || schema != NULL;
  }
  return NULL;
}

GSettings *
mg_settings(void)
{
  static GSettings *settings;
  static gboolean looked;
  gboolean old;
  if (looked)
    return settings;
  looked = TRUE;
  g_autoptr(GSettingsSchema) schema = mg_settings_find_schema(g_settings_schema_source_get_default(), &old);
  if (schema)
    settings = g_settings_new_full(schema, NULL, NULL);
  else if (old)
    g_printerr(
        _("melograph: preferences are not kept: the installed settings schema %s is of another version; expected "
          "that of %s\n"),
        SCHEMA, MG_VERSION);
  return settings;
}
