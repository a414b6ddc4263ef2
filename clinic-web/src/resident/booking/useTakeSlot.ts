import { AppError, type ErrorCode, type PatientId, type SlotId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Why giving a time back may be refused: it is already given back. */
const ALREADY_GONE: ReadonlySet<ErrorCode> = new Set([
  'HOLD_EXPIRED',
  'INVALID_TRANSITION',
  'VERSION_CONFLICT',
  'NOT_FOUND',
]);

interface Taking {
  readonly slotId: SlotId;
  /** A time kept before, to be given back once the new one is kept. */
  readonly previous: Appointment | undefined;
}

/**
 * Keeps a time for five minutes and gives the previous one back: the new one first, so that nobody ends with neither,
 * unless the old one itself stands in the way (same hour, or the limit of appointments).
 */
export function useTakeSlot(patientId: PatientId | undefined, onTaken: (hold: Appointment, slotId: SlotId) => void) {
  const { client, query } = useApi();
  const queryClient = useQueryClient();

  const release = async ({ appointmentId, version }: Appointment): Promise<void> => {
    try {
      await client.appointments.cancel({ appointmentId, version, reason: 'hold-released' });
    } catch (error) {
      if (!(error instanceof AppError) || !ALREADY_GONE.has(error.code)) throw error;
    }
  };

  return useMutation({
    mutationFn: async ({ slotId, previous }: Taking): Promise<Appointment> => {
      if (patientId === undefined) throw new AppError('BAD_REQUEST', { field: 'patientId' });
      try {
        const hold = await client.appointments.hold({ slotId, patientId });
        if (previous !== undefined) await release(previous);
        return hold;
      } catch (error) {
        const inTheWay = error instanceof AppError && (error.code === 'PATIENT_BUSY' || error.code === 'LIMIT_REACHED');
        if (previous === undefined || !inTheWay) throw error;
        await release(previous);
        return client.appointments.hold({ slotId, patientId });
      }
    },
    onSuccess: (hold, { slotId }) => {
      // The next page reads the kept time from the list; it must not wait for the list's next fetch.
      queryClient.setQueryData(query.appointments.list.queryKey(), (list) =>
        list === undefined
          ? { appointments: [hold], now: hold.now }
          : {
              ...list,
              appointments: [
                hold,
                ...list.appointments.filter(({ appointmentId }) => appointmentId !== hold.appointmentId),
              ],
            },
      );
      onTaken(hold, slotId);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.directory.slots.key() }),
  });
}
