import type { CallSide } from '@cloud-hospital/protocol/rest';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

const sideOf = ({ role, guest }: CallSide) =>
  guest ?? (role === 'specialist' || role === 'resident' ? role : 'terminal');
/** There may be several of a kind. */
const isNamed = ({ role, guest }: CallSide): boolean => guest !== null || role === 'specialist';

/** Whose side it is, in words that tell the sides of one call apart. */
export function useSideName(): (side: CallSide) => string {
  const { t } = useTranslation('console');
  return useCallback(
    (side) => [t(`callRecord.side.${sideOf(side)}`), ...(isNamed(side) ? [side.name] : [])].join(' '),
    [t],
  );
}
