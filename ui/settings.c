#include "ui/settings.h"
#include "config.h"

#define SCHEMA "org.melograph.Melograph"

static GSettingsSchema *
find_schema(void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default();
  GSettingsSchema *schema = installed ? g_settings_schema_source_lookup(installed, SCHEMA, TRUE) : NULL;
  if (schema)
    return schema;
  g_autofree char *folder = g_build_filename(MG_BUILD_DIR, "data", NULL);
  g_autoptr(GSettingsSchemaSource) built = g_settings_schema_source_new_from_directory(folder, installed, TRUE, NULL);
  return built ? g_settings_schema_source_lookup(built, SCHEMA, FALSE) : NULL;
}

GSettings *
mg_settings(void)
{
  static GSettings *settings;
  static gboolean looked;
  if (looked)
    return settings;
  looked = TRUE;
  g_autoptr(GSettingsSchema) schema = find_schema();
  if (schema)
    settings = g_settings_new_full(schema, NULL, NULL);
  return settings;
}
