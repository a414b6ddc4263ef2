import { ProducerId } from '@cloud-hospital/protocol';
import { refusingBadParameters } from '../media/mediaErrors.ts';
import type { Handler } from './context.ts';
import { assertAndGetPeer } from './peer.handlers.ts';

export const createProducer: Handler<'producer:create'> = async (request, context) => {
  const { room, peer } = assertAndGetPeer(request, context);
  const { producer, consumers } = await room.produce(peer, request, context.replicaId);
  return { producerId: ProducerId.parse(producer.id), consumers };
};

export const pauseProducer: Handler<'producer:pause'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const producer = peer.producers.assertAndGet(request.producerId);
  await refusingBadParameters(() => producer.pause());
  return {};
};

export const resumeProducer: Handler<'producer:resume'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const producer = peer.producers.assertAndGet(request.producerId);
  await refusingBadParameters(() => producer.resume());
  return {};
};

export const closeProducer: Handler<'producer:close'> = (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  peer.producers.assertAndGet(request.producerId).close();
  return {};
};

export const resumeConsumer: Handler<'consumer:resume'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  peer.assertActive();
  const consumer = peer.consumers.assertAndGet(request.consumerId);
  await refusingBadParameters(() => consumer.resume());
  return {};
};

export const pauseConsumer: Handler<'consumer:pause'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const consumer = peer.consumers.assertAndGet(request.consumerId);
  await refusingBadParameters(() => consumer.pause());
  return {};
};

export const setConsumerLayers: Handler<'consumer:set-layers'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  await peer.consumers.setLayers(request.consumerId, request);
  return {};
};

export const requestKeyFrame: Handler<'consumer:request-key-frame'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const consumer = peer.consumers.assertAndGet(request.consumerId);
  await refusingBadParameters(() => consumer.requestKeyFrame());
  return {};
};
