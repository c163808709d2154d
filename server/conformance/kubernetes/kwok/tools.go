//go:build tools

// Package tools names what is built, so that go.sum covers it.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
