import { DEMO_ACCOUNTS as DEMO, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { FIRST_ADMINISTRATOR } from '../../../signaling/src/seed/firstAdministrator.ts';
import { reachableAddresses } from '../system/addresses.ts';
import type { StartOptions } from './options.ts';

interface Page {
  readonly who: string;
  readonly path: string;
  /** Whom to sign in as in the demo district. */
  readonly demo: string;
}

const PAGES: readonly Page[] = [
  { who: 'Residents (phone)', path: '/', demo: `${DEMO.resident.phone}, the code is shown on the page` },
  { who: 'Clinic terminal', path: '/terminal', demo: `${DEMO.nurse.username}, ${DEMO.clinicDoctor.username}` },
  { who: 'Specialists', path: '/doctor', demo: DEMO.specialist.username },
  { who: 'Hospital coordinator', path: '/hospital', demo: DEMO.coordinator.username },
  { who: 'District', path: '/district', demo: DEMO.administrator.username },
  { who: 'Auditor', path: '/audit', demo: DEMO.auditor.username },
];

/** What a person needs to know once everything runs. */
export function describeRunning(
  options: StartOptions,
  { seconds, administratorCode }: { readonly seconds: number; readonly administratorCode: string | null },
): string {
  const scheme = options.https ? 'https' : 'http';
  const origin = (host: string): string => `${scheme}://${host}:${options.port}`;
  // Accounts of an installation that isn't a demonstration are nobody's to print.
  const demo = !options.empty && options.databaseUrl === undefined;
  const rows = PAGES.map(({ who, path, demo: account }) => [who, `${origin('localhost')}${path}`, demo ? account : '']);
  return [
    '',
    `Cloud Hospital runs (${seconds.toFixed(1)} s)`,
    '',
    ...alignColumns(rows),
    '',
    ...(demo ? [`  Password of all staff in the demo district: ${DEMO_PASSWORD}`, ''] : []),
    ...firstAdministrator(administratorCode, origin('localhost')),
    ...otherDevices(options, origin),
    `  Data and logs: ${options.dataDirectory}`,
    '  Ctrl-C stops everything.',
  ].join('\n');
}

function firstAdministrator(code: string | null, origin: string): string[] {
  if (code === null) return [];
  return [
    `  No administrator has a password yet. Choose it at ${origin}/activate`,
    `  with the user name ${FIRST_ADMINISTRATOR} and the code ${code} (good once, for three days).`,
    '',
  ];
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function otherDevices(options: StartOptions, origin: (host: string) => string): string[] {
  const others = reachableAddresses().slice(1);
  if (options.host !== '0.0.0.0' || others.length === 0) return [];
  if (!options.https) {
    return ['  From another device: browsers give camera and microphone to https only: npm start -- --https', ''];
  }
  return [
    `  From another device: ${others.map((address) => origin(address)).join(' or ')}`,
    '  (the certificate is our own: the browser warns once, go on to the page)',
    '',
  ];
}
