#!/bin/sh
# Prints a kubeconfig for the account that access/ makes, of the cluster that kubectl is connected to. Its token
# ends after the time given, or sooner where the cluster allows less: print another one before, into the same file.
#   kubeconfig.sh [8760h] > prod.kubeconfig
set -eu
cluster='jsonpath={.clusters[0].cluster'
server=$(kubectl config view --minify -o "$cluster.server}")
authority=$(kubectl config view --minify --raw --flatten -o "$cluster.certificate-authority-data}")
token=$(kubectl --namespace signalbox create token signalbox --duration "${1:-8760h}")
cat <<END
apiVersion: v1
kind: Config
current-context: signalbox
contexts:
  - name: signalbox
    context: {cluster: cluster, user: signalbox}
clusters:
  - name: cluster
    cluster: {server: "$server"${authority:+, certificate-authority-data: $authority}}
users:
  - name: signalbox
    user: {token: $token}
END
