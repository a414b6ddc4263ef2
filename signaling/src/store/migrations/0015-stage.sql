-- What the resident's own phone said of its camera, microphone, speaker and line, last. As device.self_test.
ALTER TABLE appointment ADD COLUMN device_check jsonb;
