/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_FOLDER_H
#define HEADROOM_REPORT_FOLDER_H

/* A user's reports on disk: a folder with a folder for each, which holds what one of reports/ holds. */

#include "headroom/report.h"

#define LAYOUT_FILE "layout.json"

#define FOLDER_REPORTS_MAX 500
#define FOLDER_FILES_MAX   200       /* of a report */
#define FOLDER_FILE_SIZE   (1 << 20) /* bytes of a file */

/* The names of the folders that hold a layout.json, in no order, behind *count of them. */
MUST_CHECK bool folder_list(const char *folder, struct arena *arena, struct report_name *names, size_t *count,
                            struct error *err);
/* Reads the files of the report, named with the folder before them; *files is NULL where there is no such report. */
MUST_CHECK bool folder_read(const char *folder, const char *name, struct arena *arena, const struct embedded **files,
                            struct error *err);

#endif
