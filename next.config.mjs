/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run types` checks the whole tree, tests included; the build would check a part of it again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pino', 'pg'],
};

export default config;
