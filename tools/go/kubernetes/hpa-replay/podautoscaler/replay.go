// This file stands among those of Kubernetes' package podautoscaler when hpa-replay is built (build.sh): it calls the controller's own
// reconcileAutoscaler, with stand-ins for what that reads and writes through the API.
package podautoscaler

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	autoscalingclient "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	corelisters "k8s.io/client-go/listers/core/v1"
	scaleclient "k8s.io/client-go/scale"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	defaults "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/monitor"
	"k8s.io/kubernetes/pkg/controller/util/selectors"
	"k8s.io/kubernetes/pkg/features"
)

// replayClock stands where the controller says time.Now.
func replayClock() time.Time { return replayNow }

var replayNow time.Time

type replayCase struct {
	Spec autoscalingv2.HorizontalPodAutoscalerSpec
	// Nil: the defaults of 1.34.
	Options *replayOptions
	Steps   []replayStep
	// Replicas at the first step; later ones go on from what was decided, unless they say otherwise.
	Replicas int32
}

// replayOptions are the controller's flags, and a feature gate.
type replayOptions struct {
	Tolerance                float64
	CpuInitializationMs      int64
	InitialReadinessDelayMs  int64
	DownscaleStabilizationMs int64
	ConfigurableTolerance    bool
}

var defaultOptions = replayOptions{Tolerance: 0.1, CpuInitializationMs: 300_000, InitialReadinessDelayMs: 30_000, DownscaleStabilizationMs: 300_000}

type replayStep struct {
	AtMs int64
	// Nil: nobody has changed it.
	Spec *autoscalingv2.HorizontalPodAutoscalerSpec
	// Nil: as the step before decided.
	SpecReplicas   *int32
	StatusReplicas int32
	Pods           []replayPod
	// One for each metric; nil: the metrics API gives an error.
	Readings []*replayReading
}

type replayPod struct {
	Name           string
	Phase          v1.PodPhase
	IsBeingDeleted bool
	StartedAtMs    *int64
	Ready          *struct {
		IsTrue  bool
		SinceMs int64
	}
	RequestsMilli map[string]int64
	// By name; nil: one, which requests all.
	Containers map[string]map[string]int64
}

type replayReading struct {
	ByPod map[string]struct {
		ValueMilli int64
		TakenAtMs  int64
		WindowMs   int64
	}
	ValuesMilli []int64
}

type replayDecision struct {
	Replicas   int32                     `json:"replicas"`
	Conditions map[string]map[string]any `json:"conditions"`
}

const replayKey = "replay/replay"

// Replay answers each case with its decisions.
func Replay(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<28)
	encoder := json.NewEncoder(out)
	for lines.Scan() {
		var one replayCase
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		if err := encoder.Encode(one.decide()); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (c replayCase) decide() []replayDecision {
	world := &replayWorld{indexer: cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})}
	pods := corelisters.NewPodLister(world.indexer)
	options := c.Options
	if options == nil {
		options = &defaultOptions
	}
	gate := map[string]bool{string(features.HPAConfigurableTolerance): options.ConfigurableTolerance}
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(gate); err != nil {
		panic(err)
	}
	controller := &HorizontalController{
		scaleNamespacer: world, hpaNamespacer: world, mapper: world, tolerance: options.Tolerance,
		eventRecorder:                &record.FakeRecorder{},
		downscaleStabilisationWindow: milliseconds(options.DownscaleStabilizationMs),
		monitor:                      monitor.New(),
		podLister:                    pods,
		recommendations:              map[string][]timestampedRecommendation{},
		scaleUpEvents:                map[string][]timestampedScaleEvent{},
		scaleDownEvents:              map[string][]timestampedScaleEvent{},
		hpaSelectors:                 selectors.NewBiMultimap(),
		replicaCalc:                  NewReplicaCalculator(world, pods, milliseconds(options.CpuInitializationMs), milliseconds(options.InitialReadinessDelayMs)),
	}
	world.hpa = &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Namespace: "replay", Name: "replay"}, Spec: c.Spec}
	defaults.SetDefaults_HorizontalPodAutoscaler(world.hpa)
	world.scale.Spec.Replicas = c.Replicas
	world.scale.Status.Selector = "app=replay"
	var decisions []replayDecision
	for _, step := range c.Steps {
		world.enter(step)
		// Its error says again what the conditions say.
		_ = controller.reconcileAutoscaler(context.Background(), world.hpa, replayKey)
		decision := replayDecision{Replicas: world.scale.Spec.Replicas, Conditions: map[string]map[string]any{}}
		for _, one := range world.hpa.Status.Conditions {
			decision.Conditions[string(one.Type)] = map[string]any{"isTrue": one.Status == v1.ConditionTrue, "reason": one.Reason}
		}
		decisions = append(decisions, decision)
	}
	return decisions
}

// replayWorld is what the controller sees of a cluster with one autoscaler.
type replayWorld struct {
	apimeta.RESTMapper
	indexer cache.Indexer
	hpa     *autoscalingv2.HorizontalPodAutoscaler
	scale   autoscalingv1.Scale
	step    replayStep
}

func at(ms int64) time.Time { return time.UnixMilli(ms) }

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

func (w *replayWorld) enter(step replayStep) {
	w.step, replayNow = step, at(step.AtMs)
	if step.Spec != nil {
		w.hpa.Spec = *step.Spec
		defaults.SetDefaults_HorizontalPodAutoscaler(w.hpa)
	}
	if step.SpecReplicas != nil {
		w.scale.Spec.Replicas = *step.SpecReplicas
	}
	w.scale.Status.Replicas = step.StatusReplicas
	var pods []interface{}
	for _, one := range step.Pods {
		pods = append(pods, one.pod())
	}
	if err := w.indexer.Replace(pods, ""); err != nil {
		panic(err)
	}
}

