import { useServerNow } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';
import type { Promised } from './promise.ts';
import { timeBand } from './timeBand.ts';

/** A line from now to the expected time: how long the wait is can be seen without reading. */
export function TimeBand({ expected }: { readonly expected: Promised }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const now = useServerNow(10_000);
  const { left, width } = timeBand(now, Date.parse(expected.from), Date.parse(expected.to));
  return (
    <div className="w-band" aria-hidden>
      <div className="w-band__line">
        <span className="w-band__window" style={{ insetInlineStart: `${left}%`, inlineSize: `${width}%` }} />
        <span className="w-band__now" />
      </div>
      <div className="w-band__ends">
        <span>
          {t('waiting.now')} {words.time(new Date(now).toISOString())}
        </span>
        <span>{words.time(expected.to)}</span>
      </div>
    </div>
  );
}
