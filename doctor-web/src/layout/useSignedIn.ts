import type { Session } from '@cloud-hospital/protocol/rest';
import { useSession } from '@cloud-hospital/ui/api';

/** The session, inside pages that exist only while somebody is signed in. */
export function useSignedIn(): Session {
  const session = useSession();
  if (session.status !== 'signed-in') throw new TypeError('nobody is signed in');
  return session.session;
}
