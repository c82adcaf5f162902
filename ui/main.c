#include "ui/application.h"
#include "base/data-dir.h"
#include "ui/trace.h"
#include "config.h"
#include <glib/gi18n.h>
#include <locale.h>

int
main(int argc, char **argv)
{
  mg_trace("start", -1);
  g_log_writer_default_set_use_stderr(TRUE);
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, mg_data_dir_locale());
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_set_application_name("Melograph");
  g_autoptr(MgApplication) application = mg_application_new();
  return g_application_run(G_APPLICATION(application), argc, argv);
}
