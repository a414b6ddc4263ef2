import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, openFace } from '../support/chromium.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { signInAtConsole } from '../support/journeys/signInAtConsole.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

/** Where pictures of the screens go; nowhere by default. */
const SHOTS = process.env['QUEUE_SHOTS'];
const MINUTE_MS = 60_000;

let stack: Stack;
let browser: Browser;
let db: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  stack = await startWebStack({ sfuNodes: 0 });
  db = openDatabase({ url: stack.database.ownerUrl, poolSize: 2, statementTimeoutMs: 15_000 }, () => undefined);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await db.destroy();
  await stack.stop();
});

const shot = async (page: Page, name: string): Promise<void> => {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
};

/** The specialist of this user name, with queue and colleagues of the department. */
async function specialistOf(username: string) {
  return db
    .selectFrom('account')
    .innerJoin('practitioner', 'practitioner.account_id', 'account.id')
    .innerJoin('practitioner_role as role', 'role.practitioner_id', 'practitioner.id')
    .innerJoin('queue', 'queue.practitioner_role_id', 'role.id')
    .select([
      'account.username',
      'practitioner.id as practitionerId',
      'practitioner.name',
      'role.id as roleId',
      'role.organization_id',
      'role.department_code',
      'queue.id as queueId',
    ])
    .where('account.username', '=', username)
    .executeTakeFirstOrThrow();
}
type Specialist = Awaited<ReturnType<typeof specialistOf>>;

