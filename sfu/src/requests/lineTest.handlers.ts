import type { Handler } from './context.ts';

export const startLineTest: Handler<'line-test:start'> = async ({ testId }, { lineTests }) =>
  (await lineTests.start(testId)).parameters;

export const connectLineTest: Handler<'line-test:connect'> = async (request, { lineTests }) => {
  await lineTests.assertAndGet(request.testId).connect(request);
  return {};
};

export const loopLineTest: Handler<'line-test:loop'> = async (request, { lineTests }) => ({
  consumer: await lineTests.assertAndGet(request.testId).loop(request),
});

export const endLineTest: Handler<'line-test:end'> = ({ testId }, { lineTests }) => {
  lineTests.end(testId);
  return {};
};
