-- SPDX-License-Identifier: MIT
-- The database's pages, and those of them that hold nothing.
SELECT (SELECT page_count FROM pragma_page_count), (SELECT freelist_count FROM pragma_freelist_count);
