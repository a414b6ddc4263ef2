import { type Call, DevicePicker } from '@cloud-hospital/call/react';
import { Button, Popover } from 'antd';
import { Settings2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Microphone, camera and speaker behind one button: needed once a day, not during every consultation. */
export function DeviceSettings({ call }: { call: Call }) {
  const { t } = useTranslation('console');
  return (
    <Popover
      trigger="click"
      placement="topRight"
      classNames={{ root: 'c-devices' }}
      content={<DevicePicker call={call} />}
    >
      <Button
        className="c-devices__open"
        aria-label={t('stage.devices')}
        title={t('stage.devices')}
        icon={<Settings2 className="ch-icon" aria-hidden />}
      />
    </Popover>
  );
}
