-- SPDX-License-Identifier: MIT
-- The handles of a vendor's list, as they come in binary.
COPY headroom.invoice_handle (list_id, subject, line) FROM STDIN (FORMAT binary);
