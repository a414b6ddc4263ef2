export { SecondFactorSetUp } from './SecondFactorSetUp.tsx';