func (p replayPod) pod() *v1.Pod {
	pod := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "replay", Name: p.Name, Labels: map[string]string{"app": "replay"}}}
	pod.Status.Phase = p.Phase
	if p.IsBeingDeleted {
		pod.DeletionTimestamp = &metav1.Time{Time: replayNow}
	}
	if p.StartedAtMs != nil {
		pod.Status.StartTime = &metav1.Time{Time: at(*p.StartedAtMs)}
	}
	if p.Ready != nil {
		condition := v1.PodCondition{Type: v1.PodReady, Status: v1.ConditionFalse, LastTransitionTime: metav1.Time{Time: at(p.Ready.SinceMs)}}
		if p.Ready.IsTrue {
			condition.Status = v1.ConditionTrue
		}
		pod.Status.Conditions = []v1.PodCondition{condition}
	}
	containers := p.Containers
	if containers == nil {
		containers = map[string]map[string]int64{"app": p.RequestsMilli}
	}
	for name, requests := range containers {
		pod.Spec.Containers = append(pod.Spec.Containers, container(name, requests))
	}
	return pod
}

func container(name string, requestsMilli map[string]int64) v1.Container {
	requests := v1.ResourceList{}
	for resourceName, milli := range requestsMilli {
		requests[v1.ResourceName(resourceName)] = *resource.NewMilliQuantity(milli, resource.DecimalSI)
	}
	return v1.Container{Name: name, Resources: v1.ResourceRequirements{Requests: requests}}
}

var errReplay = errors.New("no answer")

func (w *replayWorld) reading(is func(autoscalingv2.MetricSpec) bool) (*replayReading, error) {
	for i, metric := range w.hpa.Spec.Metrics {
		if is(metric) && w.step.Readings[i] != nil {
			return w.step.Readings[i], nil
		}
	}
	return nil, errReplay
}

func (w *replayWorld) byPod(is func(autoscalingv2.MetricSpec) bool) (metricsclient.PodMetricsInfo, time.Time, error) {
	reading, err := w.reading(is)
	if err != nil {
		return nil, time.Time{}, err
	}
	metrics := metricsclient.PodMetricsInfo{}
	for name, one := range reading.ByPod {
		metrics[name] = metricsclient.PodMetric{Timestamp: at(one.TakenAtMs), Window: milliseconds(one.WindowMs), Value: one.ValueMilli}
	}
	return metrics, replayNow, nil
}

func (w *replayWorld) GetResourceMetric(_ context.Context, name v1.ResourceName, _ string, _ labels.Selector, container string) (metricsclient.PodMetricsInfo, time.Time, error) {
	return w.byPod(func(m autoscalingv2.MetricSpec) bool {
		if container == "" {
			return m.Resource != nil && m.Resource.Name == name
		}
		return m.ContainerResource != nil && m.ContainerResource.Name == name && m.ContainerResource.Container == container
	})
}

func (w *replayWorld) GetRawMetric(name string, _ string, _, _ labels.Selector) (metricsclient.PodMetricsInfo, time.Time, error) {
	return w.byPod(func(m autoscalingv2.MetricSpec) bool { return m.Pods != nil && m.Pods.Metric.Name == name })
}

func (w *replayWorld) GetObjectMetric(name string, _ string, _ *autoscalingv2.CrossVersionObjectReference, _ labels.Selector) (int64, time.Time, error) {
	reading, err := w.reading(func(m autoscalingv2.MetricSpec) bool { return m.Object != nil && m.Object.Metric.Name == name })
	if err != nil {
		return 0, time.Time{}, err
	}
	return reading.ValuesMilli[0], replayNow, nil
}

func (w *replayWorld) GetExternalMetric(name string, _ string, _ labels.Selector) ([]int64, time.Time, error) {
	reading, err := w.reading(func(m autoscalingv2.MetricSpec) bool { return m.External != nil && m.External.Metric.Name == name })
	if err != nil {
		return nil, time.Time{}, err
	}
	return reading.ValuesMilli, replayNow, nil
}

type replayScales struct {
	scaleclient.ScaleInterface
	world *replayWorld
}

func (w *replayWorld) Scales(string) scaleclient.ScaleInterface { return replayScales{world: w} }

func (s replayScales) Get(context.Context, schema.GroupResource, string, metav1.GetOptions) (*autoscalingv1.Scale, error) {
	return s.world.scale.DeepCopy(), nil
}

func (s replayScales) Update(_ context.Context, _ schema.GroupResource, scale *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	s.world.scale.Spec.Replicas = scale.Spec.Replicas
	return scale, nil
}

type replayHpas struct {
	autoscalingclient.HorizontalPodAutoscalerInterface
	world *replayWorld
}

func (w *replayWorld) HorizontalPodAutoscalers(string) autoscalingclient.HorizontalPodAutoscalerInterface {
	return replayHpas{world: w}
}

func (h replayHpas) UpdateStatus(_ context.Context, hpa *autoscalingv2.HorizontalPodAutoscaler, _ metav1.UpdateOptions) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	h.world.hpa.Status = hpa.Status
	return hpa, nil
}

func (w *replayWorld) RESTMappings(schema.GroupKind, ...string) ([]*apimeta.RESTMapping, error) {
	return []*apimeta.RESTMapping{{Resource: schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}}}, nil
}
