/** Whether a name resolves inside its Kubernetes cluster only, where no browser of ours is. */
export function isInsideOnly(url: string): boolean {
  return /^https?:\/\/[^/:]+\.svc(?:\.cluster\.local)?(?=[:/]|$)/.test(url);
}
