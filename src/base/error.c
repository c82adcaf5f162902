#include "base/error.h"

/* clang-format off */
G_DEFINE_QUARK(mg-error-quark, mg_error)
/* clang-format on */
