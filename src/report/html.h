/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_HTML_H
#define HEADROOM_REPORT_HTML_H

/* What the parts of the HTML renderer share. */

#include "report/page.h"

/* The text where markup stands, within quotes too. */
void html_text(struct sink *sink, const char *text);
/* The chart as inline SVG, with its title for those who can't see it. */
void html_chart(struct sink *sink, const struct page_chart *chart);

#endif
