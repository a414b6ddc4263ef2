-- The resident alone at their own phone reads and writes as a side of their own: what staff of the clinic read is not read by them.
ALTER TABLE chat_receipt DROP CONSTRAINT chat_receipt_side_check,
  ADD CONSTRAINT chat_receipt_side_check CHECK (side IN ('clinic', 'specialist', 'resident'));
