import type { Handlers } from './dispatch.ts';
import { LineTestDesk } from './LineTestDesk.ts';

type LineTestHandlers = Pick<Handlers, 'line-test:start' | 'line-test:connect' | 'line-test:loop' | 'line-test:end'>;

export function createLineTestHandlers(): LineTestHandlers {
  const desk = new LineTestDesk();
  return {
    'line-test:start': ({ services, socket }) => desk.start(services, socket),
    'line-test:connect': async ({ socket }, data) => {
      await desk.connect(socket, data);
      return {};
    },
    'line-test:loop': ({ socket }, data) => desk.loop(socket, data),
    'line-test:end': async ({ socket }) => {
      await desk.end(socket);
      return {};
    },
  };
}
