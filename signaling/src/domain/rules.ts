import type { Action, Role } from '@cloud-hospital/protocol';

/**
 * How the actor must relate to the object of the action. Which object that is, the operation knows: it filters its
 * query by the relation, so that a foreign object is not found at all (`store/visibility.ts`).
 * - own: a guest's one room; a resident's room by phone; the resident's own data and that of family members who consented (`store/family.ts`); the specialist's own queue, the terminal itself
 * - own-clinic: of the staff's clinic
 * - assigned: of an encounter the specialist is assigned to, or was asked into and is in (`invited`, read only)
 * - own-hospital: of the hospital the coordinator works for
 * - district: anywhere in the district (no clinical text)
 */
export type Relation = 'own' | 'own-clinic' | 'assigned' | 'own-hospital' | 'district';
export type Rule = 'public' | { readonly [R in Role]?: Relation };

const staff = { 'clinic-doctor': 'own-clinic', nurse: 'own-clinic' } as const satisfies Rule;
const everybody = {
  resident: 'own',
  specialist: 'own',
  'clinic-doctor': 'own',
  nurse: 'own',
  coordinator: 'own',
  'district-administrator': 'own',
  auditor: 'own',
  terminal: 'own',
} as const satisfies Rule;

/** role × action × relation: the whole of who may do what. An action without a row does not compile. */
export const RULES: { readonly [A in Action]: Rule } = {
  'public:sign-in': 'public',
  'public:directory': 'public',
  'public:health': 'public',
  'public:verify-report': 'public',
  'public:demo-inbox': 'public',
  'public:enrol-terminal': 'public',
  'public:helper-link': 'public',
  'public:guest-link': 'public',
  'session:read': everybody,
  'session:end': everybody,
  'second-factor:manage': {
    specialist: 'own',
    'clinic-doctor': 'own',
    nurse: 'own',
    coordinator: 'own',
    'district-administrator': 'own',
    auditor: 'own',
  },
  'profile:write': { resident: 'own' },
  'patient:read': { resident: 'own' },
  'related-person:manage': { resident: 'own' },
  'related-person:record': staff,
  'slot:search': { ...staff, resident: 'district', specialist: 'own', coordinator: 'own-hospital' },
  'appointment:book': { ...staff, resident: 'own' },
  'appointment:read': { ...staff, resident: 'own' },
  'appointment:cancel': { ...staff, resident: 'own' },
  'appointment:reschedule': { ...staff, resident: 'own' },
  /** Of the resident's own phone, for an appointment of theirs. */
  'device-check:report': { resident: 'own' },
  /** From the own phone, where the specialist allows it. */
  'phone-visit:check-in': { resident: 'own' },
  'phone-visit:take-part': { resident: 'own' },
  'calendar:read': { 'district-administrator': 'district', specialist: 'own', coordinator: 'own-hospital' },
  'calendar:write': { 'district-administrator': 'district' },
  'schedule:read': { specialist: 'own', coordinator: 'own-hospital' },
  'schedule:write': { specialist: 'own', coordinator: 'own-hospital' },
  'schedule-change:read': { ...staff, resident: 'own', coordinator: 'own-hospital' },
  'schedule-change:answer': { ...staff, resident: 'own', coordinator: 'own-hospital' },
  'schedule-change:list': { coordinator: 'own-hospital' },
  'helper-link:manage': { ...staff, resident: 'own' },
  'no-show:excuse': staff,
  'worklist:read': staff,
  'patient:find': { ...staff },
  'patient:register': staff,
  'encounter:check-in': staff,
  'encounter:register-walk-in': staff,
  'encounter:read': { ...staff, specialist: 'assigned' },
  'encounter:prepare': staff,
  /** Residents: of their own visit by phone. */
  'consent:record': { ...staff, resident: 'own' },
  'observation:record': staff,
  'queue:read': { specialist: 'own' },
  'queue:place': { ...staff, resident: 'own', specialist: 'own' },
  'queue:call': { specialist: 'own' },
  'queue:hand-over': { specialist: 'own', coordinator: 'own-hospital' },
  'queue:take-substitute': { ...staff, resident: 'own' },
  'availability:write': { specialist: 'own' },
  'encounter:conclude': { specialist: 'assigned' },
  'note:write': { specialist: 'assigned' },
  /** Residents, here and in what follows: of their own visit by phone. */
  'exchange:read': { ...staff, resident: 'own', specialist: 'assigned' },
  /** Residents: also what is attached to a signed report of theirs. */
  'attachment:read': { ...staff, resident: 'own', specialist: 'assigned' },
  'attachment:write': { ...staff, resident: 'own', specialist: 'assigned' },
  'attachment:annotate': { ...staff, specialist: 'assigned' },
  'still:request': { specialist: 'assigned' },
  'still:answer': { ...staff, resident: 'own' },
  'chat:write': { ...staff, resident: 'own', specialist: 'assigned' },
  'recording:control': { specialist: 'assigned' },
  'recording:read': { 'clinic-doctor': 'own-clinic', specialist: 'assigned' },
  'report:sign': { specialist: 'assigned' },
  'report:read': { ...staff, resident: 'own', specialist: 'assigned' },
  'report:decide': { 'clinic-doctor': 'own-clinic' },
  'inbox:read': everybody,
  'terminal:administer': { 'district-administrator': 'district' },
  'terminal:self': { ...staff, terminal: 'own' },
  'hospital:board': { coordinator: 'own-hospital' },
  'district:board': { 'district-administrator': 'district' },
  'directory:administer': { 'district-administrator': 'district' },
  'staff:administer': { 'district-administrator': 'district' },
  'audit:read': { auditor: 'district' },
  'jobs:administer': { 'district-administrator': 'district' },
  'call:answer': { ...staff, resident: 'own' },
  'room:join': { ...staff, resident: 'own', specialist: 'assigned', guest: 'own' },
  'media:use': { ...staff, resident: 'own', specialist: 'assigned', guest: 'own' },
  'cameras:want': { specialist: 'assigned' },
  'screen:share': { ...staff, specialist: 'assigned' },
  'people:read': { ...staff, specialist: 'assigned' },
  'guest:invite': { ...staff, specialist: 'assigned' },
  'participant:remove': { ...staff, specialist: 'assigned' },
  'colleague:invite': { specialist: 'assigned' },
  'invitation:answer': { specialist: 'own' },
  'call:hold': { specialist: 'assigned' },
  'line:test': { ...staff, resident: 'own', specialist: 'own', guest: 'own' },
};

/** The relation the role must have for the action; null: the role may not do it at all. Fails closed. */
export function relationFor(action: Action, role: Role): Relation | null {
  const rule: Rule | undefined = RULES[action];
  if (rule === undefined || rule === 'public') return null;
  return rule[role] ?? null;
}
export const isPublic = (action: Action): boolean => RULES[action] === 'public';

/** What staff may do before their second factor is enrolled: see who they are, enrol it, leave. */
const BEFORE_SECOND_FACTOR: ReadonlySet<Action> = new Set<Action>([
  'session:read',
  'session:end',
  'second-factor:manage',
]);
export const needsSecondFactor = (action: Action): boolean => !BEFORE_SECOND_FACTOR.has(action);
