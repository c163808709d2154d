const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => String(text).replace(/[&<>"]/g, (character) => ESCAPES[character]);

/** The shop's front page; its colour shows from afar which version answers. */
export function renderPage({ release, settings, products }) {
  const rows = products
    .map(
      (one) =>
        `<li><span>${escape(one.name)}${one.badge ? ` <em>${escape(one.badge)}</em>` : ''}</span><b>${one.price.toFixed(2)} ${escape(one.currency)}</b></li>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Catalog ${escape(release.version)}</title>
<style>
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #f6f7f9; }
  header { background: ${escape(release.colour)}; color: #fff; padding: 2.5rem 1.5rem; }
  header, main { padding-inline: max(1.5rem, calc(50vw - 22rem)); }
  h1 { margin: 0; font-size: 1.75rem; } p { margin: .25rem 0 0; }
  ul { list-style: none; margin: 1.5rem 0; padding: 0; background: #fff; border-radius: 12px; box-shadow: 0 1px 3px #0002; }
  li { display: flex; justify-content: space-between; padding: .75rem 1.25rem; border-top: 1px solid #eef0f3; }
  li:first-child { border-top: 0; }
  em { margin-left: .5rem; padding: .1rem .5rem; border-radius: 99px; font: 600 .75rem system-ui; color: #fff; background: #c2410c; }
</style>
</head>
<body>
<header><h1>${escape(settings.greeting)}</h1>
<p>catalog ${escape(release.version)} · ${escape(settings.serverGroup)} · ${escape(settings.region)}</p></header>
<main><ul>${rows}</ul></main>
</body>
</html>
`;
}
