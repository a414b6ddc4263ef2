import { SecondFactorSetUp } from '@cloud-hospital/ui/account';
import { StartFrame } from './StartFrame.tsx';

/** Staff outside the demo district, at their first sign-in. */
export const SecondFactorPage = () => (
  <StartFrame demo={false}>
    <SecondFactorSetUp />
  </StartFrame>
);
