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
