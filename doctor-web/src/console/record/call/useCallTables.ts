import type { CallRecord } from '@cloud-hospital/protocol/rest';
import { ZONE } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import type { Cell, Table } from '../../../chart/csv.ts';
import { isPictureChange, troublesOf } from './troubles.ts';
import { useSideName } from './useSideName.ts';

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: ZONE });
const percent = (share: number): number => Math.round(share * 1_000) / 10;
const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;

/** The call as tables: what was measured, and what happened. Clock times of the district. */
export function useCallTables({ sides }: CallRecord): { readonly quality: Table; readonly events: Table } {
  const { t } = useTranslation('console');
  const name = useSideName();
  const quality: Table = {
    head: [
      t('callRecord.time'),
      t('callRecord.who'),
      t('callRecord.mos'),
      t('callRecord.loss'),
      t('callRecord.delay'),
      t('callRecord.jitter'),
      t('callRecord.rate'),
      t('callRecord.height'),
      t('callRecord.freezes'),
      t('callRecord.mode'),
    ],
    rows: sides
      .flatMap((side) => side.samples.map((sample) => ({ side, sample })))
      .toSorted((a, b) => a.sample.at.localeCompare(b.sample.at))
      .map(({ side, sample }) => [
        CLOCK.format(new Date(sample.at)),
        name(side),
        sample.mos === null ? null : Math.round(sample.mos * 10) / 10,
        percent(sample.lossRate),
        sample.roundTripMs,
        sample.jitterMs,
        sample.receiveKbps,
        sample.receiveHeight,
        sample.freezes,
        t(`callRecord.modes.${sample.mode}`),
      ]),
  };
  const happened = sides.flatMap((side) => [
    ...side.presence.map(({ from, to }) => ({
      at: Date.parse(from),
      cells: [
        name(side),
        t('callRecord.presence'),
        to === null ? t('callRecord.still') : seconds(Date.parse(from), Date.parse(to)),
      ],
    })),
    ...troublesOf(side).map(({ kind, from, to, steps }) => ({
      at: from,
      cells: [
        name(side),
        [t(`callRecord.trouble.${kind}`), steps.map(({ stage }) => t(`callRecord.stage.${stage}`)).join(' → ')].join(
          ': ',
        ),
        seconds(from, to),
      ],
    })),
    ...side.steps
      .filter(isPictureChange)
      .map(({ stage, at }) => ({ at: Date.parse(at), cells: [name(side), t(`callRecord.stage.${stage}`), null] })),
  ]);
  const events: Table = {
    head: [t('callRecord.time'), t('callRecord.who'), t('callRecord.what'), t('callRecord.lasted')],
    rows: happened
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, cells }): readonly Cell[] => [CLOCK.format(new Date(at)), ...cells]),
  };
  return { quality, events };
}
