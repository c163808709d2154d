import { z } from 'zod';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const namespaceSchema = z.string().regex(DNS_LABEL, 'is not the name of a namespace');

/** The port that instances serve on, where nobody says another. */
const DEFAULT_PORT = 8080;

/**
 * A cluster and what of it is used. No credential stands here, because accounts are stored and served: the
 * kubeconfig, or the service account of the pod that Signalbox runs in, holds them.
 */
export const kubernetesConfigSchema = z
  .strictObject({
    /** Path of the file; what `KUBECONFIG` names, else `~/.kube/config`, when absent. */
    kubeconfig: z.string().min(1).optional(),
    /** Of the kubeconfig; its current one when absent. */
    context: z.string().min(1).optional(),
    /** Signalbox runs in the cluster and uses its own service account. */
    inCluster: z.literal(true).optional(),
    /** The account's regions: each is one namespace. */
    namespaces: z.array(namespaceSchema).min(1, 'name at least one namespace'),
    /** How the name of an artifact becomes an image; the name itself is the repository when absent. */
    images: z
      .string()
      .regex(/^[^\s@]*\{name\}[^\s@:]*$/, 'needs {name}, as in registry.example/{name}')
      .optional(),
    /** What instances listen on. */
    port: z.number().int().min(1).max(65_535).default(DEFAULT_PORT),
    /** The Gateway that load balancers are attached to; without one, requests are shared by instance count. */
    gateway: z
      .strictObject({
        name: z.string().min(1),
        namespace: namespaceSchema.optional(),
        /** Host name of each load balancer, such as `{loadBalancer}.example.com`. */
        hostnames: z
          .string()
          .includes('{loadBalancer}', { message: 'needs {loadBalancer}, as in {loadBalancer}.example.com' })
          .optional(),
      })
      .optional(),
  })
  .superRefine(({ inCluster, context, kubeconfig }, check) => {
    if (inCluster && (context ?? kubeconfig) !== undefined)
      check.addIssue({
        code: 'custom',
        message: 'inCluster needs neither context nor kubeconfig',
        path: ['inCluster'],
      });
  });
export type KubernetesConfig = z.infer<typeof kubernetesConfigSchema>;
