import { z } from 'zod';

/** Every id is a random UUID (122 random bits): it names a thing, it never grants access to it. */
const id = <Brand extends string>() => z.uuid().brand<Brand>();

export const OrganizationId = id<'OrganizationId'>();
export type OrganizationId = z.infer<typeof OrganizationId>;
export const LocationId = id<'LocationId'>();
export type LocationId = z.infer<typeof LocationId>;
export const DeviceId = id<'DeviceId'>();
export type DeviceId = z.infer<typeof DeviceId>;
export const UserId = id<'UserId'>();
export type UserId = z.infer<typeof UserId>;
export const PractitionerId = id<'PractitionerId'>();
export type PractitionerId = z.infer<typeof PractitionerId>;
export const PractitionerRoleId = id<'PractitionerRoleId'>();
export type PractitionerRoleId = z.infer<typeof PractitionerRoleId>;
export const PatientId = id<'PatientId'>();
export type PatientId = z.infer<typeof PatientId>;
export const ScheduleId = id<'ScheduleId'>();
export type ScheduleId = z.infer<typeof ScheduleId>;
export const ScheduleExceptionId = id<'ScheduleExceptionId'>();
export type ScheduleExceptionId = z.infer<typeof ScheduleExceptionId>;
export const ScheduleChangeId = id<'ScheduleChangeId'>();
export type ScheduleChangeId = z.infer<typeof ScheduleChangeId>;
export const SlotId = id<'SlotId'>();
export type SlotId = z.infer<typeof SlotId>;
export const AppointmentId = id<'AppointmentId'>();
export type AppointmentId = z.infer<typeof AppointmentId>;
export const QueueId = id<'QueueId'>();
export type QueueId = z.infer<typeof QueueId>;
export const QueueEntryId = id<'QueueEntryId'>();
export type QueueEntryId = z.infer<typeof QueueEntryId>;
export const EncounterId = id<'EncounterId'>();
export type EncounterId = z.infer<typeof EncounterId>;
export const ObservationId = id<'ObservationId'>();
export type ObservationId = z.infer<typeof ObservationId>;
export const ConsentId = id<'ConsentId'>();
export type ConsentId = z.infer<typeof ConsentId>;
export const ReportId = id<'ReportId'>();
export type ReportId = z.infer<typeof ReportId>;
export const RelatedPersonId = id<'RelatedPersonId'>();
export type RelatedPersonId = z.infer<typeof RelatedPersonId>;
export const HelperLinkId = id<'HelperLinkId'>();
export type HelperLinkId = z.infer<typeof HelperLinkId>;
export const GuestLinkId = id<'GuestLinkId'>();
export type GuestLinkId = z.infer<typeof GuestLinkId>;
export const InvitationId = id<'InvitationId'>();
export type InvitationId = z.infer<typeof InvitationId>;
export const AttachmentId = id<'AttachmentId'>();
export type AttachmentId = z.infer<typeof AttachmentId>;
export const StillRequestId = id<'StillRequestId'>();
export type StillRequestId = z.infer<typeof StillRequestId>;
export const RecordingId = id<'RecordingId'>();
export type RecordingId = z.infer<typeof RecordingId>;
export const RecordingOpeningId = id<'RecordingOpeningId'>();
export type RecordingOpeningId = z.infer<typeof RecordingOpeningId>;
export const ChatMessageId = id<'ChatMessageId'>();
export type ChatMessageId = z.infer<typeof ChatMessageId>;
export const RoomId = id<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;
export const PeerId = id<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

/** mediasoup's own ids: UUIDs made by the media node, never used as a credential. */
export const TransportId = z.string().min(1).max(64).brand<'TransportId'>();
export type TransportId = z.infer<typeof TransportId>;
export const ProducerId = z.string().min(1).max(64).brand<'ProducerId'>();
export type ProducerId = z.infer<typeof ProducerId>;
export const ConsumerId = z.string().min(1).max(64).brand<'ConsumerId'>();
export type ConsumerId = z.infer<typeof ConsumerId>;
/** Name of a media node, unique in the deployment. */
export const NodeId = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .brand<'NodeId'>();
export type NodeId = z.infer<typeof NodeId>;

/** Code of a department (科室), e.g. `cardiology`. */
export const DepartmentCode = z
  .string()
  .regex(/^[a-z-]{2,40}$/)
  .brand<'DepartmentCode'>();
export type DepartmentCode = z.infer<typeof DepartmentCode>;
