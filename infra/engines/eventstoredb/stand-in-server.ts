import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import featureServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { append } from './append.ts';
import { batchAppend } from './batch-append.ts';
import { Commits } from './commits.ts';
import { metadataEvent, softDelete, tombstone } from './delete.ts';
import { read, type ReadCall } from './read.ts';
import { subscribe } from './subscribe.ts';

/** The server that it answers as; a client chooses its calls by it. */
const VERSION = '23.10.8';
/** The largest message that the server takes, whatever the limit of an append. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const METHODS: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'tombstone', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
  // by which `engine.ts`, and nobody else, knows it for what it is
  ['svd', 'standin', []],
];

/** Serves the log in `file` on a port of the loopback address, any free one for 0. Resolves to the port. */
export async function serveStandIn(file: string, port: number): Promise<number> {
  const commits = new Commits(file);
  if (commits.log.length === 0) await commits.run((write) => write(firstWrite()));
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  server.addService(streamServices.StreamsService, {
    read: (call: ReadCall) => {
      const options = call.request.getOptions();
      if (options === undefined) call.end();
      else if (options.hasSubscription()) void subscribe(call, commits, options);
      else void read(call, commits.log, options);
    },
    append: append(commits),
    batchAppend: batchAppend(commits),
    delete: softDelete(commits),
    tombstone: tombstone(commits),
  });
  server.addService(featureServices.ServerFeaturesService, { getSupportedMethods });
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

/** What a server writes of its own at its first start. */
const firstWrite = () => ({
  stream: '$$$scavenges',
  events: [metadataEvent('{"$maxAge":2592000}')],
  created: Date.now(),
});

function getSupportedMethods(
  _: ServerUnaryCall<shared.Empty, features.SupportedMethods>,
  answer: sendUnaryData<features.SupportedMethods>,
): void {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(VERSION);
  for (const [service, name, list] of METHODS) {
    const method = new features.SupportedMethod();
    method.setServiceName(service);
    method.setMethodName(name);
    method.setFeaturesList([...list]);
    supported.addMethods(method);
  }
  answer(null, supported);
}