let serial = 0;
/** Somebody who waits and is ready, at a terminal of their own. */
async function waiting(
  queueId: string,
  specialist: Specialist | null,
  minutesAgo: number,
  phone?: string,
): Promise<{ entryId: string; ticket: string }> {
  serial += 1;
  const ticket = `T${String(serial).padStart(3, '0')}`;
  const patient = await db
    .selectFrom('patient')
    .select(['id', 'account_id'])
    .$if(phone !== undefined, (query) => query.where('phone', '=', phone ?? ''))
    .orderBy('id')
    .offset(phone === undefined ? serial + 20 : 0)
    .executeTakeFirstOrThrow();
  const clinic = await db.selectFrom('location').select('id').orderBy('id').offset(serial).executeTakeFirstOrThrow();
  const device = await db
    .insertInto('device')
    .values({
      location_id: clinic.id,
      name: `E2E-${serial}`,
      status: 'ready',
      public_key: null,
      enrolment_code_hash: null,
      enrolment_expires_at: null,
      self_test: null,
      auto_answer_seconds: null,
      // No browser says that it is there; nothing looks at it within the test.
      last_seen_at: new Date(Date.now() + 60 * MINUTE_MS),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const checkedIn = new Date(Date.now() - minutesAgo * MINUTE_MS);
  const encounter = await db
    .insertInto('encounter')
    .values({
      appointment_id: null,
      patient_id: patient.id,
      practitioner_id: specialist?.practitionerId ?? null,
      practitioner_role_id: specialist?.roleId ?? null,
      location_id: clinic.id,
      device_id: device.id,
      status: 'arrived',
      complaint: '反复头晕三天',
      ticket_number: ticket,
      scheduled_start: null,
      checked_in_at: checkedIn,
      ready_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const recorder = await db.selectFrom('account').select('id').executeTakeFirstOrThrow();
  await db
    .insertInto('consent')
    .values({
      encounter_id: encounter.id,
      patient_id: patient.id,
      purpose: 'consultation',
      status: 'active',
      method: 'on-screen',
      recorded_by_account: recorder.id,
      recorded_by_name: '刘护士',
      ended_at: null,
    })
    .execute();
  await db.insertInto('room').values({ encounter_id: encounter.id }).execute();
  const entry = await db
    .insertInto('queue_entry')
    .values({
      queue_id: queueId,
      encounter_id: encounter.id,
      patient_id: patient.id,
      location_id: clinic.id,
      device_id: device.id,
      state: 'waiting',
      scheduled_start: null,
      checked_in_at: checkedIn,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { entryId: entry.id, ticket };
}

async function poolOf(specialist: Specialist): Promise<string> {
  const pool = await db
    .selectFrom('queue')
    .select('id')
    .where('kind', '=', 'pool')
    .where('department_code', '=', specialist.department_code)
    .executeTakeFirstOrThrow();
  return pool.id;
}
async function colleagueOf(specialist: Specialist): Promise<Specialist> {
  const { username } = await db
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('account', 'account.id', 'practitioner.account_id')
    .select('account.username')
    .where('role.department_code', '=', specialist.department_code)
    .where('role.role', '=', 'specialist')
    .where('role.id', '<>', specialist.roleId)
    .orderBy('account.username')
    .executeTakeFirstOrThrow();
  return specialistOf(username ?? '');
}
const available = (roles: readonly string[]) =>
  db.updateTable('availability').set({ state: 'available' }).where('practitioner_role_id', 'in', roles).execute();

async function console(username: string, path: string, locale: 'zh-CN' | 'en' = 'zh-CN') {
  const { context, page } = await openFace(browser, { baseURL: stack.url, face: 'console', locale });
  await page.goto(path);
  await page.locator('form').waitFor();
  if (locale === 'zh-CN') await signInAtConsole(page, username, DEMO_PASSWORD);
  return { context, page };
}

test('two specialists and one pool: both see who waits there, one calls, the other sees them go', async () => {
  const first = await specialistOf(DEMO_ACCOUNTS.specialist.username);
  const second = await colleagueOf(first);
  await available([first.roleId, second.roleId]);
  const pool = await poolOf(first);
  const pooled = await waiting(pool, null, 45);
  const own = await waiting(second.queueId, second, 10);
  const [one, other] = await Promise.all([
    console(first.username ?? '', '/doctor'),
    console(second.username ?? '', '/doctor'),
  ]);
  try {
    const cards = (page: Page) => page.getByTestId('queue-card');
    await cards(one.page).filter({ hasText: pooled.ticket }).waitFor();
    await cards(other.page).filter({ hasText: pooled.ticket }).waitFor();
    expect(await cards(other.page).count()).toBe(2);
    await shot(other.page, 'console');
    expect(await axeViolations(one.page, '/doctor')).toEqual([]);
    await one.page.getByTestId('call-next').click();
    await cards(one.page).filter({ hasText: pooled.ticket }).and(one.page.locator('[data-state=called]')).waitFor();
    await cards(other.page).filter({ hasText: pooled.ticket }).waitFor({ state: 'detached' });
    expect(await cards(other.page).filter({ hasText: own.ticket }).count()).toBe(1);
    // Somebody who comes now rings until they are acknowledged.
    await waiting(second.queueId, second, 0);
    await db
      .updateTable('queue')
      .set((eb) => ({ version: eb('version', '+', '1000') }))
      .where('id', '=', second.queueId)
      .execute();
    await other.page.reload();
    await cards(other.page).first().waitFor();
    await cards(other.page).first().getByTestId('card-menu').click();
    await shot(other.page, 'console-menu');
    await one.page.getByTestId('takes-pool').waitFor();
    await shot(one.page, 'console-calling');
  } finally {
    await Promise.all([one.context.close(), other.context.close()]);
  }
});

/** Another specialist of the hospital does not begin; their queue is told. @returns the name */
async function lateFromNow(organizationId: string, butNot: string): Promise<string> {
  const late = await db
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('availability', 'availability.practitioner_role_id', 'role.id')
    .select(['role.id', 'practitioner.name'])
    .where('role.organization_id', '=', organizationId)
    .where('role.role', '=', 'specialist')
    .where('availability.state', '=', 'off')
    .where('role.id', '<>', butNot)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('late_start').whereRef('practitioner_role_id', '=', 'role.id'))))
    .orderBy('role.id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('late_start')
    .values({
      practitioner_role_id: late.id,
      session_start: new Date(Date.now() - 6 * MINUTE_MS),
      told_at: null,
      resolved_at: null,
    })
    .execute();
  return late.name;
}

test('a card dragged on the board hands over, and the resident’s page says so', async () => {
  const coordinated = await db
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('account', 'account.id', 'practitioner.account_id')
    .select('role.organization_id')
    .where('account.username', '=', DEMO_ACCOUNTS.coordinator.username)
    .executeTakeFirstOrThrow();
  const { username } = await db
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('account', 'account.id', 'practitioner.account_id')
    .select('account.username')
    .where('role.organization_id', '=', coordinated.organization_id)
    .where('role.role', '=', 'specialist')
    .where('account.username', '<>', DEMO_ACCOUNTS.specialist.username)
    .orderBy('account.username', 'desc')
    .executeTakeFirstOrThrow();
  const from = await specialistOf(username ?? '');
  const colleague = await colleagueOf(from);
  await available([colleague.roleId]);
  const pool = await poolOf(from);
  for (const minutes of [12, 26, 50]) await waiting(from.queueId, from, minutes);
  await waiting(pool, null, 33);
  const mine = await waiting(from.queueId, from, 20, DEMO_ACCOUNTS.resident.phone);
  await db
    .insertInto('late_start')
    .values({
      practitioner_role_id: from.roleId,
      session_start: new Date(Date.now() - 12 * MINUTE_MS),
      told_at: new Date(),
      resolved_at: null,
    })
    .execute();
  const board = await console(DEMO_ACCOUNTS.coordinator.username, '/hospital');
  const phone = await openFace(browser, { baseURL: stack.url, face: 'resident' });
  try {
    await new ResidentJourney(phone.page, await Journal.create({ directory: null })).signIn(
      DEMO_ACCOUNTS.resident.phone,
    );
    await phone.page.goto(`/waiting/${mine.entryId}`);
    await phone.page.getByTestId('late-start').waitFor();
    await shot(phone.page, 'waiting-late');
    expect(await axeViolations(phone.page, '/waiting')).toEqual([]);
    const { page } = board;
    await page.getByTestId('late-starts').waitFor();
    const card = page.locator(`[data-ticket=${mine.ticket}]`);
    await card.waitFor();
    await shot(page, 'board');
    expect(await axeViolations(page, '/hospital')).toEqual([]);
    // Two of the demonstration's late specialist were told a time that has passed, one of another's.
    await page
      .getByTestId('board-promises')
      .filter({ hasText: /[1-9]\d* 人赶不上承诺时间/ })
      .waitFor();
    // A specialist who is late from now on sounds until somebody says that they know.
    await page.getByTestId('mute-alerts').waitFor();
    await page.getByTestId('acknowledge').waitFor({ state: 'detached' });
    const alsoLate = await lateFromNow(coordinated.organization_id ?? '', from.roleId);
    await page.getByTestId('acknowledge').click();
    await page.getByTestId('acknowledge').waitFor({ state: 'detached' });
    await page.getByTestId('late-starts').filter({ hasText: alsoLate }).waitFor();
    await shot(page, 'board-acknowledged');
    const target = page.locator(`[data-queue="${pool}"]`);
    await card.dragTo(target);
    const dialog = page.getByTestId('hand-over');
    await dialog.getByRole('radio', { name: words.common.handOver.pool, checked: true }).waitFor();
    await shot(page, 'board-dialog');
    await dialog.locator('.ant-btn-primary').click();
    await dialog.waitFor({ state: 'detached' });
    await target.locator(`[data-ticket=${mine.ticket}]`).waitFor();
    await phone.page.getByTestId('late-start').waitFor({ state: 'detached' });
    const reason = phone.page.getByTestId('waiting-reason');
    await reason.filter({ hasText: '从另一队列转来' }).waitFor();
    await shot(phone.page, 'waiting-pool');
    // The keyboard's way back, to a colleague.
    const move = target.locator(`[data-ticket=${mine.ticket}]`).getByTestId('board-move');
    await move.focus();
    await page.keyboard.press('Enter');
    await page.locator('.ant-modal').getByText(colleague.name).first().click();
    await shot(page, 'board-substitutes');
    await page.locator('.ant-modal .ant-btn-primary').click();
    await target.locator(`[data-ticket=${mine.ticket}]`).waitFor({ state: 'detached' });
    await phone.page.getByTestId('waiting-availability').filter({ hasText: colleague.name }).waitFor();
  } finally {
    await Promise.all([board.context.close(), phone.context.close()]);
  }
});
