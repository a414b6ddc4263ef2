SELECT slot_id AS slot, patient_id AS patient, gen_random_uuid() AS appointment, now() + interval '5 minutes' AS until
FROM bench_pick WHERE n = (SELECT nextval('bench_pick_next')) \gset
BEGIN;
SELECT now() AS now, request_hash, response FROM (VALUES (1)) once LEFT JOIN remembered_answer('bench', :appointment) ON true;
SELECT id FROM patient WHERE id = :patient FOR NO KEY UPDATE;
SELECT id, slot_id FROM appointment WHERE status = 'pending' AND hold_expires_at <= now() AND (slot_id = :slot OR patient_id = :patient);
SELECT practitioner_id AS practitioner, practitioner_role_id AS role, period FROM slot WHERE id = :slot ORDER BY id FOR UPDATE \gset
SELECT id, status, patient_id FROM appointment WHERE slot_id = :slot AND status IN ('pending', 'booked', 'checked-in', 'fulfilled');
SELECT count(*)::int, count(*) FILTER (WHERE practitioner_role_id = :role)::int FROM appointment WHERE patient_id = :patient AND status IN ('pending', 'booked') AND upper(period) > now();
INSERT INTO appointment (id, slot_id, patient_id, practitioner_id, practitioner_role_id, period, status, hold_expires_at, booked_by_role) VALUES (:appointment, :slot, :patient, :practitioner, :role, :period, 'pending', :until, 'resident');
UPDATE slot SET status = 'busy-tentative', version = version + 1 WHERE id = :slot AND status IN ('free');
SELECT appointment.*, encounter.id, report.id, (SELECT entry.id FROM queue_entry entry WHERE entry.encounter_id = encounter.id ORDER BY entry.checked_in_at DESC LIMIT 1) FROM appointment LEFT JOIN encounter ON encounter.appointment_id = appointment.id LEFT JOIN report ON report.encounter_id = encounter.id WHERE appointment.id = :appointment;
SELECT id, name, birth_date, gender, identity_masked, phone FROM patient WHERE id IN (:patient);
SELECT role.id, practitioner.name, department.name_zh, organization.name_zh FROM practitioner_role role JOIN practitioner ON practitioner.id = role.practitioner_id JOIN department ON department.code = role.department_code JOIN organization ON organization.id = role.organization_id WHERE role.role = 'specialist' AND role.id IN (:role);
INSERT INTO job (id, kind, subject_id, token, due_at) VALUES (gen_random_uuid(), 'appointment.hold-expiry', :appointment, '', :until) ON CONFLICT (kind, subject_id, token) DO UPDATE SET due_at = excluded.due_at RETURNING id;
INSERT INTO audit_event (actor_role, actor_name, action, entity_kind, entity_id, patient_id, outcome, request_id, details) VALUES ('resident', 'bench', 'appointment-hold', 'Appointment', :appointment, :patient, 'success', :appointment, '{}');
INSERT INTO outbox (topics, name, data) VALUES (ARRAY['patient:' || :patient::text], 'appointment' || chr(58) || 'changed', '{"status": "pending", "version": 1}');
INSERT INTO idempotency_key (actor, key, action, request_hash, response) VALUES ('bench', :appointment, 'appointments.hold', 'bench', '{"appointmentId": "00000000-0000-0000-0000-000000000000", "status": "pending"}');
COMMIT;
