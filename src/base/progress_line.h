/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_BASE_PROGRESS_LINE_H
#define HEADROOM_BASE_PROGRESS_LINE_H

/* Private to base: wipes a progress line that stands on the terminal, so that a message can take its place. The next
 * progress_show draws it again. */
void progress_hide(void);

#endif
