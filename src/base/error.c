#include "base/error.h"

G_DEFINE_QUARK(mg-error-quark, mg_error)
