-- What a participant said last of what it shows: whoever comes back after a loss of the socket has missed what was told.
ALTER TABLE participant ADD COLUMN shows jsonb;
