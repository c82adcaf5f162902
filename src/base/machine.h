/* The machine that the program runs on, for whoever compares times. */
#pragma once

/* The processor's name and how many of its threads the process may use: "AMD EPYC 7B13, 2 threads". g_free() it. */
char *mg_machine_name(void);
