// Command hpa-replay decides for HorizontalPodAutoscalers as kube-controller-manager does, with a clock of its own.
//
// It reads JSON lines, each a case (replay.go says what is in one), and answers each with a line of what was decided at every step.
// The code that decides is Kubernetes' own package, built with replay.go added and `time.Now()` replaced (build.sh).
package main

import (
	"fmt"
	"os"

	"armature/tools/kubernetes/hpa-replay/podautoscaler"
)

func main() {
	if err := podautoscaler.Replay(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
