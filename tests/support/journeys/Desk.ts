import { randomInt, randomUUID } from 'node:crypto';
import { identityCheckDigit, type PractitionerRoleId } from '@cloud-hospital/protocol';
import { Encounter, EnrolmentCodeIssued, SessionState, Terminal } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { type Answer, signInStaff, type WebClient } from '../WebClient.ts';

const Terminals = z.object({ terminals: z.array(Terminal) });

/** What other people do meanwhile, without a page of their own: over REST, so that a test shows only what it is about. */
export class Desk {
  readonly #administrator: WebClient;
  readonly #nurse: WebClient;
  readonly #specialist: WebClient;
  readonly #practitionerRoleId: PractitionerRoleId;
  /** Of the nurse's clinic. */
  readonly clinicName: string;

  private constructor(
    clients: { administrator: WebClient; nurse: WebClient; specialist: WebClient },
    practitionerRoleId: PractitionerRoleId,
    clinicName: string,
  ) {
    this.#administrator = clients.administrator;
    this.#nurse = clients.nurse;
    this.#specialist = clients.specialist;
    this.#practitionerRoleId = practitionerRoleId;
    this.clinicName = clinicName;
  }

  /** @param nurse whose clinic it is, e.g. `nurse001` */
  static async open(url: string, nurse: string): Promise<Desk> {
    const signIn = (face: 'terminal' | 'console', username: string) => signInStaff(url, face, username, DEMO_PASSWORD);
    const clients = {
      administrator: await signIn('console', DEMO_ACCOUNTS.administrator.username),
      nurse: await signIn('terminal', nurse),
      specialist: await signIn('console', DEMO_ACCOUNTS.specialist.username),
    };
    const sessionOf = async (client: WebClient) => (await client.get('/session')).read(SessionState).session;
    const [staff, doctor] = [await sessionOf(clients.nurse), await sessionOf(clients.specialist)];
    const clinic = staff?.location?.name.zh;
    const practitionerRoleId = doctor?.practitionerRoleId ?? null;
    if (clinic === undefined || practitionerRoleId === null) throw new Error('The demo accounts have no place.');
    return new Desk(clients, practitionerRoleId, clinic);
  }

  async enrolmentCode(): Promise<string> {
    const { terminals } = (await this.#administrator.get('/terminals')).read(Terminals);
    const terminal = terminals.find(({ locationName }) => locationName.zh === this.clinicName);
    if (terminal === undefined) throw new Error(`${this.clinicName} has no terminal.`);
    return (await write(this.#administrator, 'POST', `/terminals/${terminal.deviceId}/enrolment-code`)).read(
      EnrolmentCodeIssued,
    ).code;
  }

  /** Somebody without appointment, who has consented. */
  async walkIn(name: string): Promise<Encounter> {
    const visit = (
      await write(this.#nurse, 'POST', '/encounters/walk-in', {
        name,
        identityNumber: fictionalIdentityNumber(),
        practitionerRoleId: this.#practitionerRoleId,
        complaint: '血压药吃完了，早上头晕。',
      })
    ).read(Encounter);
    const { encounterId } = visit;
    const consent = { purpose: 'consultation', decision: 'active', method: 'signed-paper' };
    await write(this.#nurse, 'POST', `/encounters/${encounterId}/consents`, consent);
    return visit;
  }

  /** They sit before the terminal: from now on they can be called. */
  async seat({ encounterId }: Encounter): Promise<void> {
    await write(this.#nurse, 'PUT', `/encounters/${encounterId}/ready`, { ready: true });
  }

  readVisit = async ({ encounterId }: Encounter): Promise<Encounter> =>
    (await this.#specialist.get(`/encounters/${encounterId}`)).read(Encounter);

  async finish(visit: Encounter): Promise<void> {
    const { encounterId } = visit;
    const path = `/encounters/${encounterId}/conclusion`;
    for (let tries = 1; ; tries += 1) {
      const { version } = await this.readVisit(visit);
      const body = { version, outcome: 'completed' };
      const answer = await this.#specialist.request('POST', path, body, { idempotencyKey: randomUUID() });
      if (answer.status < 300) return;
      // The first media may begin the consultation just now: the console would show that, and be pressed again.
      if (answer.code !== 'VERSION_CONFLICT' || tries >= 5) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    }
  }
}

/** @throws Error with what the server said, unless it agreed */
async function write(client: WebClient, method: string, path: string, body: unknown = {}): Promise<Answer> {
  const answer = await client.request(method, path, body, { idempotencyKey: randomUUID() });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

/** No administrative region has this code. */
export function fictionalIdentityNumber(): string {
  const first17 = `99999919${randomInt(40, 60)}0618${String(randomInt(1_000)).padStart(3, '0')}`;
  return first17 + identityCheckDigit(first17);
}
