import { challenge } from '../operations/terminal/challenge.ts';
import { configure } from '../operations/terminal/configure.ts';
import { enrol } from '../operations/terminal/enrol.ts';
import { issueCode } from '../operations/terminal/issueCode.ts';
import { listTerminals } from '../operations/terminal/list.ts';
import { reportSelfTest } from '../operations/terminal/reportSelfTest.ts';
import { revoke } from '../operations/terminal/revoke.ts';
import { self } from '../operations/terminal/self.ts';
import { signInTerminal } from '../operations/terminal/signIn.ts';
import { readState } from '../operations/session/readState.ts';
import { api, commandContext } from './procedures.ts';

export const terminalRoutes = {
  enrol: api.terminals.enrol.handler(({ input, context }) => enrol(context.services, context, input)),
  challenge: api.terminals.challenge.handler(({ input, context }) => challenge(context.services, context, input)),
  signIn: api.terminals.signIn.handler(async ({ input, context }) => {
    const { device, setCookie } = await signInTerminal(context.services, context, input);
    context.setCookies.push(setCookie);
    return readState(context.services, { actor: context.actor, device });
  }),
  reportSelfTest: api.terminals.reportSelfTest.handler(({ input, context }) =>
    reportSelfTest(context.services, commandContext(context), input),
  ),
  self: api.terminals.self.handler(({ context }) => self(context.services, commandContext(context))),
  list: api.terminals.list.handler(({ context }) => listTerminals(context.services)),
  issueCode: api.terminals.issueCode.handler(({ input, context }) =>
    issueCode(context.services, commandContext(context), input),
  ),
  revoke: api.terminals.revoke.handler(({ input, context }) =>
    revoke(context.services, commandContext(context), input),
  ),
  configure: api.terminals.configure.handler(({ input, context }) =>
    configure(context.services, commandContext(context), input),
  ),
};
