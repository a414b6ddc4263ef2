import { z } from 'zod';

/**
 * The name of the rule that guards a route or a socket request. The rule itself (role × relation to the object) is
 * in signaling's authorisation table, which must have a row for every action: one without fails the type check.
 * `public:*` actions need no session.
 */
export const Action = z.enum([
  'public:sign-in',
  'public:directory',
  'public:health',
  'public:verify-report',
  'public:demo-inbox',
  'public:enrol-terminal',
  'session:read',
  'session:end',
  'second-factor:manage',
  'profile:write',
  'patient:read',
  'slot:search',
  'appointment:book',
  'appointment:read',
  'appointment:cancel',
  'appointment:reschedule',
  'worklist:read',
  'patient:find',
  'encounter:check-in',
  'encounter:register-walk-in',
  'encounter:read',
  'encounter:prepare',
  'consent:record',
  'observation:record',
  'queue:read',
  'queue:place',
  'queue:call',
  'availability:write',
  'encounter:conclude',
  'note:write',
  'report:sign',
  'report:read',
  'report:decide',
  'inbox:read',
  'terminal:administer',
  'terminal:self',
  'hospital:board',
  'district:board',
  'audit:read',
  'jobs:administer',
  'call:answer',
  'room:join',
  'media:use',
]);
export type Action = z.infer<typeof Action>;
