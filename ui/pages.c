#include "ui/pages.h"
#include "ui/explore/explore-page.h"

const MgPage *const mg_pages[] = {
    &mg_explore_page,
    NULL,
};
