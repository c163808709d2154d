import { z } from 'zod';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import { liftVeto, liftVetoInput } from '@/server/services/artifacts/lift-veto';
import { listArtifacts, listArtifactsInput } from '@/server/services/artifacts/list';
import { publishArtifact, publishArtifactInput } from '@/server/services/artifacts/publish';
import { uploadArtifact, uploadArtifactInput } from '@/server/services/artifacts/upload';
import { vetoArtifact, vetoArtifactInput } from '@/server/services/artifacts/veto';

const artifact = z.object({ name: z.string(), version: z.string() });

/** Artifacts. */
export const artifactRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/artifacts',
    summary: 'Artifacts, newest first, with where they run and who forbids them',
    permission: 'read',
    query: listArtifactsInput,
    output: z.object({ items: z.array(answers.artifactSchema) }),
    handle: async (ctx, { query }) => ({ items: await listArtifacts(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/artifacts',
    summary: 'Register an artifact that is kept elsewhere, by its digest',
    permission: 'artifact.publish',
    body: publishArtifactInput,
    output: answers.publishedSchema,
    status: 201,
    handle: (ctx, { body }) => publishArtifact(ctx, body),
  }),
  {
    ...route({
      method: 'PUT',
      path: '/artifacts/{name}/{version}',
      summary: 'Upload an artifact as a .tgz file; what the address adds after "?" is kept as its metadata',
      permission: 'artifact.publish',
      params: uploadArtifactInput.pick({ name: true, version: true }),
      query: z.record(z.string(), z.string()),
      body: uploadArtifactInput.shape.content,
      output: answers.publishedSchema,
      status: 201,
      handle: (ctx, { params, query, body }) =>
        uploadArtifact(ctx, { ...params, metadata: query, content: body }),
    }),
    body: 'bytes',
  },
  route({
    method: 'POST',
    path: '/artifacts/{name}/{version}/veto',
    summary: 'Forbid deploying an artifact anywhere',
    permission: 'artifact.veto',
    params: artifact,
    body: vetoArtifactInput.pick({ reason: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) => vetoArtifact(ctx, { ...params, ...body }),
  }),
  route({
    method: 'DELETE',
    path: '/artifacts/{name}/{version}/veto',
    summary: 'Allow deploying an artifact again',
    permission: 'artifact.veto',
    params: artifact,
    body: liftVetoInput.pick({ reason: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) => liftVeto(ctx, { ...params, ...body }),
  }),
];
