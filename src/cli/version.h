/* What --version prints. */
#pragma once

/* The program's version, those of the libraries in use, and the instruction set that the kernels choose. */
void mg_version_print(void);
