import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { deliveryOf } from './delivery.mjs';
import { faultOf } from './fault.mjs';
import { featuresOf } from './features.mjs';
import { renderPage } from './page.mjs';
import { findProduct, listProducts } from './products.mjs';

/** What this build is; every version of the catalog runs the same sources beside another release.json. */
const release = JSON.parse(readFileSync(new URL('./release.json', import.meta.url), 'utf8'));
const settings = {
  greeting: process.env.CATALOG_GREETING || release.greeting,
  currency: process.env.CATALOG_CURRENCY || 'EUR',
  region: process.env.SIGNALBOX_REGION || 'nowhere',
  serverGroup: process.env.SIGNALBOX_SERVER_GROUP || 'none',
};
const fault = faultOf(release.fault);
const features = await featuresOf(process.env, { version: release.version, region: settings.region });

/**
 * @param has tells of a feature whether the visitor gets it
 * @returns {Promise<{status: number, type: string, body: string}>}
 */
async function answer(url, has) {
  const path = url.pathname;
  if (path === '/') {
    const listed = listProducts({ currency: settings.currency, badge: await has('price-badge') });
    return page(renderPage({ release, settings, products: listed }));
  }
  if (path === '/version')
    return json(200, { name: 'catalog', version: release.version, colour: release.colour, ...settings });
  if (path === '/products') return products(url.searchParams, await has('price-badge'));
  const id = /^\/products\/([\w-]+)$/.exec(path)?.[1];
  const product = id ? findProduct(id, settings.currency) : null;
  if (!product) return json(404, { error: `there is nothing at ${path}` });
  if (!(await has('delivery-estimate'))) return json(200, product);
  const delivery = deliveryOf(product);
  return delivery
    ? json(200, { ...product, delivery })
    : json(500, { error: 'the delivery service did not answer' });
}

function products(query, badge) {
  const sort = query.get('sort');
  if (sort !== null && !release.sorts.includes(sort)) {
    return json(400, {
      error: `cannot sort by "${sort}"; this version sorts by: ${release.sorts.join(', ') || 'nothing'}`,
    });
  }
  return json(200, { products: listProducts({ currency: settings.currency, sort, badge }) });
}

function json(status, value) {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function page(body) {
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

/** By whom a feature that only some get is decided: the same visitor always gets the same. */
function visitorOf(request, url) {
  return String(url.searchParams.get('visitor') ?? request.headers['x-visitor'] ?? 'anonymous').slice(0, 100);
}

/** @param served filled with the variants that were asked for, so that the platform can compare those who have one. */
function hasOf(visitor, served) {
  return async (feature) => {
    const { value, variant } = await features(feature, visitor, false);
    if (variant !== null) served.push(`${encodeURIComponent(feature)}=${encodeURIComponent(variant)}`);
    return value;
  };
}

async function serve(request, response) {
  const url = new URL(request.url ?? '/', 'http://catalog');
  // The health check must not see the fault: a bad release that looks healthy is what a canary is for.
  const healthy = url.pathname === '/health';
  const served = [];
  const failed = healthy ? false : await fault();
  const { status, type, body } = healthy
    ? json(200, { status: 'ok', version: release.version })
    : failed
      ? json(500, { error: 'the price service did not answer' })
      : await answer(url, hasOf(visitorOf(request, url), served));
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(served.length > 0 ? { 'x-toggle-variants': served.join(', ') } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const server = createServer((request, response) => void serve(request, response));
const port = Number(process.env.PORT || 8080);
server.listen(port, '127.0.0.1', () => console.log(`catalog ${release.version} listens on ${port}`));

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
