import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { reachableAddresses } from '../system/addresses.ts';
import type { StartOptions } from './options.ts';

const PAGES = [
  ['Residents (phone)', '/'],
  ['Clinic terminal', '/terminal'],
  ['Specialists', '/doctor'],
  ['Hospital coordinator', '/hospital'],
  ['District', '/district'],
] as const;

/** What a person needs to know once everything runs. */
export function describeRunning(options: StartOptions, seconds: number): string {
  const scheme = options.https ? 'https' : 'http';
  const origin = (host: string): string => `${scheme}://${host}:${options.port}`;
  const width = Math.max(...PAGES.map(([who]) => who.length)) + 2;
  const lines = [
    '',
    `Cloud Hospital runs (${seconds.toFixed(1)} s)`,
    '',
    ...PAGES.map(([who, path]) => `  ${who.padEnd(width)}${origin('localhost')}${path}`),
    '',
    ...demoAccounts(options),
    ...otherDevices(options, origin),
    `  Data and logs: ${options.dataDirectory}`,
    '  Ctrl-C stops everything.',
  ];
  return lines.join('\n');
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

/** Whom to be. Accounts of an installation that isn't a demonstration are nobody's to print. */
function demoAccounts(options: StartOptions): string[] {
  if (options.empty || options.databaseUrl !== undefined) return [];
  const { resident, nurse, clinicDoctor, specialist, coordinator, administrator, auditor } = DEMO_ACCOUNTS;
  const staff = [nurse, clinicDoctor, specialist, coordinator, administrator, auditor].map(({ username }) => username);
  return [
    `  Demo: resident ${resident.phone} (the code is shown on the page), staff ${staff.join(', ')}`,
    `        password of all staff: ${DEMO_PASSWORD}`,
    '',
  ];
}
