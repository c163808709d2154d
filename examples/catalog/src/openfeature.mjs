import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** OpenFeature's client of the toggles at an address. Packing puts its packages into this file. */
export function openFeatureClient({ baseUrl, headers, fetchImplementation }) {
  OpenFeature.setLogger(silent);
  OpenFeature.setProvider(new OFREPProvider({ baseUrl, headers, fetchImplementation }));
  return OpenFeature.getClient();
}
