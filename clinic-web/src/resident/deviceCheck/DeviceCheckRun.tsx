import type { Appointment } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SelfTestRun } from '../../selfTest/useSelfTest.ts';
import { CheckView } from './CheckView.tsx';

/** The tests before an appointment; the result goes to the hospital. */
export function DeviceCheckRun({ appointmentId }: { readonly appointmentId: Appointment['appointmentId'] }) {
  const { t } = useTranslation('deviceCheck');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const report = useMutation(
    query.appointments.reportDeviceCheck.mutationOptions({
      onSuccess: (appointment) =>
        queryClient.setQueryData(query.appointments.get.queryKey({ input: { appointmentId } }), appointment),
    }),
  );
  const { mutate } = report;
  const keep = useCallback(
    (check: SelfTestRun['result']): void => mutate({ appointmentId, check }),
    [mutate, appointmentId],
  );
  return (
    <CheckView
      hints={{ good: t('allGoodHint'), failed: t('someFailedHint') }}
      onFinished={keep}
      kept={report.isSuccess}
    >
      {(finished) =>
        finished ? (
          <>
            {report.isError ? <ErrorNote error={report.error} /> : null}
            <Link to={`/appointments/${appointmentId}`} className="r-primary" data-testid="check-done">
              {t('done')}
            </Link>
          </>
        ) : null
      }
    </CheckView>
  );
}
