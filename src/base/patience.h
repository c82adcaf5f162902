/* How long a child process is waited for. */
#pragma once

/* Seconds that a child which was asked to end (SIGTERM) has for saving what it has, before it is killed; one that has
 * children of its own waits for these half as long. $MELOGRAPH_PATIENCE names another time. */
double mg_patience(void);
