export const ResidentApp = () => <main />;
