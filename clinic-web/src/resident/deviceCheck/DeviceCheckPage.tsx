import { SignalProvider } from '@cloud-hospital/call/react';
import { AppointmentId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { Mic, Video, Volume2, Wifi } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Loading } from '../layout/Loading.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useLive } from '../live/LiveProvider.tsx';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { DeviceCheckRun } from './DeviceCheckRun.tsx';
import './deviceCheck.css';

/** Whether this phone's camera, microphone, speaker and line are good for a call. */
export function DeviceCheckPage() {
  const appointmentId = AppointmentId.safeParse(useParams()['appointmentId']);
  return appointmentId.success ? <Loaded appointmentId={appointmentId.data} /> : <NotFoundPage />;
}

function Loaded({ appointmentId }: { readonly appointmentId: Appointment['appointmentId'] }) {
  const { t } = useTranslation('deviceCheck');
  const { query } = useApi();
  const appointment = useQuery(query.appointments.get.queryOptions({ input: { appointmentId } }));
  return (
    <Page title={t('title')} lead={t('lead')} back={`/appointments/${appointmentId}`}>
      <QueryState query={appointment}>{() => <Check appointmentId={appointmentId} />}</QueryState>
    </Page>
  );
}

/** Begun by a press: only then do phones let a page play sound, and people know why they are asked for the camera. */
function Check({ appointmentId }: { readonly appointmentId: Appointment['appointmentId'] }) {
  const { t } = useTranslation('deviceCheck');
  const { signal } = useLive();
  const [begun, setBegun] = useState(false);
  if (!begun) {
    return (
      <>
        <ul className="r-card k-parts">
          {[
            { icon: Video, name: 'camera' as const },
            { icon: Mic, name: 'microphone' as const },
            { icon: Wifi, name: 'network' as const },
            { icon: Volume2, name: 'speaker' as const },
          ].map(({ icon: Icon, name }) => (
            <li key={name}>
              <Icon className="ch-icon" aria-hidden />
              {t(`part.${name}`)}
            </li>
          ))}
        </ul>
        <p>{t('allow')}</p>
        <button type="button" className="r-primary" onClick={() => setBegun(true)} data-testid="check-begin">
          {t('begin')}
        </button>
      </>
    );
  }
  if (signal === null) return <Loading />;
  return (
    <SignalProvider signal={signal}>
      <DeviceCheckRun appointmentId={appointmentId} />
    </SignalProvider>
  );
}
