import { isAddress } from './NetworkFrame.ts';

type Entry = Readonly<Record<string, unknown>>;

/**
 * The address of this machine that a transport's packets leave from, from its getStats(): that of the chosen candidate
 * pair (W3C, "Identifiers for WebRTC's Statistics API").
 * @returns null where it isn't known: no pair yet, a name instead of an address, or a relay's or router's address
 */
export function ownAddress(stats: Iterable<Entry>): string | null {
  const entries = [...stats];
  const byId = (id: unknown): Entry | undefined => entries.find((entry) => entry.id === id);
  const transport = entries.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  );
  const candidate = byId(byId(transport?.selectedCandidatePairId)?.localCandidateId);
  if (candidate === undefined) return null;
  // Beside what a router makes of our own address that one stands; beside a relay's, again the router's.
  const { candidateType, address, relatedAddress } = candidate;
  const own = candidateType === 'host' ? address : candidateType === 'relay' ? null : relatedAddress;
  return isAddress(own) ? own : null;
}
