import type { Handler } from './context.ts';
import { assertAndGetPeer } from './peer.handlers.ts';

export const createTransport: Handler<'transport:create'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const transport = await peer.createTransport(request.direction);
  return transport.parameters;
};

export const connectTransport: Handler<'transport:connect'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  await peer.assertAndGetTransport(request.transportId).connect(request.dtlsParameters);
  return {};
};

export const restartIce: Handler<'transport:restart-ice'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  return { iceParameters: await peer.assertAndGetTransport(request.transportId).restartIce() };
};
