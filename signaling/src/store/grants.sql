-- Rights of the application's role, set anew after every migration. :role is replaced by the quoted role name.
-- Clinical rows can't be deleted by the application at all; the audit and signed versions can't even be updated.
GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO :role;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :role;
REVOKE UPDATE ON audit_event, audit_chain, audit_head, report_version, attachment_annotation, chat_message FROM :role;
-- How a call went is told once; only thin_call_samples, the owner's, puts old samples together.
REVOKE UPDATE ON recording_segment, recording_opening FROM :role;
REVOKE UPDATE ON call_sample, call_step FROM :role;
GRANT DELETE ON outbox, idempotency_key, login_code, device_challenge, job, session TO :role;
-- An ordinary day has no row; who marked and unmarked it is in the audit.
GRANT DELETE ON calendar_day TO :role;
