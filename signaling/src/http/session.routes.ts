import { activate } from '../operations/session/activate.ts';
import { confirmTotp } from '../operations/session/confirmTotp.ts';
import { enrolTotp } from '../operations/session/enrolTotp.ts';
import type { SignInRequest } from '../operations/session/openSession.ts';
import { readState } from '../operations/session/readState.ts';
import { requestCode } from '../operations/session/requestCode.ts';
import { signInResident } from '../operations/session/signInResident.ts';
import { signInStaff } from '../operations/session/signInStaff.ts';
import { signOut } from '../operations/session/signOut.ts';
import { writeProfile } from '../operations/session/writeProfile.ts';
import { api, commandContext, type RequestContext } from './procedures.ts';

const signInRequest = ({ requestId, face, actor, device }: RequestContext): SignInRequest => ({
  requestId,
  face,
  replaces: actor,
  device,
});

export const sessionRoutes = {
  read: api.session.read.handler(({ context }) => readState(context.services, context)),
  requestCode: api.session.requestCode.handler(({ input, context }) => requestCode(context.services, context, input)),
  signInResident: api.session.signInResident.handler(async ({ input, context }) => {
    const { session, setCookie } = await signInResident(context.services, signInRequest(context), input);
    context.setCookies.push(setCookie);
    return session;
  }),
  signInStaff: api.session.signInStaff.handler(async ({ input, context }) => {
    const { session, setCookie } = await signInStaff(context.services, signInRequest(context), input);
    context.setCookies.push(setCookie);
    return session;
  }),
  activate: api.session.activate.handler(({ input, context }) => activate(context.services, context.requestId, input)),
  signOut: api.session.signOut.handler(async ({ context }) => {
    context.setCookies.push(...(await signOut(context.services, commandContext(context))));
    return {};
  }),
  enrolTotp: api.session.enrolTotp.handler(({ input, context }) =>
    enrolTotp(context.services, commandContext(context), input),
  ),
  confirmTotp: api.session.confirmTotp.handler(({ input, context }) =>
    confirmTotp(context.services, commandContext(context), input),
  ),
  writeProfile: api.session.writeProfile.handler(({ input, context }) =>
    writeProfile(context.services, commandContext(context), input),
  ),
};
