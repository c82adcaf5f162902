/* Lessons: a list of those that come with the program and of the workspace's own, and the one that is open. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_learn_page;
