export { loadOrCreateDemoClients, type DemoClient, type DemoIdentity, type WantedClient } from './clients.ts';
export { demoProvider, type DemoProvider } from './provider.ts';
