import type { SignedPresence } from '@cloud-hospital/protocol/rest';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/index.ts';
import { formatTime } from '../time.ts';

const KNOWN = ['specialist', 'terminal', 'resident'] as const;
const kindOf = ({ role, guest }: SignedPresence) => guest ?? KNOWN.find((known) => known === role) ?? 'terminal';

/** Who was in the room and when, one line each, as it was signed. */
export function PresenceList({ presence }: { readonly presence: readonly SignedPresence[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <ul className="ch-presence">
      {presence.map((one, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- signed: never reordered, and two may be called alike
        <li key={index}>
          {t(`presence.role.${kindOf(one)}`)} {one.name}：
          {one.intervals.length === 0
            ? t('presence.never')
            : one.intervals
                .map(({ from, to }) => `${formatTime(from, locale)}–${to === null ? '' : formatTime(to, locale)}`)
                .join('，')}
        </li>
      ))}
    </ul>
  );
}
