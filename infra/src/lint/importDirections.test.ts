import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../services/paths.ts';

/**
 * The lint rules that keep the parts apart, put to the test: each forbidden import stands in a file of its own at the
 * place where it would be written, and must be reported there; each allowed one must not.
 */
const FORBIDDEN: readonly (readonly [file: string, specifier: string])[] = [
  ['packages/protocol/src/rest/a.ts', 'pg'],
  ['packages/protocol/src/rest/b.ts', 'node:fs'],
  ['packages/protocol/src/rest/c.ts', '@orpc/server'],
  ['packages/protocol/src/rest/d.ts', 'react'],
  ['packages/protocol/src/rest/e.ts', '../../../../signaling/src/config.ts'],
  ['packages/protocol/src/rest/f.ts', '../../../ui/src/index.ts'],
  ['packages/protocol/src/rest/g.ts', 'mediasoup'],
  ['packages/ui/src/a.ts', '@cloud-hospital/call'],
  ['packages/ui/src/b.ts', '@cloud-hospital/signaling'],
  ['packages/ui/src/c.ts', 'node:fs'],
  ['packages/call/src/a.ts', 'react'],
  ['packages/call/src/b.ts', './react/index.ts'],
  ['packages/call/src/c.ts', 'react-i18next'],
  ['packages/call/src/room/d.ts', '../react/useCall.ts'],
  ['packages/call/src/room/e.ts', '@cloud-hospital/sfu'],
  ['packages/call/src/react/f.ts', '../../../../clinic-web/src/main.tsx'],
  ['clinic-web/src/a.ts', '@cloud-hospital/doctor-web'],
  ['clinic-web/src/b.ts', '../../doctor-web/src/theme.ts'],
  ['clinic-web/src/c.ts', 'mediasoup-client'],
  ['clinic-web/src/d.ts', '@cloud-hospital/signaling'],
  ['doctor-web/src/a.ts', '../../clinic-web/src/theme.ts'],
  ['doctor-web/src/b.ts', 'socket.io-client'],
  ['signaling/src/http/a.ts', 'mediasoup'],
  ['signaling/src/http/b.ts', '@cloud-hospital/sfu'],
  ['signaling/src/http/c.ts', '@cloud-hospital/call'],
  ['signaling/src/http/d.ts', '../../../sfu/src/config.ts'],
  ['signaling/src/operations/a.ts', '../http/procedures.ts'],
  ['signaling/src/operations/booking/b.ts', '../../socket/Hub.ts'],
  ['signaling/src/operations/booking/c.ts', '../../jobs/JobRunner.ts'],
  ['signaling/src/sfu/a.ts', '../operations/denied.ts'],
  ['signaling/src/auth/a.ts', '../http/origin.ts'],
  ['signaling/src/channels/a.ts', '../jobs/JobRunner.ts'],
  ['signaling/src/store/a.ts', '../auth/Sessions.ts'],
  ['signaling/src/store/b.ts', '../sfu/SfuLink.ts'],
  ['signaling/src/store/c.ts', '../operations/denied.ts'],
  ['signaling/src/domain/a.ts', 'pg'],
  ['signaling/src/domain/b.ts', 'redis'],
  ['signaling/src/domain/c.ts', 'kysely'],
  ['signaling/src/domain/d.ts', 'express'],
  ['signaling/src/domain/e.ts', 'node:fs'],
  ['signaling/src/domain/f.ts', '../store/database.ts'],
  ['signaling/src/domain/g.ts', '../Services.ts'],
  ['sfu/src/rooms/a.ts', '@cloud-hospital/signaling'],
  ['sfu/src/rooms/b.ts', 'pg'],
  ['sfu/src/rooms/c.ts', 'redis'],
  ['sfu/src/rooms/d.ts', '@cloud-hospital/protocol/rest'],
  ['sfu/src/rooms/e.ts', '../../../signaling/src/config.ts'],
  ['infra/src/a.ts', '../../tests/support/stack.ts'],
  ['infra/src/b.ts', '@cloud-hospital/clinic-web'],
  ['signaling/src/store/d.ts', '../../../tests/support/stack.ts'],
  ['signaling/src/store/e.test.ts', '../../../tests/support/stack.ts'],
];

const ALLOWED: readonly (readonly [file: string, specifier: string])[] = [
  ['packages/protocol/src/rest/ok1.ts', 'zod'],
  ['packages/protocol/src/rest/ok2.ts', '../common/ids.ts'],
  ['packages/protocol/src/rest/ok3.ts', '@orpc/contract'],
  ['packages/ui/src/ok1.ts', '@cloud-hospital/protocol'],
  ['packages/call/src/ok1.ts', 'mediasoup-client'],
  ['packages/call/src/react/ok2.ts', 'react'],
  ['packages/call/src/react/ok3.ts', '../CallClient.ts'],
  ['clinic-web/src/ok1.ts', '@cloud-hospital/call/react'],
  ['signaling/src/http/ok1.ts', '../operations/book.ts'],
  ['signaling/src/operations/ok2.ts', '../sfu/RoomPlacement.ts'],
  ['signaling/src/operations/ok3.ts', '../store/database.ts'],
  ['signaling/src/sfu/ok4.ts', '../store/database.ts'],
  ['signaling/src/store/ok5.ts', '../domain/Actor.ts'],
  ['signaling/src/domain/ok6.ts', '@cloud-hospital/protocol/states'],
  ['sfu/src/Announcer.ts', 'redis'],
  ['sfu/src/rooms/ok1.ts', '@cloud-hospital/protocol/sfu'],
  ['infra/src/ok1.ts', '../../signaling/src/store/migrate.ts'],
  ['tests/support/ok1.ts', '../../signaling/src/store/migrate.ts'],
];

let directory: string;
/** `file: rule` of everything reported. */
let reported: Set<string>;

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'import-directions-'));
  copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(directory, '.oxlintrc.json'));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  };
  for (const [file, specifier] of [...FORBIDDEN, ...ALLOWED]) write(file, `export * as it from '${specifier}';\n`);
  write('sfu/src/circle/one.ts', `import { two } from './two.ts';\nexport const one = (): unknown => two;\n`);
  write('sfu/src/circle/two.ts', `import { one } from './one.ts';\nexport const two = (): unknown => one;\n`);

  const run = spawnSync(path.join(ROOT, 'node_modules/.bin/oxlint'), ['--format=unix'], {
    cwd: directory,
    encoding: 'utf8',
  });
  reported = new Set();
  for (const line of run.stdout.split('\n')) {
    const match = /^([^:]+):\d+:\d+: .*\[\w+\/\w+\(([\w-]+)\)\]$/.exec(line);
    if (match !== null) reported.add(`${match[1]}: ${match[2]}`);
  }
}, 30_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each(FORBIDDEN)('%s may not import %s', (file) => {
  expect(reported).toContain(`${file}: no-restricted-imports`);
});

test.each(ALLOWED)('%s may import %s', (file) => {
  expect(reported).not.toContain(`${file}: no-restricted-imports`);
});

test('two files that import each other are reported', () => {
  expect(reported).toContain('sfu/src/circle/one.ts: no-cycle');
});
