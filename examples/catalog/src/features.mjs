/** An answer this old is asked for again, while the old one still serves: no visitor waits for a toggle. */
const FRESH_MS = 1_000;
/** Whoever comes first, and has no old answer, waits no longer than this. */
const PATIENCE_MS = 300;
const MOST_VISITORS = 1_000;

/**
 * Features that product owners switch. Where the toggles are is said by OpenFeature's own variables: OFREP_ENDPOINT,
 * and OFREP_HEADERS as `name=value,name=value` with the client key. Without them, and while nobody answers there,
 * every feature is what the code says.
 * @returns a function that tells whether a visitor gets a feature, and by which variant; null where the code decides.
 */
export async function featuresOf({ OFREP_ENDPOINT: endpoint, OFREP_HEADERS: headers = '' }, attributes) {
  if (!endpoint)
    return (_feature, _visitor, codeDefault) => Promise.resolve({ value: codeDefault, variant: null });
  // Only here: the sources as they are, without packages, run as well.
  const { openFeatureClient } = await import('./openfeature.mjs');
  const client = openFeatureClient({
    baseUrl: endpoint,
    headers: headers.split(',').filter(Boolean).map(nameAndValue),
    fetchImplementation: watched,
  });
  const known = new Map();

  let isAway = false;
  async function watched(url, init) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      isAway = response.status === 429 || response.status >= 500;
      return response;
    } catch (error) {
      isAway = true;
      throw error;
    }
  }

  function ask(id, feature, visitor, codeDefault) {
    const asked = client.getBooleanDetails(feature, codeDefault, { ...attributes, targetingKey: visitor });
    const answer = asked.then(({ value, variant = null }) => {
      const last = known.get(id)?.value;
      // While the toggles cannot be asked, what was said last is better than what the code says. The SDK's own word for
      // it does not tell: this version of its provider calls it an error, too, when the code is to decide.
      const settled = isAway && last !== undefined ? last : { value, variant };
      if (known.size >= MOST_VISITORS) known.clear();
      known.set(id, { value: settled, at: Date.now(), pending: null });
      return settled;
    });
    known.set(id, { value: known.get(id)?.value, at: known.get(id)?.at ?? 0, pending: answer });
    return answer;
  }

  return async (feature, visitor, codeDefault) => {
    const id = `${feature} ${visitor}`;
    const last = known.get(id);
    if (last && Date.now() - last.at < FRESH_MS) return last.value;
    const asked = last?.pending ?? ask(id, feature, visitor, codeDefault);
    return last?.value ?? asked;
  };
}

function nameAndValue(pair) {
  const at = pair.indexOf('=');
  return [decodeURIComponent(pair.slice(0, at).trim()), decodeURIComponent(pair.slice(at + 1).trim())];
}
