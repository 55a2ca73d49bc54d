-- SPDX-License-Identifier: MIT
-- The number of a vendor's list that is about to be taken in.
-- Column: list_id.
SELECT nextval('headroom.invoice_list_list_id_seq') AS list_id;
