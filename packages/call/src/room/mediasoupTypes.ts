import type { RtpCapabilities, RtpParameters } from '@cloud-hospital/protocol/socket';
import type { types } from 'mediasoup-client';

/**
 * The contract carries the types of the media node's mediasoup; those of mediasoup-client name fewer header
 * extensions, although it passes any through. The difference is in the names of constants only, hence these casts, here
 * and nowhere else.
 */
export const toClientRtpParameters = (parameters: RtpParameters): types.RtpParameters =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  parameters as types.RtpParameters;

export const toClientRtpCapabilities = (capabilities: RtpCapabilities): types.RtpCapabilities =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  capabilities as types.RtpCapabilities;
