import type { Actor } from '../../domain/Actor.ts';
import { relationFor } from '../../domain/rules.ts';
import type { SpecialistFilter } from '../../store/specialists.ts';

/** Whose slots the actor may search, as the rule of `slot:search` says; null: nobody's. */
export function visibleSpecialists(actor: Actor): SpecialistFilter | null {
  const relation = relationFor('slot:search', actor.role);
  switch (relation) {
    case 'district':
    case 'own-clinic':
      return {};
    case 'own-hospital':
      return actor.organizationId === null ? null : { organizationId: actor.organizationId };
    case 'own':
      return actor.practitionerRoleId === null ? null : { practitionerRoleId: actor.practitionerRoleId };
    default:
      return null;
  }
}
